/** A scenario folder of the PetShop data set: `graph.csv`, `noissue/metrics.csv`, `{train,test}/*\/{metrics.csv,target.json}`. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Dependency, type Incident, InputError, type MetricSeries } from "../../src/index.ts";

export interface Issue {
  /** As "train/issue_0". */
  readonly name: string;
  readonly split: string;
  readonly incident: Incident;
  readonly cause: string;
}

interface Column {
  readonly node: string;
  readonly metric: string;
  readonly statistic: string;
  readonly values: Float64Array;
}

/** What the three kinds of metrics of any request mean: how long, whether well, how many. */
const MEANING: Record<string, Pick<MetricSeries, "spread" | "bad">> = {
  latency: { spread: "callers", bad: "up" },
  availability: { spread: "callers", bad: "down" },
  requests: { spread: "callees" },
};

export function scenariosIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(folder, entry.name, "graph.csv")))
    .map(({ name }) => name)
    .sort();
}

/** The issues of a scenario, in the order of their names, each with the metrics of the quiet time before. */
export function issuesOf(folder: string): Issue[] {
  const dependencies = graphOf(join(folder, "graph.csv"));
  const quiet = metricsOf(join(folder, "noissue", "metrics.csv"));
  const normal = new Map(quiet.columns.map((column) => [nameOf(column), column.values]));
  const splits = ["train", "test"].filter((split) => existsSync(join(folder, split)));
  return splits.flatMap((split) =>
    readdirSync(join(folder, split))
      .filter((name) => !name.startsWith("."))
      .sort((a, b) => a.localeCompare(b, "en", { numeric: true }))
      .map((name) => issueOf(join(folder, split), name, split, dependencies, normal)),
  );
}

function issueOf(folder: string, name: string, split: string, dependencies: readonly Dependency[], normal: ReadonlyMap<string, Float64Array>): Issue {
  const { times, columns } = metricsOf(join(folder, name, "metrics.csv"));
  const { target, root_cause: cause } = JSON.parse(readFileSync(join(folder, name, "target.json"), "utf8"));
  // Of the symptom's metric the statistic in which it was noticed; of all others the first, which is the average or the sum.
  const chosen = new Map<string, Column>();
  for (const column of columns) {
    const key = JSON.stringify([column.node, column.metric]);
    const isWanted = column.metric === target.metric ? column.statistic === target.agg : !chosen.has(key);
    if (isWanted) chosen.set(key, column);
  }
  const series = [...chosen.values()].flatMap((column) => {
    const before = normal.get(nameOf(column));
    return before === undefined ? [] : [{ node: column.node, metric: column.metric, before, during: column.values, ...MEANING[column.metric] }];
  });
  const symptom = { node: target.node, metric: target.metric, at: target.timestamp };
  return { name: `${split}/${name}`, split, incident: { times, series, symptom, dependencies }, cause: cause.node };
}

function nameOf({ node, metric, statistic }: Column): string {
  return JSON.stringify([node, metric, statistic]);
}

/** Three lines of header (node, metric, statistic), one that names the index, then a line for each time. */
function metricsOf(file: string): { readonly times: Float64Array; readonly columns: readonly Column[] } {
  const [nodes = [], metrics = [], statistics = [], , ...lines] = linesOf(file);
  if (metrics[0] !== "metric" || statistics[0] !== "statistic") throw new InputError(`${file} has not the three lines of header that metrics of PetShop have`);
  const columns = nodes.slice(1).map((node, index) => ({
    node,
    metric: metrics[index + 1] as string,
    statistic: statistics[index + 1] as string,
    values: Float64Array.from(lines, (line) => numberOf(line[index + 1])),
  }));
  return { times: Float64Array.from(lines, (line) => numberOf(line[0])), columns };
}

/** An adjacency matrix: the node of the line calls the node of the column. */
function graphOf(file: string): Dependency[] {
  const [[, ...callees] = [], ...lines] = linesOf(file);
  return lines.flatMap(([from = "", ...cells]) => callees.flatMap((to, index) => (numberOf(cells[index]) > 0 ? [{ from, to }] : [])));
}

function linesOf(file: string): string[][] {
  const text = readFileSync(file, "utf8");
  if (text.includes('"')) throw new InputError(`${file} has quoted cells: plain ones, parted by commas, are right`);
  return text
    .split(/\r?\n/)
    .filter((line) => line !== "")
    .map((line) => line.split(","));
}

function numberOf(cell: string | undefined): number {
  return cell === undefined || cell === "" ? Number.NaN : Number(cell);
}
