/** A picture of series over time: panels one below the other, on one axis of samples. */

export interface Line {
  readonly label: string;
  /** One value per sample; NaN leaves a gap. */
  readonly values: ArrayLike<number>;
  readonly colour?: keyof typeof COLOURS;
  readonly dashed?: boolean;
}

export interface Panel {
  readonly title: string;
  readonly lines: readonly Line[];
  /** Filled between two series: an interval of a forecast. */
  readonly band?: { readonly label: string; readonly lower: ArrayLike<number>; readonly upper: ArrayLike<number> };
  /** A level across the panel: a threshold, a limit. */
  readonly level?: { readonly label: string; readonly value: number };
  /** Samples at which something was reported: drawn as marks on the lower edge. */
  readonly alarms?: readonly number[];
  /** Bars in place of lines: a ranking, contributions. */
  readonly bars?: readonly { readonly name: string; readonly value: number }[];
}

export interface Scene {
  /** Of the file, in kebab-case. */
  readonly name: string;
  readonly title: string;
  /** What really was wrong, as pairs of first and last sample: shaded in every panel. */
  readonly truth?: readonly (readonly [number, number])[];
  readonly panels: readonly Panel[];
  /** What one sample is: "5 min", "1 h". */
  readonly sample?: string;
}

const COLOURS = { blue: "#0066cc", orange: "#ca6c0f", green: "#3d7317", purple: "#5e40be", grey: "#8a8d90" } as const;
const ORDER = ["blue", "orange", "green", "purple", "grey"] as const;
const WIDTH = 860;
const LEFT = 64;
const RIGHT = 150;
const PANEL = 150;
const HEAD = 40;
const GAP = 34;
const BAR = 20;
/** Points drawn per line at most: of more, the least and the greatest of each pixel. */
const MOST_POINTS = 1400;

export function chartOf({ title, truth = [], panels, sample }: Scene): string {
  const count = Math.max(2, ...panels.flatMap(({ lines, band }) => [...lines.map(({ values }) => values.length), band?.upper.length ?? 0]));
  const x = (index: number): number => LEFT + (index / (count - 1)) * (WIDTH - LEFT - RIGHT);
  let top = HEAD;
  const drawn: string[] = [];
  for (const panel of panels) {
    const height = panel.bars === undefined ? PANEL : panel.bars.length * BAR + 8;
    drawn.push(text(LEFT, top + 14, panel.title, "font-weight='bold'"));
    const area = { top: top + 20, height };
    drawn.push(...(panel.bars === undefined ? timePanel(panel, area, x, truth) : barPanel(panel.bars, area)));
    top += 20 + height + GAP;
  }
  const unit = sample === undefined ? "" : text(WIDTH - RIGHT, top - 12, `one sample = ${sample}`, "text-anchor='end' fill='#6a6e73'");
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${top}" viewBox="0 0 ${WIDTH} ${top}" font-family="sans-serif" font-size="12" fill="#151515">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${WIDTH}" height="${top}" fill="#ffffff"/>`,
    text(LEFT, 22, title, "font-size='15' font-weight='bold'"),
    ...drawn,
    unit,
    "</svg>",
    "",
  ].join("\n");
}

interface Area {
  readonly top: number;
  readonly height: number;
}

