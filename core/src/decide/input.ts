/** Everything that a decision may look at. The engine gathers it; gates read nothing else, so a decision can be made again from a record. */
import type { Plan } from "../model/action.ts";
import type { Confidence } from "../model/diagnosis.ts";
import type { Approval, Preflight, Severity } from "../model/incident.ts";
import type { Authority } from "../model/input.ts";
import type { Policy } from "../model/policy.ts";
import type { Silence } from "../model/record.ts";
import type { Kind, Ref } from "../model/ref.ts";
import type { View } from "../model/view.ts";

export interface DecideInput {
  readonly now: number;
  readonly plan: Plan;
  readonly mode: {
    readonly id: string;
    /** From the API server's own words, not from statistics. */
    readonly deterministic: boolean;
    /** A person may have meant it. */
    readonly maybeMeant: boolean;
    /** Kinds that the mode and its success test look at. */
    readonly kinds: readonly Kind[];
  };
  readonly incident: {
    readonly id: string;
    /** When the trouble began by the cluster's own clock, ms. */
    readonly since: number;
    readonly openedAt: number;
    readonly subject: Ref;
    readonly severity: Severity;
  };
  readonly confidence: Confidence;
  readonly view: View;
  readonly policy: Policy;
  readonly authority: Authority;
  readonly paused: {
    /** By a person through CLI, console or API. */
    readonly api: boolean;
    /** ConfigMap `kintsugi-pause`. */
    readonly configMap: "absent" | "paused" | "unknown";
  };
  readonly silences: readonly Silence[];
  readonly vetoes: readonly Veto[];
  readonly storm: { readonly frozen: boolean; readonly until?: number; readonly reason: string };
  readonly history: History;
  /** Plans of any incident that are being carried out, verified or undone, this incident's own apart. */
  readonly inFlight: readonly InFlight[];
  readonly preflight?: Preflight;
  readonly approval?: Approval;
  /** What the plan is to cure still holds, looked at again just now. */
  readonly stillUnhealthy: boolean;
  /** Plans of other incidents that may go now or wait for a person's word. What is held goes nowhere and is in nobody's way. */
  readonly rivals: readonly Rival[];
  /** When the version of a kubelet or of the API server was last seen to change, ms. */
  readonly versionChangedAt?: number;
  /** Where we run; the ledger is a file there. */
  readonly own: { readonly namespace: string; readonly node?: string };
}

interface Veto {
  readonly owner: Ref;
  readonly until: number;
  readonly reason: string;
}

/** What was done lately, whoever's incident it was for. Older than the longest window (an hour, and the last act's cooldown) need not be given. */
interface History {
  readonly acts: readonly PastAct[];
  /** Attempts at this plan's target that were carried out. */
  readonly attemptsOnTarget: number;
  /** The last act on this plan's target. */
  readonly lastActAt?: number;
}

/** One plan that was carried out (not one step of it). */
export interface PastAct {
  readonly at: number;
  readonly owner: Ref;
  readonly target: Ref;
}

export interface InFlight {
  readonly incident: string;
  readonly target: Ref;
  /** What it lays its hand on: `claimsOf` its plan. */
  readonly claims: readonly Ref[];
  /** When it was carried out, of one that is being verified, ms. */
  readonly actedAt?: number;
  /** A Job that was run again and is not over yet, which may take hours: nothing else waits for it but what touches it. */
  readonly isUnderWay?: boolean;
}

export interface Rival {
  readonly incident: string;
  readonly claims: readonly Ref[];
  readonly deterministic: boolean;
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly planHash: string;
}
