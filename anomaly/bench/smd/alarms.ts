/** What a person would get: scores as p-values, p-values as alarms, at a budget that is set before. */

import { levelFor } from "../../src/calibration/alarm-budget.ts";
import { AlarmGate } from "../../src/calibration/alarm-gate.ts";
import { ScoreCalibration } from "../../src/calibration/score-calibration.ts";
import { segmentsOf } from "../scoring/segments.ts";

const MINUTE = 60_000;
const DAY = 1440;
/** One alarm a day, where three of five minutes agree, and none for half an hour after. */
const BUDGET = { alarmsPerDay: 1, intervalMs: MINUTE, persistence: { needed: 3, of: 5 }, refractoryMs: 30 * MINUTE };

export interface Alarmed {
  readonly f1: number;
  readonly precision: number;
  readonly recall: number;
  readonly alarmsPerDay: number;
  /** Share of the alarms that fall into an incident. */
  readonly right: number;
  /** Incidents with an alarm inside, of all. */
  readonly found: string;
  /** Median minutes from the first labelled minute to the alarm, over the incidents found. */
  readonly delay: number | undefined;
}

/** `before` calibrates, `scores` are judged, one a minute. F1, precision and recall are per minute, of the minutes at which enough of the last ones count. */
export function alarmsOf(before: Float64Array, scores: Float64Array, labels: Uint8Array): Alarmed {
  const calibration = new ScoreCalibration({ memory: 40_320 });
  for (const score of before) calibration.push(Math.max(score, 0));
  const gate = new AlarmGate(BUDGET);
  const level = levelFor(BUDGET);
  const { needed, of } = BUDGET.persistence;
  let recent: number[] = [];
  const alarms: number[] = [];
  let [flagged, hits, labelled] = [0, 0, 0];
  scores.forEach((score, row) => {
    const p = calibration.push(Math.max(score, 0));
    if (gate.push(0, p, row * MINUTE)) alarms.push(row);
    labelled += labels[row] as number;
    recent = [p <= level ? 1 : 0, ...recent.slice(0, of - 1)];
    if (recent.reduce((sum, each) => sum + each, 0) < needed) return;
    flagged++;
    hits += labels[row] as number;
  });
  const incidents = segmentsOf(labels);
  const delays = incidents.flatMap(({ first, final }) => {
    const alarm = alarms.find((row) => row >= first && row <= final);
    return alarm === undefined ? [] : [alarm - first];
  });
  const right = alarms.filter((row) => labels[row] === 1).length;
  return {
    f1: (2 * hits) / Math.max(flagged + labelled, 1),
    precision: hits / Math.max(flagged, 1),
    recall: hits / labelled,
    alarmsPerDay: (alarms.length / scores.length) * DAY,
    right: right / Math.max(alarms.length, 1),
    found: `${delays.length} of ${incidents.length}`,
    delay: delays.sort((a, b) => a - b)[delays.length >> 1],
  };
}
