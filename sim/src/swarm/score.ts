/** What a run was worth, counted against the injected truth. */
import type { Incident } from "@kintsugi/core";
import type { Played, Run } from "./run.ts";
import { isAbout, isFalseAlarm, type Report, reportOf, rightModes, sickWithoutFault } from "./truth.ts";

export interface Score {
  readonly seeds: number;
  /** Faults that something could be reported about. */
  readonly faults: number;
  readonly detected: number;
  readonly incidents: number;
  /** Incidents about nothing that was broken. */
  readonly falseAlarms: number;
  /** Detected faults with a right answer in the catalogue, and how many had it at the top. */
  readonly diagnosable: number;
  readonly top1: number;
  /** Faults that an allowed action can heal, and those that were over at the end. */
  readonly healable: number;
  readonly healed: number;
  /** Faults of any kind that were over at the end. */
  readonly over: number;
  /** Writes on what was not broken, and applications that were well before and are not at the end without any fault. */
  readonly harmed: number;
  readonly writes: number;
  /** From the fault to its first incident, and to its end where it was healed, ms. */
  readonly detectMs: readonly number[];
  readonly healMs: readonly number[];
}

export const NO_SCORE: Score = {
  seeds: 0,
  faults: 0,
  detected: 0,
  incidents: 0,
  falseAlarms: 0,
  diagnosable: 0,
  top1: 0,
  healable: 0,
  healed: 0,
  over: 0,
  harmed: 0,
  writes: 0,
  detectMs: [],
  healMs: [],
};

/** A fault that begins later than this before the end has no time to be healed: it is not counted. */
const LEAST_TIME_MS = 30 * 60_000;

export function scoreRun(run: Run): Score {
  const counted = run.played.filter((one) => one.fault.id !== "nothing-wrong" && run.ended - one.at >= LEAST_TIME_MS);
  const reports = counted.map((one) => ({ one, report: reportOf(run, one) }));
  const detected = reports.flatMap(({ one, report }) => (report === undefined ? [] : [{ one, report }]));
  const diagnosable = detected.filter(({ one }) => one.fault.truth.length > 0);
  const healable = counted.filter((one) => one.isHealable);
  const healed = healable.filter((one) => one.overAt !== undefined);
  return {
    seeds: 1,
    faults: counted.length,
    detected: detected.length,
    incidents: run.incidents.length,
    falseAlarms: run.incidents.filter((incident) => isFalseAlarm(run, incident)).length,
    diagnosable: diagnosable.length,
    top1: diagnosable.filter(({ one, report }) => isRight(run, one, report)).length,
    healable: healable.length,
    healed: healed.length,
    over: counted.filter((one) => one.overAt !== undefined).length,
    harmed: run.writes.filter((write) => !isAbout(run, write)).length + sickWithoutFault(run).length,
    writes: run.writes.length,
    detectMs: detected.flatMap(({ one, report }) => (report.isOlder ? [] : [report.at - one.at])),
    healMs: healed.map((one) => (one.overAt ?? one.at) - one.at),
  };
}

export function addScores(scores: readonly Score[]): Score {
  return scores.reduce((sum, score) => {
    const added: Partial<Record<keyof Score, number | readonly number[]>> = {};
    for (const key of Object.keys(NO_SCORE) as (keyof Score)[]) {
      const [a, b] = [sum[key], score[key]];
      added[key] = typeof a === "number" && typeof b === "number" ? a + b : [...(a as readonly number[]), ...(b as readonly number[])];
    }
    return added as unknown as Score;
  }, NO_SCORE);
}

/** An older incident reports only by a right mode. A new one may first say what else its subject suffers by, where another fault has seen to that. */
function isRight(run: Run, one: Played, { incident, at, isOlder }: Report): boolean {
  const mode = firstMode(run, incident) ?? "";
  return isOlder || one.fault.truth.includes(mode) || rightModes(run, incident.subject, at).has(mode);
}

/** The mode of the first diagnosis that was acted or asked on: what a person was told first. */
function firstMode(run: Run, incident: Incident): string | undefined {
  for (const { body } of run.records) {
    if (body.type === "incident" && body.incident.id === incident.id && body.incident.mode !== undefined) return body.incident.mode;
  }
  return incident.mode ?? incident.diagnosis?.candidates[0]?.mode;
}

/** Wilson score interval, 95 % (E. B. Wilson, 1927): honest also at 0 and 1 and for few cases. */
export function wilson(right: number, cases: number): { readonly low: number; readonly high: number } {
  if (cases === 0) return { low: 0, high: 1 };
  const z = 1.959964;
  const share = right / cases;
  const denominator = 1 + (z * z) / cases;
  const centre = share + (z * z) / (2 * cases);
  const spread = z * Math.sqrt((share * (1 - share)) / cases + (z * z) / (4 * cases * cases));
  // Exactly 0 where nothing and exactly 1 where everything was right: there centre and spread are equal but for rounding, which may leave either side over.
  return {
    low: right === 0 ? 0 : Math.max(0, (centre - spread) / denominator),
    high: right === cases ? 1 : Math.min(1, (centre + spread) / denominator),
  };
}
