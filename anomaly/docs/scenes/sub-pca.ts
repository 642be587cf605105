/** A cycle that comes at the wrong hour: each of its values is usual, their order is not. */
import { createRandom, SubPca, type SubPcaParams } from "../../src/index.ts";
import type { Scene } from "../chart.ts";

const DAY = 96;
const ALL = 14 * DAY;
const KNOWN = 5 * DAY;
const FLAT = 8 * DAY + 40;
const SWAPPED = 11 * DAY;

export function subPcaScene(): Scene {
  const random = createRandom(5);
  const values = Float64Array.from({ length: ALL }, (_, sample) => {
    const hour = sample >= SWAPPED && sample < SWAPPED + DAY ? DAY - 1 - sample : sample;
    const phase = (2 * Math.PI * hour) / DAY;
    const usual = 50 + 20 * Math.sin(phase) + 8 * Math.sin(2 * phase);
    return (sample >= FLAT && sample < FLAT + 30 ? 52 : usual) + 2 * random.normal();
  });
  const streamed = (params: SubPcaParams): Float64Array => {
    const model = new SubPca({ window: DAY, warm: KNOWN, ...params });
    return values.map((value, sample) => {
      const score = model.push(value);
      return sample < KNOWN ? Number.NaN : score;
    });
  };
  return {
    name: "sub-pca",
    title: "Two shapes that the series never had, made of values that it has every day",
    truth: [
      [FLAT, FLAT + 29],
      [SWAPPED, SWAPPED + DAY - 1],
    ],
    sample: "15 min",
    panels: [
      { title: "a day with two humps; 7 hours flat; one day backwards", lines: [{ label: "requests a second", values }] },
      {
        title: "score, 1 is usual",
        lines: [
          { label: "stream", values: streamed({}) },
          { label: "finer: 0.95, 0.1", values: streamed({ share: 0.95, ridge: 0.1 }), colour: "purple" },
          { label: "whole series", values: SubPca.fit(values, { window: DAY }).score(values), colour: "orange" },
        ],
        level: { label: "1.2", value: 1.2 },
      },
    ],
  };
}
