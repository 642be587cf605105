/** Everything that can happen to the engine. */
import type { Observation, Reviewed } from "../ports/cluster.ts";
import type { Asker } from "./actor.ts";
import type { ClusterObject } from "./kube.ts";
import type { Policy } from "./policy.ts";
import type { Record } from "./record.ts";
import type { Ref } from "./ref.ts";
import type { Failure, Permission } from "./step.ts";
import type { TicketChange, TicketReport } from "./ticket.ts";

export type Input =
  | { readonly type: "observed"; readonly observations: readonly Observation[] }
  | { readonly type: "outcome"; readonly effect: string; readonly outcome: Outcome }
  | { readonly type: "command"; readonly command: Command; readonly by: Asker }
  /** `by`: who put it in force while the engine runs; else it is the document that it was started with. */
  | { readonly type: "policy"; readonly policy: Policy; readonly by?: Asker }
  /** May acts run at all: `serve` without `--act` says no; the Lease says whether we are the one. */
  | { readonly type: "authority"; readonly authority: Authority }
  /** The ledger, at start: state is rebuilt from it. */
  | { readonly type: "restored"; readonly records: readonly Record[] }
  /** The wall clock went forward by itself: what must hold for a while has to be seen to hold again. */
  | {
      readonly type: "clock-stepped";
      readonly byMs: number;
      /** It did not step: the server's clock, by which all that was restored is dated, is known only now. */
      readonly found?: boolean;
    }
  | { readonly type: "tick" };

export type Authority =
  | { readonly type: "read-only" }
  | { readonly type: "waiting"; readonly reason: string }
  | { readonly type: "leading"; readonly epoch: number; readonly actFrom: number };

export type Outcome =
  /** A step was carried out; the object as it is afterwards, where the API returns one. */
  | { readonly type: "applied"; readonly object?: ClusterObject }
  | { readonly type: "failed"; readonly failure: Failure }
  /** Facts for a plan: fresh objects (undefined: does not exist), permissions, dry run. */
  | {
      readonly type: "preflight";
      readonly objects: readonly { readonly ref: Ref; readonly object?: ClusterObject }[];
      readonly permissions: readonly { readonly permission: Permission; readonly answer: Reviewed }[];
      readonly dryRun: { readonly answer: "accepted" | "refused" | "unknown" | "not-asked"; readonly reason: string };
    }
  /** A fresh look at one object after an uncertain answer. */
  | { readonly type: "looked"; readonly object?: ClusterObject }
  /** The writer's right was lost before the effect was sent: it was not sent. */
  | { readonly type: "fenced"; readonly reason: string };

/** What people ask for. Each answers with a CommandReply. */
export type Command =
  /** `elicited`: an assistant put the question to its owner, who said yes. Assistants alone, and only where policy allows it. */
  | { readonly type: "approve"; readonly incident: string; readonly planHash: string; readonly elicited?: true }
  | { readonly type: "deny"; readonly incident: string; readonly why: string }
  | { readonly type: "undo"; readonly incident: string; readonly why: string }
  | { readonly type: "propose"; readonly incident: string }
  | { readonly type: "close"; readonly incident: string; readonly why: string }
  /** Somebody outside wants it mended: it is looked at again where it rests. What stands in the way, a veto too, goes on standing there. */
  | { readonly type: "request"; readonly incident: string; readonly why: string }
  | { readonly type: "pause"; readonly why: string }
  | { readonly type: "resume"; readonly why: string }
  | {
      readonly type: "silence";
      readonly id: string;
      readonly namespace?: string;
      readonly kind?: string;
      readonly name?: string;
      readonly mode?: string;
      readonly durationMs: number;
      readonly why: string;
    }
  | { readonly type: "unsilence"; readonly id: string }
  | { readonly type: "ticket-open"; readonly report: TicketReport }
  | { readonly type: "ticket-change"; readonly ticket: string; readonly change: TicketChange }
  | { readonly type: "ticket-close"; readonly ticket: string; readonly why: string };

export type CommandReply =
  /** `id`: of what was made or changed, where it is not named in the command. */
  | { readonly ok: true; readonly text: string; readonly id?: string }
  | { readonly ok: false; readonly code: "not-found" | "conflict" | "invalid" | "forbidden"; readonly text: string };
