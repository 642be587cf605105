/** Findings grouped by cause and topology, with a lifecycle. A union by phase: each phase has only its own fields. */
import type { Plan } from "./action.ts";
import type { Backer } from "./actor.ts";
import type { Decision } from "./decision.ts";
import type { Diagnosis } from "./diagnosis.ts";
import type { Health } from "./failure-mode.ts";
import type { Finding } from "./finding.ts";
import type { Ref } from "./ref.ts";

export type Severity = "critical" | "high" | "medium" | "low";

export interface IncidentBase {
  /** `inc-17`: short enough to type. */
  readonly id: string;
  readonly cluster: string;
  readonly subject: Ref;
  readonly title: string;
  readonly severity: Severity;
  readonly openedAt: number;
  /** When the trouble began by the cluster's own clock, ms. */
  readonly since: number;
  readonly changedAt: number;
  /** What is wrong now; empty while it looks healthy. */
  readonly findings: readonly Finding[];
  /** Since when there has been no finding, ms. */
  readonly healthySince?: number;
  /** Failure mode of the best candidate, once diagnosed. */
  readonly mode?: string;
  readonly diagnosis?: Diagnosis;
  /** Remediations, oldest first, the last `MAX_ATTEMPTS_KEPT`; of those that were certainly not carried out only one, as the last. */
  readonly attempts: readonly Attempt[];
  /** Incidents that this one explains. */
  readonly explains: readonly string[];
  /** How often it has come back after it was resolved. */
  readonly reopened: number;
  /** Who asked last for a plan. */
  readonly requestedBy?: Requester;
}

export const MAX_ATTEMPTS_KEPT = 10;

/** One remediation: plan, outcome, verification. */
export interface Attempt {
  /** `inc-17/2`: the second. */
  readonly id: string;
  readonly plan: Plan;
  readonly startedAt: number;
  readonly approvedBy?: string;
  /** Everybody who stood behind it, oldest first. */
  readonly backers?: readonly Backer[];
  /** `failed`: certainly not carried out. `unknown`: it may have been, or it was, and nobody can tell whether it helped. */
  readonly outcome: "running" | "helped" | "did-not-help" | "failed" | "unknown" | "undone" | "undo-failed";
  readonly detail: string;
  readonly endedAt?: number;
}

/** A proposal that waits for a person. */
export interface Proposal {
  readonly plan: Plan;
  readonly decision: Decision;
  readonly askedAt: number;
  readonly expiresAt: number;
  /** One that is not enough by itself: policy wants a second person. */
  readonly approval?: Approval;
}

/** Bound to one plan, and for a while. */
export interface Approval {
  readonly planHash: string;
  /** Whoever approved last. */
  readonly by: string;
  readonly at: number;
  readonly expiresAt: number;
  /** Everybody who stands behind the plan, oldest first. Missing in records of earlier versions: then `by` alone, unproven. */
  readonly backers?: readonly Backer[];
}

/** Who asked for a plan. It counts as long as an approval would, and for the first plan that was proposed since. */
export interface Requester extends Backer {
  readonly how: "asked";
  readonly expiresAt: number;
  /** That plan; missing until it is proposed. */
  readonly planHash?: string;
}

/** Facts that were fetched freshly for a plan: permissions, dry run. */
export interface Preflight {
  readonly planHash: string;
  readonly at: number;
  readonly permissions: readonly { readonly text: string; readonly answer: "allowed" | "denied" | "unknown" }[];
  readonly dryRun: { readonly answer: "accepted" | "refused" | "unknown" | "not-asked"; readonly reason: string };
}

/** What was so when an act began: what is new after it is measured against this. */
export interface Before {
  /** Keys of every finding there was. */
  readonly findings: readonly string[];
  /** Names of the Services that have the owner's pods. */
  readonly services: readonly string[];
}

/** Facts that are on their way: the effect that fetches them, and the plan that they are about. */
export interface Asked {
  readonly effect: string;
  readonly planHash: string;
}

export type Phase = "open" | "diagnosed" | "held" | "awaiting" | "acting" | "verifying" | "undoing" | "resolved" | "escalated";

