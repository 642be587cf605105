/** Four days of CPU whose use falls after two. */
import { createRandom, rightSize, UsageHistogram } from "../../src/index.ts";
import type { Scene } from "../chart.ts";

const COUNT = 4 * 288;
const STEP = 300_000;

export function rightSizeScene(): Scene {
  const random = createRandom(6);
  const usage = new UsageHistogram();
  const [used, request, lower, upper] = [0, 1, 2, 3].map(() => new Float64Array(COUNT).fill(Number.NaN)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  for (let index = 0; index < COUNT; index++) {
    const busy = index < COUNT / 2 ? 0.8 : 0.3;
    used[index] = busy * (1 + 0.4 * Math.sin((2 * Math.PI * index) / 288)) + 0.05 * random.next();
    usage.add(used[index] as number, index * STEP);
    const size = rightSize(usage);
    if (size === undefined || index < 144) continue;
    request[index] = size.request;
    lower[index] = size.lower;
    upper[index] = size.upper;
  }
  return {
    name: "right-size",
    title: "Right-sizing: use falls after two days, and the past fades",
    sample: "5 min",
    panels: [
      {
        title: "a request within the band is left alone",
        lines: [
          { label: "CPU used, cores", values: used },
          { label: "recommended request", values: request, colour: "orange" },
        ],
        band: { label: "kept in here", lower, upper },
      },
    ],
  };
}
