/** What the engine wants done, as data. `drive.ts` performs it; nothing here has happened yet. */

import type { Plan } from "./action.ts";
import type { Actor } from "./actor.ts";
import type { CommandReply } from "./input.ts";
import type { RecordBody } from "./record.ts";
import type { Ref } from "./ref.ts";
import type { Permission, Step, Target } from "./step.ts";

export type Effect =
  /** Stored before any effect that follows it in the list. */
  | { readonly type: "record"; readonly body: RecordBody; readonly actor: Actor }
  | { readonly type: "apply"; readonly id: string; readonly step: Step }
  | { readonly type: "look"; readonly id: string; readonly ref: Ref }
  | {
      readonly type: "preflight";
      readonly id: string;
      readonly plan: Plan;
      readonly refs: readonly Ref[];
      readonly permissions: readonly Permission[];
      readonly dryRun: boolean;
    }
  | {
      readonly type: "announce";
      readonly target: Target;
      readonly event: { readonly type: "Normal" | "Warning"; readonly reason: string; readonly message: string };
    }
  | { readonly type: "notify"; readonly notice: Notice }
  | { readonly type: "reply"; readonly reply: CommandReply }
  /** Come back with a tick at this moment even if nothing happens. */
  | { readonly type: "wake"; readonly at: number };

/** For people: what happened to an incident, in one sentence, and what they can do. */
export interface Notice {
  readonly incident: string;
  readonly phase: string;
  readonly severity: string;
  readonly title: string;
  readonly text: string;
  readonly at: number;
}
