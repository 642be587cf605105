/** What a stream of Sub-PCA costs: time a sample, state, and how both grow with the window. */
import { createRandom, SubPca } from "../../src/index.ts";
import type { Table } from "../report.ts";

const HISTORY = 12_000;
const MEASURED = 10_000;

export function costTable(): Table {
  const random = createRandom(1);
  const noise = Float64Array.from({ length: HISTORY + MEASURED }, () => random.normal());
  const season = noise.map((value, index) => 20 * Math.sin((2 * Math.PI * index) / 288) + 5 * Math.sin((2 * Math.PI * index) / 24) + 3 * value);
  return {
    title: "Cost of one stream",
    notes: [
      `Over ${MEASURED.toLocaleString("en")} samples after ${HISTORY.toLocaleString("en")} learned ones, finding the axes anew included; one core. A whole series: learning and scoring, per sample.`,
    ],
    columns: ["series", "window", "axes", "us a sample", "whole series, us", "bytes of state"],
    rows: [24, 50, 100, 200, 288].flatMap((window) => [cost("two seasons and noise", season, window), cost("noise alone", noise, window)]),
    digits: 1,
  };
}

function cost(name: string, series: Float64Array, window: number): Table["rows"][number] {
  const model = SubPca.fit(series.subarray(0, HISTORY), { window });
  for (let index = 0; index < window; index++) model.push(series[index] as number);
  const began = performance.now();
  for (let index = HISTORY; index < series.length; index++) model.push(series[index] as number);
  const streamed = performance.now() - began;
  const again = performance.now();
  SubPca.fit(series, { window }).score(series);
  const whole = performance.now() - again;
  return {
    name,
    cells: [String(window), String(model.axes), (1000 * streamed) / MEASURED, (1000 * whole) / series.length, model.snapshot().length.toLocaleString("en")],
    ours: true,
  };
}
