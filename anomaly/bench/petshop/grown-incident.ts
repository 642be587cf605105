/** One incident in a call graph of any size, to see what a ranking costs as it grows. */
import { createRandom, type Incident } from "../../src/index.ts";

const QUIET = 240;
const DURING = 10;

/** Each service calls three later ones and has three metrics; the one in the middle becomes slow, and all that call it. */
export function grownIncident(size: number): Incident {
  const random = createRandom(size);
  const dependencies = Array.from({ length: size }, (_, from) => from).flatMap((from) =>
    Array.from({ length: Math.min(3, size - from - 1) }, () => ({ from: `s${from}`, to: `s${from + 1 + random.below(Math.min(50, size - from - 1))}` })),
  );
  const slow = new Set([`s${size >> 1}`]);
  for (const { from, to } of dependencies.toReversed()) if (slow.has(to)) slow.add(from);
  const series = Array.from({ length: size }, (_, index) => index).flatMap((index) =>
    ["latency", "errors", "requests"].map((metric) => ({
      node: `s${index}`,
      metric,
      before: Float64Array.from({ length: QUIET }, () => 10 + random.normal()),
      during: Float64Array.from({ length: DURING }, (_, at) => 10 + random.normal() + (metric === "latency" && at > 1 && slow.has(`s${index}`) ? 20 : 0)),
    })),
  );
  return { times: Float64Array.from({ length: DURING }, (_, at) => at * 60), series, dependencies, symptom: { node: "s0", metric: "latency", at: 120 } };
}
