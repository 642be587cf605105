import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InputError } from "../input-error.ts";
import type { Feature, FeatureSchema } from "./feature-schema.ts";
import { extractFeatures, type NamedSeries } from "./features.ts";

const minute = 60_000;
const memory: Feature = { name: "memory", unit: "bytes", promql: "container_memory_working_set_bytes", kind: "gauge" };
const requests: Feature = { name: "requests", unit: "requests/s", promql: "http_requests_total", kind: "counter" };

const schemaOf = (...features: Feature[]): FeatureSchema => ({ features, step: minute, window: 1 });

/** A series with a sample at each of these minutes. */
function seriesOf(feature: Feature, samples: Readonly<Record<number, number>>): NamedSeries {
  const unit = feature.unit.replace(/\/s$/, "");
  return { name: feature.name, unit, times: Object.keys(samples).map((at) => Number(at) * minute), values: Object.values(samples) };
}

/** The column of one feature from minute 0 on. */
function column(feature: Feature, series: NamedSeries, minutes: number, staleness?: number): number[] {
  return [...extractFeatures([series], schemaOf(feature), { from: 0, to: minutes * minute, ...(staleness === undefined ? {} : { staleness }) }).rows.values];
}

describe("a gauge", () => {
  it("is its last sample, until that is two steps old", () =>
    expect(column(memory, seriesOf(memory, { 0: 5, 1: 6, 5: 7 }), 6)).toEqual([5, 6, 6, Number.NaN, Number.NaN, 7, 7]));

  it("is a gap before its first sample, and where a sample is no number", () =>
    expect(column(memory, seriesOf(memory, { 1: 5, 2: Number.POSITIVE_INFINITY, 3: Number.NaN, 4: 8 }), 4)).toEqual([Number.NaN, 5, 5, Number.NaN, 8]));

  it("of several samples in a step, is the latest; one of the future is not known yet", () => {
    const series = { ...seriesOf(memory, {}), times: [10, 20, minute - 1, minute + 1], values: [1, 2, 3, 4] };
    expect(column(memory, series, 2)).toEqual([Number.NaN, 3, 4]);
  });

  it("is turned into the schema's unit", () => {
    const series = { ...seriesOf(memory, { 0: 2, 1: 3 }), unit: "MiB" };
    expect(column(memory, series, 1)).toEqual([2 * 1_048_576, 3 * 1_048_576]);
  });
});

describe("a counter", () => {
  it("is its rise per second since the row before", () => {
    const series = { name: "requests", unit: "requests", times: [-minute, 0, minute, 2 * minute], values: [0, 60, 180, 180] };
    expect(column(requests, series, 2)).toEqual([1, 2, 0]);
  });

  it("that was reset has counted from zero since", () =>
    expect(column(requests, seriesOf(requests, { 0: 6_000, 1: 6_060, 2: 30, 3: 90 }), 3).slice(1)).toEqual([1, 0.5, 1]));

  it("that was reset between two rows lost only what nobody saw", () => {
    const series = { name: "requests", unit: "requests", times: [0, 20_000, 40_000, 60_000], values: [100, 130, 10, 30] };
    expect(column(requests, series, 1)[1]).toBe((30 + 10 + 20) / 60);
  });

  it("has no rate over a gap, and one again after it", () =>
    expect(column(requests, seriesOf(requests, { 0: 0, 1: 60, 4: 600, 5: 660 }), 5).slice(1)).toEqual([1, Number.NaN, Number.NaN, Number.NaN, 1]));

  it("is measured over the time between its samples, not between rows", () => {
    const series = { name: "requests", unit: "requests", times: [0, 50_000], values: [0, 100] };
    expect(column(requests, series, 1)[1]).toBe(2);
  });

  it("never has a negative or infinite rate, whatever it does", () => {
    const samples = fc.array(fc.record({ after: fc.integer({ min: 0, max: 200_000 }), value: fc.double({ min: 0, max: 1e12 }) }), { maxLength: 40 });
    fc.assert(
      fc.property(samples, (steps) => {
        let at = 0;
        const times = steps.map(({ after }) => (at += after));
        const rates = column(requests, { name: "requests", unit: "requests", times, values: steps.map(({ value }) => value) }, 30);
        return rates.every((rate) => Number.isNaN(rate) || (rate >= 0 && Number.isFinite(rate)));
      }),
    );
  });
});

describe("rows", () => {
  const both = schemaOf(requests, memory);
  const given = [seriesOf(memory, { 0: 5, 1: 6, 2: 7 }), seriesOf(requests, { 0: 0, 1: 60, 2: 180 })];

  it("have the schema's order, whatever the order of the series, and leave out what it does not name", () => {
    const other: NamedSeries = { name: "other", unit: "s", times: [0], values: [1] };
    const { rows, times } = extractFeatures([other, ...given], both, { from: minute, to: 2 * minute });
    expect([...rows.values]).toEqual([1, 6, 2, 7]);
    expect([...times]).toEqual([minute, 2 * minute]);
  });

  it("do not change with what comes later", () => {
    const samples = fc.array(fc.record({ after: fc.integer({ min: 1, max: 90_000 }), value: fc.nat(1_000) }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(samples, fc.integer({ min: 0, max: 20 }), (steps, row) => {
        let at = 0;
        const times = steps.map(({ after }) => (at += after));
        const values = steps.map(({ value }) => value);
        const known = times.filter((time) => time <= row * minute).length;
        const feature = row % 2 === 0 ? memory : requests;
        const series = (length: number): NamedSeries => ({ ...seriesOf(feature, {}), times: times.slice(0, length), values: values.slice(0, length) });
        expect(column(feature, series(known), row)).toEqual(column(feature, series(times.length), row));
      }),
    );
  });

  it("from serving are those from training, wherever they begin", () => {
    const whole = extractFeatures(given, both, { from: 0, to: 2 * minute }).rows.values;
    const last = extractFeatures(given, both, { from: 2 * minute, to: 2 * minute }).rows.values;
    expect([...last]).toEqual([...whole.slice(4)]);
  });

  it.each<[string, () => unknown, string]>([
    ["a series that is not there", () => extractFeatures(given.slice(1), both, { from: 0, to: 1 }), 'no series "memory" is given'],
    ["one that is there twice", () => extractFeatures([...given, ...given], both, { from: 0, to: 1 }), 'the series "requests" is given 2 times'],
    ["a unit of something else", () => column(memory, { ...seriesOf(memory, { 0: 1 }), unit: "s" }, 1), '"memory" is in s, which cannot become bytes'],
    ["unequal lengths", () => column(memory, { ...seriesOf(memory, { 0: 1, 1: 2 }), values: [1] }, 1), '"memory" has 2 times and 1 values'],
    ["time that goes back", () => column(memory, { ...seriesOf(memory, {}), times: [5, 4], values: [1, 2] }, 1), '"memory" goes back in time at sample 1'],
    ["a time that is none", () => column(memory, { ...seriesOf(memory, {}), times: [Number.NaN], values: [1] }, 1), 'time 0 of "memory" is NaN'],
    ["more rows than memory holds", () => extractFeatures(given, both, { from: 0, to: 8e15 }), "give a span of at most 134217728 entries"],
    ["a span that ends before it begins", () => extractFeatures(given, both, { from: 1, to: 0 }), "rows from 1 to 0"],
    ["no patience at all", () => column(memory, seriesOf(memory, { 0: 1 }), 1, 0), "the staleness is 0"],
  ])("%s is refused", (_, act, message) => {
    expect(act).toThrow(InputError);
    expect(act).toThrow(message);
  });
});
