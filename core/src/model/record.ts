/** Append-only ledger entries, stored before the step that they describe. */
import type { Actor } from "./actor.ts";
import type { Incident } from "./incident.ts";
import type { KnownGood } from "./known-good.ts";
import type { PolicySpec } from "./policy.ts";
import type { Ref } from "./ref.ts";
import type { Step } from "./step.ts";
import type { Ticket } from "./ticket.ts";

export interface Silence {
  readonly id: string;
  /** Patterns with `*`; a missing one matches everything. */
  readonly namespace?: string;
  readonly kind?: string;
  readonly name?: string;
  readonly mode?: string;
  readonly by: string;
  readonly why: string;
  readonly from: number;
  readonly until: number;
}

export type RecordBody =
  /** A transition, or evidence that changed within a phase. Holds the whole incident as it is from now on. */
  | {
      readonly type: "incident";
      readonly incident: Incident;
      readonly from: Incident["phase"] | "-";
      readonly reason: string;
      readonly inputs?: DecisionInputs;
    }
  /** Written before a step is sent. */
  | {
      readonly type: "act";
      readonly incident: string;
      readonly attempt: string;
      readonly step: Step;
      readonly index: number;
      readonly undo: boolean;
      readonly target: Ref;
      readonly owner: Ref;
    }
  | { readonly type: "paused"; readonly reason: string }
  | { readonly type: "resumed"; readonly reason: string }
  | { readonly type: "silenced"; readonly silence: Silence }
  | { readonly type: "unsilenced"; readonly id: string }
  /** A ticket as it is from now on. */
  | { readonly type: "ticket"; readonly ticket: Ticket; readonly reason: string }
  | { readonly type: "vetoed"; readonly owner: Ref; readonly until: number; readonly reason: string }
  | { readonly type: "policy"; readonly name: string; readonly hash: string; readonly spec: PolicySpec }
  | { readonly type: "known-good"; readonly known: KnownGood }
  | { readonly type: "storm"; readonly state: "begun" | "ended"; readonly reason: string }
  /** A version was seen for the first time, or to have `changed`. */
  | { readonly type: "version"; readonly component: "api-server" | "kubelet"; readonly version: string; readonly changed: boolean }
  | { readonly type: "started"; readonly reason: string };

/** What a decision has used, so that `replay` can make it again. `json` is undefined when it was too large to keep or not asked for. */
export interface DecisionInputs {
  readonly json: string | undefined;
  /** SHA-256 of the canonical JSON of the decision, to compare with. */
  readonly decisionHash: string;
}

export interface Record {
  /** Position in the ledger, from 1. */
  readonly seq: number;
  readonly at: number;
  readonly cluster: string;
  readonly actor: Actor;
  readonly policyHash: string;
  /** Version of the program that wrote it. */
  readonly version: string;
  readonly epoch: number;
  readonly body: RecordBody;
  /** Hash of the record before it; 64 zeros for the first. */
  readonly previous: string;
  /** SHA-256 over all of the above in canonical JSON, where `inputs` has, in place of a `json`, its SHA-256 as `jsonHash`. */
  readonly hash: string;
}