export type Incident = IncidentBase &
  (
    | { readonly phase: "open"; readonly deadline: number }
    /** A candidate and a plan are known; facts are being fetched (`asked` is the effect) or a decision is due. */
    | {
        readonly phase: "diagnosed";
        readonly plan?: Plan;
        readonly candidate: number;
        readonly asked?: Asked;
        readonly preflight?: Preflight;
        readonly approval?: Approval;
        /** It had a plan that is not possible any more, as when somebody is mending it: not given to a person before this, ms. */
        readonly settlesAt?: number;
        readonly rereads: number;
      }
    | {
        readonly phase: "held";
        readonly settlesAt?: number;
        readonly plan?: Plan;
        readonly asked?: Asked;
        /** How long facts were waited for last, ms: twice as long each time that they change nothing. */
        readonly waitMs?: number;
        readonly candidate: number;
        /** Missing when it is not a gate that holds (throttled, denied by a person, no right to write). */
        readonly decision?: Decision;
        readonly wakeAt?: number;
        readonly preflight?: Preflight;
        readonly approval?: Approval;
        readonly why: string;
        readonly rereads: number;
      }
    | { readonly phase: "awaiting"; readonly preflight?: Preflight; readonly proposal: Proposal; readonly candidate: number; readonly rereads: number }
    | {
        readonly phase: "acting";
        /** Looking for what became of the step had no answer: when to look again. */
        readonly retryAt?: number;
        readonly plan: Plan;
        readonly candidate: number;
        readonly step: number;
        readonly effect: string;
        /** Whether the step landed is being looked up. */
        readonly looking: boolean;
        readonly approval?: Approval;
        /** A person wants it undone: it is, as soon as it is known what was carried out. */
        readonly stop?: { readonly by: string; readonly why: string };
        readonly before?: Before;
        readonly rereads: number;
      }
    | {
        readonly phase: "verifying";
        readonly plan: Plan;
        readonly candidate: number;
        readonly actedAt: number;
        readonly holdMs: number;
        readonly deadline: number;
        /** The most of the cure that was ever there (`Health.done`). */
        readonly done?: number;
        /** Since when the cluster has been seen without a break; missing while it cannot be seen. */
        readonly sightedSince?: number;
        readonly goodSince?: number;
        /** The effect that reads the owner once more at the end of the window; `retryAt`: when to ask again, as it could not be read. */
        readonly asked?: string;
        readonly retryAt?: number;
        readonly before?: Before;
        /** What went wrong by the act, as it seems, and from when on that counts, should it last. */
        readonly harm?: { readonly finding: string; readonly countsAt: number };
        readonly last: Health;
      }
    | {
        readonly phase: "undoing";
        /** The inverse step could not be sent, or not looked at: when to try again. */
        readonly retryAt?: number;
        /** How often the present inverse step was put off, and how often a look found that it had not landed. */
        readonly tries?: number;
        readonly rereads?: number;
        readonly plan: Plan;
        readonly candidate: number;
        readonly step: number;
        readonly effect: string;
        readonly why: string;
        readonly by?: string;
        readonly looking: boolean;
      }
    | {
        readonly phase: "resolved";
        readonly resolvedAt: number;
        readonly how: "healed" | "unaided" | "merged" | "closed" | "undone";
        readonly plan?: Plan;
        readonly detail: string;
        readonly mergedInto?: string;
      }
    | {
        readonly phase: "escalated";
        readonly escalatedAt: number;
        /** When time alone makes it be looked at again, ms. */
        readonly lookAt?: number;
        readonly why: string;
        readonly waitsFor: string;
        readonly plan?: Plan;
      }
  );

export type IncidentIn<P extends Phase> = Extract<Incident, { phase: P }>;

/** Phases in which nothing more will happen by itself unless the world changes. */
export function isEnded(incident: Incident): boolean {
  return incident.phase === "resolved";
}

/** A step of its plan is out, being verified, or being taken back. */
export function isInFlight(incident: Incident): incident is IncidentIn<"acting" | "verifying" | "undoing"> {
  return incident.phase === "acting" || incident.phase === "verifying" || incident.phase === "undoing";
}
