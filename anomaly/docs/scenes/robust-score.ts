/** Why the median: a window with a few wild samples still sees the next one. */
import { createRandom, robustScore } from "../../src/index.ts";
import type { Scene } from "../chart.ts";

const WINDOW = 60;

export function robustScoreScene(): Scene {
  const random = createRandom(11);
  const samples = Float64Array.from(
    { length: 400 },
    (_, index) => 100 + 5 * random.normal() + (index >= 150 && index < 156 ? 200 : 0) + (index === 190 ? 50 : 0),
  );
  const robust = new Float64Array(samples.length).fill(Number.NaN);
  const plain = new Float64Array(samples.length).fill(Number.NaN);
  for (let index = WINDOW; index < samples.length; index++) {
    const window = samples.subarray(index - WINDOW, index);
    const mean = window.reduce((sum, value) => sum + value, 0) / WINDOW;
    const deviation = Math.sqrt(window.reduce((sum, value) => sum + (value - mean) ** 2, 0) / WINDOW);
    robust[index] = Math.min(Math.abs(robustScore(window, samples[index] as number) ?? 0), 12);
    plain[index] = Math.min(Math.abs(((samples[index] as number) - mean) / deviation), 12);
  }
  return {
    name: "robust-score",
    title: "A window of 60 samples; six wild ones, then a smaller one",
    truth: [
      [150, 155],
      [190, 190],
    ],
    sample: "1 min",
    panels: [
      { title: "samples", lines: [{ label: "requests a second", values: samples }] },
      {
        title: "distance from the window (cut at 12)",
        lines: [
          { label: "median and MAD", values: robust },
          { label: "mean and deviation", values: plain, colour: "orange" },
        ],
        level: { label: "3.5", value: 3.5 },
      },
    ],
  };
}
