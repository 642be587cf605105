/** Where incidents lie in a synthetic series, and which stretches NAB's scoring pays for. */
import type { Window } from "../nab/worth.ts";
import type { Chance } from "./chance.ts";

export interface Incident {
  /** First row, and row behind the last. */
  readonly from: number;
  readonly until: number;
  /** Which of a kind's effects it has: a whole number from 0. */
  readonly type: number;
  /** About 1. */
  readonly size: number;
}

export interface Plan {
  readonly incidents: readonly Incident[];
  readonly windows: readonly Window[];
}

/** As in NAB the windows of a series are a tenth of it together; none lies in the probation. */
const LABELLED = 0.1;
const LEAST_WINDOW = 20;
/** Windows apart, in windows. */
const APART = 1.6;
/** Share of the window before the incident: labels are not exact. */
const LEAD = 0.4;
const LONGEST = 0.45;
const ATTEMPTS = 300;

/** `types`: effects to choose from; the incidents of one series are mostly of one type. */
export function planOf(chance: Chance, length: number, types: number): Plan {
  const wanted = chance.happens(0.08) ? 0 : 1 + Number(chance.happens(0.6)) + Number(chance.happens(0.35));
  const width = Math.max(LEAST_WINDOW, Math.floor((LABELLED * length) / Math.max(1, wanted)));
  const starts: number[] = [];
  for (let attempt = 0; attempt < ATTEMPTS && starts.length < wanted; attempt++) {
    const start = Math.floor(chance.uniform(0.2, 0.94) * length);
    if (starts.every((other) => Math.abs(other - start) > APART * width)) starts.push(start);
  }
  starts.sort((one, other) => one - other);
  const usual = chance.below(types);
  const lead = Math.floor(LEAD * width);
  return {
    incidents: starts.map((from) => ({
      from,
      until: Math.min(length, from + Math.floor(chance.logUniform(2, Math.max(3, LONGEST * width)))),
      type: chance.happens(0.5) ? usual : chance.below(types),
      size: chance.uniform(0.7, 1.6),
    })),
    windows: starts.map((from) => ({ first: from - lead, last: Math.min(length, from - lead + width) - 1 })),
  };
}
