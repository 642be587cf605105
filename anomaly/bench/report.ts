/** What a benchmark found, as Markdown and as pictures. */

/** One row: a name, then one cell per further column. A number is printed with the table's digits, undefined as a dash. */
export interface Row {
  readonly name: string;
  readonly cells: readonly (number | string | undefined)[];
  /** Ours is drawn in full, others pale. */
  readonly ours?: boolean;
}

export interface Table {
  readonly title: string;
  /** Sentences printed under the title: what was run, on what, by which rules; "tuned on" where it was. */
  readonly notes?: readonly string[];
  /** Names of the cells, the first names the rows. */
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
  /** Digits after the point; 3 unless told. */
  readonly digits?: number;
  /** The column that is drawn as bars; none where left out. */
  readonly draw?: string;
}

export function markdownOf({ title, notes = [], columns, rows, digits = 3 }: Table): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const text = (cell: number | string | undefined): string => (typeof cell === "number" ? cell.toFixed(digits) : (cell ?? "-"));
  // A row may leave its last cells out.
  const padded = (cells: Row["cells"]): Row["cells"] => columns.slice(1).map((_, index) => cells[index]);
  const body = rows.map(({ name, cells, ours = false }) => line([ours ? `**${name}**` : name, ...padded(cells).map(text)]));
  const rule = line(columns.map((_, index) => (index === 0 ? "---" : "---:")));
  return [`### ${title}`, "", ...notes.flatMap((note) => [note, ""]), line(columns), rule, ...body, ""].join("\n");
}

const WIDTH = 760;
const NAME_WIDTH = 250;
const BAR_HEIGHT = 22;

/** The drawn column as bars, best first as the rows stand; undefined where the table draws none. */
export function pictureOf({ title, columns, rows, digits = 3, draw }: Table): string | undefined {
  const column = columns.indexOf(draw ?? "") - 1;
  if (column < 0) return undefined;
  const bars = rows.flatMap((row) => {
    const value = row.cells[column];
    return typeof value === "number" ? [{ row, value }] : [];
  });
  const most = Math.max(...bars.map(({ value }) => value), 0) || 1;
  const drawn = bars.map(({ row, value }, index) => {
    const top = 44 + index * BAR_HEIGHT;
    const length = (Math.max(value, 0) / most) * (WIDTH - NAME_WIDTH - 80);
    const colour = row.ours ? "#0066cc" : "#b8bbbe";
    return [
      `<text x="${NAME_WIDTH - 8}" y="${top + 14}" text-anchor="end"${row.ours ? ' font-weight="bold"' : ""}>${escaped(row.name)}</text>`,
      `<rect x="${NAME_WIDTH}" y="${top + 2}" width="${length.toFixed(1)}" height="${BAR_HEIGHT - 6}" fill="${colour}"/>`,
      `<text x="${(NAME_WIDTH + length + 6).toFixed(1)}" y="${top + 14}">${value.toFixed(digits)}</text>`,
    ].join("");
  });
  const height = 56 + bars.length * BAR_HEIGHT;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="12" fill="#151515">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${WIDTH}" height="${height}" fill="#ffffff"/>`,
    `<text x="12" y="22" font-size="14" font-weight="bold">${escaped(`${title}: ${draw}`)}</text>`,
    ...drawn,
    "</svg>",
    "",
  ].join("\n");
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
