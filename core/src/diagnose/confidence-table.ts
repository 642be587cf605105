/** Measured confidence: how often a mode was right when its evidence had this pattern. */
import { type Confidence, MIN_CASES } from "../model/diagnosis.ts";

export interface ConfidenceTable {
  /** The simulator seeds that it was measured over, as `from-to`. */
  readonly seeds: string;
  readonly date: string;
  /** By `mode|pattern`. */
  readonly entries: Readonly<Record<string, { readonly right: number; readonly cases: number }>>;
}

export function confidenceOf(table: ConfidenceTable, mode: string, pattern: string): Confidence {
  const entry = table.entries[`${mode}|${pattern}`];
  if (entry === undefined || entry.cases < MIN_CASES) return { type: "unproven", cases: entry?.cases ?? 0 };
  return { type: "measured", share: entry.right / entry.cases, cases: entry.cases };
}
