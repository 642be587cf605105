import { expect, it } from "vitest";
import type { Incident, MetricSeries } from "../../src/index.ts";
import { nSigma, traversal } from "./baselines.ts";

const series = (node: string, third: number, metric = "latency"): MetricSeries => ({
  node,
  metric,
  before: Float64Array.of(9, 10, 11, 9, 10, 11, 9, 10, 11, 10, Number.NaN),
  during: Float64Array.of(10, 10, third, 10),
});
const incident = (all: readonly MetricSeries[], edges: readonly (readonly [string, string])[] = []): Incident => ({
  times: Float64Array.of(0, 1, 2, 3),
  series: all,
  dependencies: edges.map(([from, to]) => ({ from, to })),
  symptom: { node: "web", metric: "latency" },
});
const order = (ranking: readonly { node: string; score: number }[]): string[] => ranking.toSorted((a, b) => b.score - a.score).map(({ node }) => node);

it("NSigma ranks by the largest deviation of the symptom's metric", () => {
  expect(order(nSigma(incident([series("web", 12), series("db", 90), series("disk", 900, "requests")])))).toEqual(["db", "web"]);
  expect(nSigma(incident([series("web", 12)]))[0]?.score).toBeCloseTo(2 / Math.sqrt(6 / 10), 9);
  expect(nSigma(incident([{ ...series("web", 12), during: Float64Array.of(50, 10, 12, 10) }]), "third")[0]?.score).toBeCloseTo(2 / Math.sqrt(6 / 10), 9);
});

it("traversal names anomalous nodes without an anomalous callee that a path of anomalies leads to", () => {
  const all = [series("web", 90), series("cart", 80), series("db", 70), series("calm", 10), series("aside", 99)];
  const edges = [
    ["web", "cart"],
    ["cart", "db"],
    ["web", "calm"],
    ["calm", "aside"],
  ] as const;
  expect(order(traversal(incident(all, edges)))).toEqual(["db"]);
  expect(traversal(incident([series("web", 10), series("db", 70)], [["web", "db"]]))).toEqual([]);
});
