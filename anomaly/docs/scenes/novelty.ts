/** A job that runs at noon, the day on which it does not, and a level that comes twice. */
import { createRandom, NoveltyDetector } from "../../src/index.ts";
import type { Scene } from "../chart.ts";

const DAY = 288;
const ALL = 14 * DAY;
const NOON = DAY / 2;
/** Samples for which the job runs. */
const RUNS = 24;
const MISSED = 9;
const LEVEL = 6 * DAY + 200;
const AGAIN = 12 * DAY + 30;
const LASTS = 40;
/** The first days are learned. */
const KNOWN = 3 * DAY;

export function noveltyScene(): Scene {
  const random = createRandom(11);
  const raised = (sample: number): boolean => (sample >= LEVEL && sample < LEVEL + LASTS) || (sample >= AGAIN && sample < AGAIN + LASTS);
  const values = Float64Array.from({ length: ALL }, (_, sample) => {
    const sinceNoon = (sample % DAY) - NOON;
    const job = sinceNoon >= 0 && sinceNoon < RUNS && Math.floor(sample / DAY) !== MISSED ? 30 : 0;
    return 12 + job + (raised(sample) ? 18 : 0) + random.normal();
  });
  const detector = new NoveltyDetector();
  const scores = values.map((value, sample) => detector.push(value, sample * 300_000));
  const level = 0.03;
  return {
    name: "novelty",
    title: "New once, then known; and a run that did not come",
    truth: [
      [LEVEL, LEVEL + LASTS - 1],
      [MISSED * DAY + NOON, MISSED * DAY + NOON + RUNS - 1],
      [AGAIN, AGAIN + LASTS - 1],
    ],
    sample: "5 min",
    panels: [
      {
        title: "a job every noon; a level that never was; no job on day ten; that level again",
        lines: [{ label: "CPU, %", values }],
        alarms: [...scores.keys()].filter((sample) => sample >= KNOWN && (scores[sample] as number) > level),
      },
      {
        title: "score, after three days",
        lines: [{ label: "novelty", values: scores.map((score, sample) => (sample < KNOWN ? Number.NaN : score)) }],
        level: { label: String(level), value: level },
      },
    ],
  };
}
