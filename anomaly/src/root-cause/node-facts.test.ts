import { expect, it } from "vitest";
import { createRandom } from "../random.ts";
import type { Incident, MetricSeries } from "./incident.ts";
import { nodeFacts } from "./node-facts.ts";

const random = createRandom(1);
const series = (node: string, metric: string, level: number, rest: Partial<MetricSeries> = {}): MetricSeries => ({
  node,
  metric,
  before: Float64Array.from({ length: 100 }, () => random.normal()),
  during: new Float64Array(4).fill(level),
  ...rest,
});
const facts = (all: readonly MetricSeries[], rest: Partial<Incident> = {}) =>
  nodeFacts({ times: Float64Array.of(0, 10, 20, 30), series: all, ...rest }, {}, 0.5);

it("a load that a caller has as well is not a node's own", () => {
  const load = [series("a", "requests", 30, { spread: "callees" }), series("b", "requests", 30, { spread: "callees" })];
  const { own } = facts(load, { dependencies: [{ from: "a", to: "b" }] });
  expect(own[0]).toBeGreaterThan(1);
  expect(own[1]).toBe(0);
});

it("other metrics than the symptom's weigh half", () => {
  const { own, shown } = facts([series("a", "latency", 30), series("b", "processor", 30, { spread: "nowhere" })], {
    symptom: { node: "a", metric: "latency" },
  });
  expect(own[0]).toBe(shown[0]);
  expect((own[1] ?? 0) / (own[0] ?? 1)).toBeGreaterThan(0.4);
  expect((own[1] ?? 0) / (own[0] ?? 1)).toBeLessThan(0.6);
  expect(shown[1]).toBe(0);
});

it("a symptom that its samples no longer show is one all the same", () => {
  expect(facts([series("a", "latency", 0)], { symptom: { node: "a", metric: "latency" } }).shown[0]).toBe(1);
});

it("the trouble can begin in the sample that the symptom's time belongs to", () => {
  const startAt = (at: number) => facts([series("a", "latency", 0)], { symptom: { node: "a", at } }).start;
  expect([-5, 0, 9, 10, 15, 99].map(startAt)).toEqual([0, 0, 0, 1, 1, 3]);
});
