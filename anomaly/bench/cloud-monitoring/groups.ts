/** Microsoft's cloud-monitoring data: series of hours with labelled hours, in groups. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export interface LabelledSeries {
  readonly name: string;
  readonly values: Float64Array;
  readonly times: Float64Array;
  /** 1 for each labelled row. */
  readonly labels: Uint8Array;
  /** Labelled stretches, first and last row of each. */
  readonly stretches: readonly { readonly first: number; readonly last: number }[];
}

export interface Group {
  readonly name: string;
  readonly series: readonly LabelledSeries[];
}

export function readGroups(folder: string): readonly Group[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => ({ name, series: readGroup(join(folder, name)) }))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}

function readGroup(folder: string): readonly LabelledSeries[] {
  const files = readdirSync(folder).filter((file) => file.endsWith(".csv"));
  return files.sort().map((file) => labelledSeriesOf(file, readFileSync(join(folder, file), "utf8")));
}

/** `text`: the lines "TimeStamp,Value,Label" under a header; an empty value is missing. */
export function labelledSeriesOf(name: string, text: string): LabelledSeries {
  const rows = text
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => line.trim().replaceAll('"', "").split(","));
  const labels = rows.map(([, , label]) => Number(label) === 1);
  const stretches = labels.flatMap((label, first) => {
    if (!label || labels[first - 1]) return [];
    const end = labels.indexOf(false, first);
    return [{ first, last: (end < 0 ? labels.length : end) - 1 }];
  });
  return {
    name,
    values: Float64Array.from(rows, ([, value]) => (value ? Number(value) : Number.NaN)),
    times: Float64Array.from(rows, ([stamp = ""]) => Date.parse(stamp.endsWith("Z") ? stamp : `${stamp.replace(" ", "T")}Z`)),
    labels: Uint8Array.from(labels, Number),
    stretches,
  };
}
