/** Ten days learned, two forecast; an outlier among the ten. */
import { createRandom, HoltWinters } from "../../src/index.ts";
import type { Scene } from "../chart.ts";

const KNOWN = 240;
const ALL = 288;

export function holtWintersScene(): Scene {
  const random = createRandom(9);
  const values = Float64Array.from({ length: ALL }, (_, hour) => 60 + 20 * Math.sin((2 * Math.PI * hour) / 24) + 3 * random.normal() + (hour === 180 ? 90 : 0));
  const { mean, lower, upper } = HoltWinters.fit(values.subarray(0, KNOWN), { period: 24 }).forecast(ALL - KNOWN, 0.9);
  const model = HoltWinters.fit(values.subarray(0, 96), { period: 24 });
  const errors = values.map((value, hour) => (hour < 96 ? Number.NaN : (model.update(value) ?? Number.NaN)));
  const ahead = (part: Float64Array): Float64Array =>
    Float64Array.from({ length: ALL }, (_, hour) => (hour < KNOWN ? Number.NaN : (part[hour - KNOWN] as number)));
  return {
    name: "holt-winters",
    title: "Holt-Winters: two days ahead, and the error of each step",
    truth: [[180, 180]],
    sample: "1 h",
    panels: [
      {
        title: "forecast of the last two days, made before them",
        lines: [
          { label: "CPU, %", values },
          { label: "forecast", values: ahead(mean), colour: "orange" },
        ],
        band: { label: "holds 90 %", lower: ahead(lower), upper: ahead(upper) },
      },
      {
        title: "one-step error in deviations, fitted on the first four days",
        lines: [{ label: "error", values: errors, colour: "purple" }],
        level: { label: "3", value: 3 },
      },
    ],
  };
}
