/** A threshold from nothing but a number of alarms that is bearable: the score that series without anomalies exceed that often. */
import { createRandom, NoveltyDetector } from "../../src/index.ts";
import { NULLS } from "../calibration/nulls.ts";

const SERIES = 20;

/** `perDay`: alarms a day and series; `intervalMs`: time between samples; `samples`: as many as the series have that it is for. Labels have no part in it. */
export function alarmLevel(perDay: number, intervalMs: number, samples: number): number {
  const random = createRandom(17);
  const scores: number[] = [];
  let series = 0;
  for (const kind of Object.values(NULLS)) {
    for (let copy = 0; copy < SERIES; copy++) {
      const next = kind(random);
      const detector = new NoveltyDetector();
      series++;
      for (let sample = 0; sample < samples; sample++) scores.push(detector.push(next(sample * intervalMs), sample * intervalMs));
    }
  }
  const bearable = Math.floor((perDay * series * samples * intervalMs) / 86_400_000);
  scores.sort((one, other) => other - one);
  return scores[bearable] ?? 0;
}
