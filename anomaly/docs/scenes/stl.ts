/** Two weeks of requests with an outlier and a gap, taken apart. */
import { createRandom, stl } from "../../src/index.ts";
import type { Scene } from "../chart.ts";

export function stlScene(): Scene {
  const random = createRandom(4);
  const values = Float64Array.from({ length: 24 * 14 }, (_, hour) => {
    if (hour >= 200 && hour < 212) return Number.NaN;
    return 300 + 0.4 * hour + 120 * Math.sin((2 * Math.PI * (hour - 6)) / 24) + 8 * random.normal() + (hour === 130 ? -150 : 0);
  });
  const { trend, seasonal, remainder } = stl(values, { period: 24 });
  return {
    name: "stl",
    title: "STL: hourly requests of two weeks",
    truth: [[130, 130]],
    sample: "1 h",
    panels: [
      {
        title: "series, twelve hours of it missing",
        lines: [
          { label: "requests a second", values },
          { label: "trend", values: trend, colour: "orange" },
        ],
      },
      { title: "season", lines: [{ label: "season", values: seasonal, colour: "green" }] },
      { title: "remainder", lines: [{ label: "remainder", values: remainder, colour: "purple" }] },
    ],
  };
}
