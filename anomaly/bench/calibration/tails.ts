/** How often p-values are as small as they say, of scores that are drawn independently: the calibration by itself, without a detector. */
import { createRandom, type Random, ScoreCalibration } from "../../src/index.ts";
import type { Table } from "../report.ts";

const SEEDS = 10;
const LEARN = 2_000;
const SCORES = 20_000;
const LEVELS = [0.1, 0.03, 0.01, 0.001];

const KINDS: Readonly<Record<string, (random: Random) => number>> = {
  "distances of normal samples": ({ normal }) => Math.abs(normal()),
  "log-normal, sigma 1": ({ normal }) => Math.exp(normal()),
  "log-normal, sigma 2": ({ normal }) => Math.exp(2 * normal()) / 5,
  "Cauchy, no mean": ({ normal }) => Math.abs(normal() / normal()),
  "Pareto, exponent 1/2, no mean": ({ next }) => (1 - next()) ** -2 / 4,
  "two humps: 3 in 100 from 8 to 9": ({ next }) => (next() < 0.03 ? 8 + next() : next()),
  "half beyond all bins": ({ next }) => (next() < 0.5 ? 100 + next() : next()),
};

export function tailTable(): Table {
  return {
    title: "P-values by themselves: how often they are at most a level, over that level",
    notes: [
      `ScoreCalibration on ${SEEDS} streams of ${SCORES.toLocaleString("en")} independent scores after ${LEARN.toLocaleString("en")} to learn. 1 is right, less is on the side of silence. Above 0.04 the histogram answers, and is never more than 1 up to the width of a bin; below it a Pareto tail does, and promises nothing.`,
    ],
    columns: ["scores", ...LEVELS.map(String)],
    rows: Object.entries(KINDS).map(([name, draw]) => ({ name, cells: sharesOf(draw), ours: true })),
    digits: 2,
  };
}

function sharesOf(draw: (random: Random) => number): number[] {
  const counts = LEVELS.map(() => 0);
  for (let seed = 0; seed < SEEDS; seed++) {
    const random = createRandom(seed);
    const calibration = new ScoreCalibration();
    for (let push = 0; push < LEARN; push++) calibration.push(draw(random));
    for (let push = 0; push < SCORES; push++) {
      const p = calibration.push(draw(random));
      LEVELS.forEach((level, index) => {
        if (p <= level) counts[index] = (counts[index] as number) + 1;
      });
    }
  }
  return counts.map((count, index) => count / (SEEDS * SCORES) / (LEVELS[index] as number));
}
