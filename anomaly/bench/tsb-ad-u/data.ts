/** The series of TSB-AD-U, what was published for them, and the files that parameters were fixed on. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readGroups } from "../cloud-monitoring/groups.ts";
import type { LabelledSeries } from "../scoring/labelled-series.ts";

/** Share of a tuning file that may be learned before anything is scored. */
const TUNING_PREFIX = 0.25;

/** The 14 series of NAB. The name of a file says how long its training prefix is (`_tr_1007_`): that is the protocol, nothing else in it is used. */
export function evaluationSeries(data: string): LabelledSeries[] {
  const folder = join(data, "published", "tsb_nab_14");
  return csvFiles(folder).map((name) => {
    const rows = readRows(join(folder, name));
    return {
      name,
      values: Float64Array.from(rows, ([value]) => Number(value)),
      labels: Uint8Array.from(rows, ([, label]) => Number(label)),
      prefix: Number(/_tr_(\d+)_/.exec(name)?.[1]),
    };
  });
}

/** VUS-PR that TSB-AD published: per method a map from file to value. */
export function publishedScores(data: string): Map<string, Map<string, number>> {
  const [header = [], ...rows] = readFileSync(join(data, "published", "tsb-ad-u_nab_vus-pr.csv"), "utf8")
    .trim()
    .split("\n")
    .map((line) => line.split(","));
  const methods = header.slice(1, header.indexOf("ts_len"));
  return new Map(methods.map((method, index) => [method, new Map(rows.map(([file = "", ...cells]) => [file, Number(cells[index])]))]));
}

/** NAB's artificial files that hold an anomaly; none where the folder is not there. */
export function artificialSeries(data: string): LabelledSeries[] {
  const folder = join(data, "nab", "data", "artificialWithAnomaly");
  if (!existsSync(folder)) return [];
  const windows = JSON.parse(readFileSync(join(data, "nab", "labels", "combined_windows.json"), "utf8")) as Record<string, [string, string][]>;
  return csvFiles(folder).map((name) => {
    const rows = readRows(join(folder, name));
    const anomalies = windows[`artificialWithAnomaly/${name}`] ?? [];
    // Both are ISO dates of one form, which sort as text.
    const labelled = (time: string): boolean => anomalies.some(([first, last]) => time >= first.slice(0, 19) && time <= last.slice(0, 19));
    return tuningSeries({
      name,
      values: Float64Array.from(rows, ([, value]) => (value === "" ? Number.NaN : Number(value))),
      labels: Uint8Array.from(rows, ([time = ""]) => (labelled(time) ? 1 : 0)),
    });
  });
}

/** The groups of the cloud-monitoring set, each with its files that hold an anomaly. */
export function cloudGroups(data: string): Map<string, LabelledSeries[]> {
  const root = join(data, "cloud-monitoring");
  if (!existsSync(root)) return new Map();
  return new Map(readGroups(root).map(({ name, series }) => [name, series.filter(({ labels }) => labels.includes(1)).map(tuningSeries)]));
}

function tuningSeries({ name, values, labels }: Pick<LabelledSeries, "name" | "values" | "labels">): LabelledSeries {
  return { name, values, labels, prefix: Math.floor(values.length * TUNING_PREFIX) };
}

function csvFiles(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".csv"))
    .sort();
}

function readRows(file: string): string[][] {
  return readFileSync(file, "utf8")
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => line.trim().split(","));
}
