/** Series in which nothing ever happens: every alarm on them is false. */
import type { Random } from "../../src/index.ts";

const DAY_MS = 86_400_000;

/** The next value at a time; each series has its own. */
export type NullSeries = (random: Random) => (at: number) => number;

export const NULLS: Readonly<Record<string, NullSeries>> = {
  "independent, normal": (random) => () => random.normal(),
  "AR(1), 0.9": autoRegressive(0.9),
  "AR(1), 0.99": autoRegressive(0.99),
  "daily season": (random) => (at) => 10 * Math.sin((2 * Math.PI * at) / DAY_MS) + random.normal(),
  "season and AR(1), 0.8": (random) => {
    const walk = autoRegressive(0.8)(random);
    return (at) => 15 * Math.max(0, Math.sin((2 * Math.PI * at) / DAY_MS)) + walk(at);
  },
  "Student's t, 3 degrees": (random) => () => random.normal() / Math.sqrt((random.normal() ** 2 + random.normal() ** 2 + random.normal() ** 2) / 3),
  "log-normal": (random) => () => Math.exp(random.normal()),
  "counts, Poisson of 1": (random) => () => poisson(random),
  "mostly 0, events of all sizes": (random) => () => (random.next() < 0.02 ? Math.exp(2 * random.normal()) : 0),
};

function autoRegressive(phi: number): NullSeries {
  return (random) => {
    let value = 0;
    return () => {
      value = phi * value + random.normal();
      return value;
    };
  };
}

/** By inversion. */
function poisson(random: Random): number {
  let count = 0;
  let term = Math.exp(-1);
  let sum = term;
  const drawn = random.next();
  while (drawn > sum && term > 0) {
    count++;
    term /= count;
    sum += term;
  }
  return count;
}
