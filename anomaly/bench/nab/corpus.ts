/** The Numenta Anomaly Benchmark as its archive holds it: series, labelled windows, profiles, and what others reached. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { InputError } from "../../src/input-error.ts";
import type { Window } from "./worth.ts";

export interface Series {
  /** As the labels name it: "group/file.csv". */
  readonly name: string;
  readonly values: Float64Array;
  /** Milliseconds since 1970, the text read as UTC. */
  readonly times: Float64Array;
  /** The labelled windows, first and last row of each. */
  readonly windows: readonly Window[];
}

/** What a true positive is worth, what a false one costs, what a missed window costs. */
export interface Profile {
  readonly name: string;
  readonly tp: number;
  readonly fp: number;
  readonly fn: number;
}

/** Published scores by detector and profile. */
export type Published = Readonly<Record<string, Readonly<Record<string, number>>>>;
/** Published thresholds, and the sum over all files before normalising. */
export type Thresholds = Readonly<Record<string, Readonly<Record<string, { readonly score: number; readonly threshold: number }>>>>;

/** All series, in order of name. `folder` holds data/, labels/, profiles.json. */
export function readCorpus(folder: string): readonly Series[] {
  const labels = readJson<Record<string, readonly (readonly [string, string])[]>>(join(folder, "labels", "combined_windows.json"));
  return Object.entries(labels)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, windows]) => seriesOf(name, readFileSync(join(folder, "data", name), "utf8"), windows));
}

/** `text`: the lines "timestamp,value" under a header. `windows`: first and last timestamp of each. */
export function seriesOf(name: string, text: string, windows: readonly (readonly [string, string])[]): Series {
  const rows = rowsOf(text);
  const stamps = rows.map(([stamp = ""]) => stamp);
  const rowAt = (time: string): number => {
    const row = stamps.indexOf(time.slice(0, stamps[0]?.length));
    if (row < 0) throw new InputError(`${name}: a window begins or ends at ${time}, but no row has that time`);
    return row;
  };
  return {
    name,
    values: Float64Array.from(rows, ([, value]) => Number(value)),
    times: Float64Array.from(stamps, (stamp) => Date.parse(`${stamp.replace(" ", "T")}Z`)),
    windows: windows.map(([first, last]) => ({ first: rowAt(first), last: rowAt(last) })),
  };
}

export function readProfiles(folder: string): readonly Profile[] {
  type Costs = { readonly CostMatrix: { readonly tpWeight: number; readonly fpWeight: number; readonly fnWeight: number } };
  const profiles = readJson<Record<string, Costs>>(join(folder, "profiles.json"));
  return Object.entries(profiles).map(([name, { CostMatrix }]) => ({ name, tp: CostMatrix.tpWeight, fp: CostMatrix.fpWeight, fn: CostMatrix.fnWeight }));
}

export const readPublished = (folder: string): Published => readJson(join(folder, "final_results.json"));
export const readThresholds = (folder: string): Thresholds => readJson(join(folder, "thresholds.json"));

/** Detectors whose scores of every row are in the archive. */
export const detectorsWithResults = (folder: string): readonly string[] => readdirSync(join(folder, "results")).sort();

/** The scores that `detector` gave, one per row, for the series of that name. */
export function readScores(folder: string, detector: string, series: string): Float64Array {
  const [group = "", file = ""] = series.split("/");
  const text = readFileSync(join(folder, "results", detector, group, `${detector}_${file}`), "utf8");
  return Float64Array.from(rowsOf(text), ([, , score]) => Number(score));
}

/** Published sum of a file's score at the published threshold, by series; the row "Totals" left out. */
export function readScoreByFile(
  folder: string,
  detector: string,
  profile: string,
): { readonly threshold: number; readonly scores: ReadonlyMap<string, number> } {
  const rows = rowsOf(readFileSync(join(folder, "results", detector, `${detector}_${profile}_scores.csv`), "utf8")).filter(([name]) => name === detector);
  return { threshold: Number(rows[0]?.[3]), scores: new Map(rows.map((row) => [row[2] ?? "", Number(row[4])])) };
}

/** Cells of the lines under the header. */
function rowsOf(text: string): readonly (readonly string[])[] {
  return text
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => line.trim().split(","));
}

function readJson<T>(path: string): T {
  return JSON.parse(readFileSync(path, "utf8")) as T;
}
