/** Ranked failure modes for one incident. "Not provable from what is visible" is an answer. */
import type { Evidence } from "./failure-mode.ts";

export interface Candidate {
  readonly mode: string;
  readonly evidence: readonly Evidence[];
  /** Sorted evidence ids with + or -, the key under which confidence was measured. */
  readonly pattern: string;
  readonly confidence: Confidence;
}

/** Share of right diagnoses with this pattern over simulator seeds kept apart from the tests. Fewer than 50 cases: unproven. */
export type Confidence = { readonly type: "measured"; readonly share: number; readonly cases: number } | { readonly type: "unproven"; readonly cases: number };

export interface Diagnosis {
  /** Best first. Empty: not provable from what is visible. */
  readonly candidates: readonly Candidate[];
  /** What changed shortly before: revision, config, node, policy. */
  readonly changes: readonly Evidence[];
  readonly at: number;
}

export const MIN_CASES = 50;