function timePanel(
  { lines, band, level, alarms = [] }: Panel,
  { top, height }: Area,
  x: (index: number) => number,
  truth: NonNullable<Scene["truth"]>,
): string[] {
  const all = [...lines.map(({ values }) => values), ...(band === undefined ? [] : [band.lower, band.upper]), level === undefined ? [] : [level.value]];
  const [least, most] = rangeOf(all);
  const y = (value: number): number => top + height - ((value - least) / (most - least)) * height;
  const parts = truth.map(([from, to]) => {
    const width = Math.max(x(to) - x(from), 2);
    return `<rect x="${round(x(from))}" y="${top}" width="${round(width)}" height="${height}" fill="#f9e0a2"/>`;
  });
  parts.push(`<rect x="${LEFT}" y="${top}" width="${WIDTH - LEFT - RIGHT}" height="${height}" fill="none" stroke="#d2d2d2"/>`);
  for (const value of [least, (least + most) / 2, most]) parts.push(text(LEFT - 6, y(value) + 4, short(value), "text-anchor='end' fill='#6a6e73'"));
  if (band !== undefined) parts.push(bandOf(band.lower, band.upper, x, y));
  const labels: string[] = [];
  lines.forEach(({ values, colour, dashed = false }, index) => {
    const stroke = COLOURS[colour ?? ORDER[index % ORDER.length] ?? "blue"];
    parts.push(`<path d="${pathOf(values, x, y)}" fill="none" stroke="${stroke}" stroke-width="1.2"${dashed ? ' stroke-dasharray="5 3"' : ""}/>`);
    labels.push(`<tspan fill="${stroke}">${escaped(lines[index]?.label ?? "")}</tspan>`);
  });
  if (band !== undefined) labels.push(`<tspan fill="#73bcf7">${escaped(band.label)}</tspan>`);
  if (level !== undefined) {
    parts.push(
      `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${round(y(level.value))}" y2="${round(y(level.value))}" stroke="#b1380b" stroke-dasharray="6 4"/>`,
    );
    labels.push(`<tspan fill="#b1380b">${escaped(level.label)}</tspan>`);
  }
  for (const at of alarms) parts.push(`<path d="M${round(x(at))} ${top + height - 9} l5 9 h-10 z" fill="#b1380b"/>`);
  if (alarms.length > 0) labels.push("<tspan fill='#b1380b'>&#9650; alarm</tspan>");
  if (truth.length > 0) labels.push("<tspan fill='#b98412'>shaded: truly wrong</tspan>");
  labels.forEach((label, index) => {
    parts.push(`<text x="${WIDTH - RIGHT + 8}" y="${top + 14 + index * 16}" font-size="11">${label}</text>`);
  });
  return parts;
}

function barPanel(bars: NonNullable<Panel["bars"]>, { top }: Area): string[] {
  const most = Math.max(...bars.map(({ value }) => value), 0) || 1;
  return bars.flatMap(({ name, value }, index) => {
    const length = (Math.max(value, 0) / most) * (WIDTH - LEFT - RIGHT - 160);
    const base = top + index * BAR;
    return [
      text(LEFT + 152, base + 14, name, "text-anchor='end'"),
      `<rect x="${LEFT + 160}" y="${base + 3}" width="${round(length)}" height="${BAR - 6}" fill="${COLOURS.blue}"/>`,
      text(LEFT + 166 + length, base + 14, short(value), ""),
    ];
  });
}

function rangeOf(series: readonly ArrayLike<number>[]): readonly [number, number] {
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (const values of series) {
    for (let index = 0; index < values.length; index++) {
      const value = values[index] as number;
      if (value < least) least = value;
      if (value > most) most = value;
    }
  }
  if (least > most) return [0, 1];
  return least === most ? [least - 1, most + 1] : [least, most];
}

function pathOf(values: ArrayLike<number>, x: (index: number) => number, y: (value: number) => number): string {
  const step = Math.max(1, Math.ceil((2 * values.length) / MOST_POINTS));
  const parts: string[] = [];
  let pen = "M";
  const put = (index: number): void => {
    const value = values[index] as number;
    if (!Number.isFinite(value)) {
      pen = "M";
      return;
    }
    parts.push(`${pen}${round(x(index))} ${round(y(value))}`);
    pen = "L";
  };
  for (let start = 0; start < values.length; start += step) {
    const end = Math.min(start + step, values.length);
    let [least, most] = [start, start];
    for (let index = start; index < end; index++) {
      if ((values[index] as number) < (values[least] as number)) least = index;
      if ((values[index] as number) > (values[most] as number)) most = index;
    }
    put(Math.min(least, most));
    if (least !== most) put(Math.max(least, most));
  }
  return parts.join("");
}

function bandOf(lower: ArrayLike<number>, upper: ArrayLike<number>, x: (index: number) => number, y: (value: number) => number): string {
  const points: string[] = [];
  for (let index = 0; index < upper.length; index++) if (Number.isFinite(upper[index])) points.push(`${round(x(index))} ${round(y(upper[index] as number))}`);
  for (let index = lower.length - 1; index >= 0; index--)
    if (Number.isFinite(lower[index])) points.push(`${round(x(index))} ${round(y(lower[index] as number))}`);
  return points.length === 0 ? "" : `<path d="M${points.join("L")}z" fill="#bee1f4"/>`;
}

function text(x: number, y: number, content: string, attributes: string): string {
  return `<text x="${round(x)}" y="${round(y)}" ${attributes}>${escaped(content)}</text>`;
}

function short(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e6 || (size > 0 && size < 1e-3)) return value.toExponential(1);
  return size >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)));
}

/** A tenth of a pixel: what machines may differ in is not drawn. */
function round(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function escaped(content: string): string {
  return content.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
