/** Catalogue entry: how to recognise it, what may fix it, how to know that it worked. */
import type { Finding } from "./finding.ts";
import type { Ref } from "./ref.ts";
import type { View } from "./view.ts";

/** One observation for or against a mode. `id` is its name in the pattern that confidence is measured for. */
export interface Evidence {
  readonly id: string;
  readonly favours: boolean;
  /** One sentence for people, quoting what was seen. Text from the cluster in it is untrusted data. */
  readonly text: string;
  readonly refs: readonly Ref[];
}

/** What a mode may look at. */
export interface Case {
  /** Root owner, node, Service or quota that the incident is about. */
  readonly subject: Ref;
  readonly findings: readonly Finding[];
  /** When the trouble began by the cluster's own clock, ms. */
  readonly since: number;
  readonly view: View;
  readonly now: number;
}

/** An action asked for by a mode, safest first. Parameters are the action's own, parsed by it. */
export interface Remedy {
  readonly action: string;
  readonly target: Ref;
  readonly params: Readonly<Record<string, unknown>>;
}

export type Health =
  | { readonly answer: "healthy"; readonly reason: string }
  /** `done`: how much of it is there already; more of it later is progress. */
  | { readonly answer: "unhealthy"; readonly reason: string; readonly done?: number }
  /** What was begun runs and will say itself how it went, at `until` (ms) at the latest where that is known. */
  | { readonly answer: "under-way"; readonly reason: string; readonly until?: number }
  | { readonly answer: "unknown"; readonly reason: string };

export interface FailureMode {
  /** Kebab-case, as in policies and on the command line. */
  readonly id: string;
  /** Number in the failure-mode catalogue (docs). */
  readonly number: number;
  readonly title: string;
  /** Detectors whose findings it can explain. */
  readonly explains: readonly string[];
  /** True when its signals come from the API server's own words and not from statistics. */
  readonly deterministic: boolean;
  /** True when a person may have meant it: such a mode asks, unless a policy names it. */
  readonly maybeMeant: boolean;
  /**
   * More specific modes win over more general ones at equal confidence: lower goes first.
   * 1 = the cluster names the reason, 2 = inferred from what changed, 3 = only the symptom.
   */
  readonly specificity: 1 | 2 | 3;
  /** Evidence for and against; undefined when the mode does not fit at all. */
  examine(given: Case): readonly Evidence[] | undefined;
  /** What may help, safest first; empty means: escalate with the runbook. */
  remedies(given: Case): readonly Remedy[];
  /** The mode's own success test on the present state. */
  healthy(given: Case): Health;
  /** Its own period of recurrence (back-off, probe period x threshold), ms: verification outlasts it. */
  recurrenceMs(given: Case): number;
}
