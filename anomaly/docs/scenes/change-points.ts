/** Requests that rise with a rollout, grow wilder, and fall again, with one wild sample between. */
import { changePoints, createRandom } from "../../src/index.ts";
import type { Scene } from "../chart.ts";

const COUNT = 900;
const TRUTH = [300, 500, 700] as const;

export function changePointsScene(): Scene {
  const random = createRandom(2);
  const values = Float64Array.from({ length: COUNT }, (_, index) => {
    const level = index >= TRUTH[0] && index < TRUTH[2] ? 115 : 100;
    const spread = index >= TRUTH[1] && index < TRUTH[2] ? 12 : 4;
    return level + spread * random.normal() + (index === 200 ? 60 : 0);
  });
  const found = changePoints(values);
  return {
    name: "change-points",
    title: "CUSUM: when did it change?",
    sample: "15 s",
    truth: TRUTH.map((at) => [at, at] as const),
    panels: [
      {
        title: `marks: certain (${found.map(({ kind }) => kind).join(", ")}); shaded: what really changed`,
        lines: [{ label: "milliseconds", values }],
        alarms: found.map(({ detected }) => detected),
      },
      { title: "marks: onset, as estimated", lines: [{ label: "milliseconds", values, colour: "grey" }], alarms: found.map(({ onset }) => onset) },
    ],
  };
}
