/** The series that forecasts are measured on: each file of a folder as evenly spaced samples, with its day where it has one. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export interface NamedSeries {
  readonly name: string;
  readonly values: Float64Array;
  /** Samples of one day; 1 where the spacing does not divide it into 2 to 288. */
  readonly day: number;
}

const DAY_MS = 86_400_000;

/** Every CSV file of a folder: time stamp, value, and whatever follows. */
export function seriesIn(folder: string): NamedSeries[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(".csv"))
    .sort()
    .map((file) => seriesOf(file.replace(/\.csv$/, ""), readFileSync(join(folder, file), "utf8")));
}

export function seriesOf(name: string, text: string): NamedSeries {
  const rows = text
    .trim()
    .split(/\r?\n/)
    .slice(1)
    .map((line) => line.replaceAll('"', "").split(","));
  const times = rows.map(([stamp = ""]) => Date.parse(stamp.includes("T") ? stamp : `${stamp.replace(" ", "T")}Z`));
  const spans = times
    .slice(1)
    .map((time, index) => time - (times[index] as number))
    .sort((one, other) => one - other);
  const day = DAY_MS / (spans[spans.length >> 1] ?? DAY_MS);
  return { name, values: Float64Array.from(rows, ([, value]) => Number(value)), day: Number.isInteger(day) && day >= 2 && day <= 288 ? day : 1 };
}
