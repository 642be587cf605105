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
  /** Share of the alarms that are open in an incident: raised in it, or not over when it begins. */
  readonly right: number;
  /** Incidents with a minute at which enough of the last ones count, of all. */
  readonly found: string;
  /** Median minutes from the first labelled minute to the first such minute, over the incidents found. */
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
  const flags = new Uint8Array(scores.length);
  scores.forEach((score, row) => {
    const p = calibration.push(Math.max(score, 0));
    if (gate.push(0, p, row * MINUTE)) alarms.push(row);
    recent = [p <= level ? 1 : 0, ...recent.slice(0, of - 1)];
    flags[row] = recent.reduce((sum, each) => sum + each, 0) >= needed ? 1 : 0;
  });
  const incidents = segmentsOf(labels);
  const delays = incidents.flatMap(({ first, final }) => {
    const flag = flags.indexOf(1, first);
    return flag < 0 || flag > final ? [] : [flag - first];
  });
  const right = alarms.filter((row) => {
    const over = flags.indexOf(0, row);
    return labels.subarray(row, over < 0 ? undefined : over).includes(1);
  }).length;
  const count = (of: Uint8Array): number => of.reduce((sum, each) => sum + each, 0);
  const [flagged, labelled, hits] = [count(flags), count(labels), count(flags.map((flag, row) => flag & (labels[row] as number)))];
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
