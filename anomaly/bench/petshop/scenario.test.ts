import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { issuesOf, scenariosIn } from "./scenario.ts";

const folder = mkdtempSync(join(tmpdir(), "petshop-"));
afterAll(() => rmSync(folder, { recursive: true }));
const write = (path: string, lines: readonly string[]): void => {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${lines.join("\n")}\n`);
};
const HEADER = [
  "microservice,web,web,web,db,new",
  "metric,latency,latency,requests,latency,latency",
  "statistic,Average,p99,Sum,Average,Average",
  "unix_timestamp,,,,,",
];
const QUIET = ["microservice,web,web,web,db", "metric,latency,latency,requests,latency", "statistic,Average,p99,Sum,Average", "unix_timestamp,,,,"];
const target = (agg: string): string =>
  JSON.stringify({ target: { node: "web", metric: "latency", agg, timestamp: 650 }, root_cause: { node: "db", metric: null }, metadata: {} });

it("reads graph, quiet time and issues of a folder, in the order of their numbers", () => {
  write("quiet/graph.csv", [",web,db", "web,0,1", "db,0,0"]);
  write("quiet/noissue/metrics.csv", [...QUIET, "1.0,0.1,0.2,5.0,0.3", "2.0,,0.2,6.0,0.4"]);
  for (const issue of ["train/issue_10", "train/issue_2", "test/issue_0"]) {
    write(`quiet/${issue}/metrics.csv`, [...HEADER, "300.0,1.1,9.9,7.0,,8"]);
    write(`quiet/${issue}/target.json`, [target(issue.startsWith("test") ? "p99" : "Average")]);
  }
  mkdirSync(join(folder, "another"));
  expect(scenariosIn(folder)).toEqual(["quiet"]);
  const issues = issuesOf(join(folder, "quiet"));
  expect(issues.map(({ name, cause }) => [name, cause])).toEqual([
    ["train/issue_2", "db"],
    ["train/issue_10", "db"],
    ["test/issue_0", "db"],
  ]);
  expect(issues[0]?.incident).toEqual({
    times: Float64Array.of(300),
    dependencies: [{ from: "web", to: "db" }],
    symptom: { node: "web", metric: "latency", at: 650 },
    series: [
      { node: "web", metric: "latency", bad: "up", spread: "callers", before: Float64Array.of(0.1, Number.NaN), during: Float64Array.of(1.1) },
      { node: "web", metric: "requests", spread: "callees", before: Float64Array.of(5, 6), during: Float64Array.of(7) },
      { node: "db", metric: "latency", bad: "up", spread: "callers", before: Float64Array.of(0.3, 0.4), during: Float64Array.of(Number.NaN) },
    ],
  });
  expect(issues[2]?.incident.series[0]?.during).toEqual(Float64Array.of(9.9));
});

it("says which file has another header", () => {
  write("other/graph.csv", [",web", "web,0"]);
  write("other/noissue/metrics.csv", ["a,b", "c,d", "e,f", "g,h", "1,2"]);
  expect(() => issuesOf(join(folder, "other"))).toThrow(/metrics\.csv has not the three lines of header/);
});
