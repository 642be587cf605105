/** Ten days learned with an hour missing, two forecast; then every sample against what was expected of it. */
import { Arima, createRandom } from "../../src/index.ts";
import type { Scene } from "../chart.ts";

const KNOWN = 240;
const ALL = 312;
const WRONG = 290;

export function arimaScene(): Scene {
  const random = createRandom(12);
  let drift = 0;
  const values = Float64Array.from({ length: ALL }, (_, hour) => {
    drift = 0.8 * drift + 2 * random.normal();
    return 60 + 15 * Math.sin((2 * Math.PI * hour) / 24) + drift + (hour >= WRONG && hour < WRONG + 3 ? 14 : 0);
  });
  values.fill(Number.NaN, 100, 110);
  const model = Arima.fit(values.subarray(0, KNOWN), { order: [1, 0, 0], seasonal: [0, 1, 1, 24] });
  const { mean, lower, upper } = model.forecast(48, 0.9);
  const errors = Float64Array.from(values, (value, hour) => (hour < KNOWN ? (model.standardised[hour] as number) : (model.update(value) ?? Number.NaN)));
  const ahead = (part: Float64Array): Float64Array => Float64Array.from(values, (_, hour) => part[hour - KNOWN] ?? Number.NaN);
  return {
    name: "arima",
    title: "Seasonal ARIMA: two days ahead, and the error of each step",
    truth: [[WRONG, WRONG + 2]],
    sample: "1 h",
    panels: [
      {
        title: "forecast made at hour 240; ten hours are missing before it",
        lines: [
          { label: "CPU, %", values },
          { label: "forecast", values: ahead(mean), colour: "orange" },
        ],
        band: { label: "holds 90 %", lower: ahead(lower), upper: ahead(upper) },
      },
      {
        title: "one-step error in deviations",
        lines: [{ label: "error", values: errors, colour: "purple" }],
        level: { label: "4", value: 4 },
      },
    ],
  };
}
