import { expect, it } from "vitest";
import { checkIncident, checkSamples, type Incident, type MetricSeries } from "./incident.ts";

const times = Float64Array.of(0, 60);
const series = (rest: Partial<MetricSeries> = {}): MetricSeries => ({
  node: "web",
  metric: "latency",
  before: new Float64Array(10),
  during: new Float64Array(2),
  ...rest,
});
const incident = (rest: Partial<Incident> = {}): Incident => ({ times, series: [series()], ...rest });

it("may be as little as one time and no series", () => {
  expect(() => checkIncident({ times: Float64Array.of(5), series: [] })).not.toThrow();
  expect(() => checkIncident(incident())).not.toThrow();
});

it.each<readonly [string, Incident]>([
  ["the incident has no times", incident({ times: new Float64Array(0), series: [] })],
  ["time 1 is NaN", incident({ times: Float64Array.of(0, Number.NaN) })],
  ["time 1 is 0, not after the one before it", incident({ times: Float64Array.of(0, 0) })],
  ['the series "latency" of "web" is there twice', incident({ series: [series(), series()] })],
  ['the series "latency" of "web" has 3 samples during the incident, 2 were expected', incident({ series: [series({ during: new Float64Array(3) })] })],
  ['the symptom is at node "shop", of which there is neither a series nor a dependency', incident({ symptom: { node: "shop" } })],
  ["the symptom is there since NaN", incident({ symptom: { node: "web", at: Number.NaN } })],
  ['the change "rollout" of "web" has the time Infinity', incident({ changes: [{ node: "web", at: Number.POSITIVE_INFINITY, what: "rollout" }] })],
])("says %s", (message, given) => expect(() => checkIncident(given)).toThrow(message));

it("says which sample is none", () => {
  expect(() => checkSamples(series({ before: Float64Array.of(1, Number.NEGATIVE_INFINITY) }))).toThrow(
    'the series "latency" of "web" has the sample -Infinity',
  );
  expect(() => checkSamples(series({ during: Float64Array.of(Number.NaN, 1e200) }))).toThrow("has the sample 1e+200");
  expect(() => checkSamples(series({ during: Float64Array.of(Number.NaN, -1e100) }))).not.toThrow();
});
