/** What an engine did, read from its writes alone: which action each one was, which ones undid others, and which belong to one act. */
import type { ClusterObject } from "@kintsugi/core";
import type { AuditEntry } from "../api/actor.ts";
import { isTerminal } from "../controllers/pods.ts";
import type { Moment } from "../scenario/moments.ts";
import { changedFields, fieldsOf } from "./fields.ts";

export interface Act {
  /** Id of the action, as the policy names it; undefined for a write that no action makes. */
  readonly action: string | undefined;
  /** It gave every field that it changed the value from before an earlier write of an engine. */
  readonly isUndo: boolean;
  /** One for each object, oldest first. */
  readonly moments: readonly Moment[];
}

/** Writes of one plan follow each other faster than this, ms. */
const ONE_PLAN_MS = 60_000;

/** Oldest first. */
export function actsOf(moments: readonly Moment[]): readonly Act[] {
  const acts: { action: string | undefined; isUndo: boolean; moments: Moment[] }[] = [];
  for (const [i, moment] of moments.entries()) {
    const action = actionOf(moment.write);
    const isUndo = moments.slice(0, i).some((earlier) => takesBack(moment.write, earlier.write));
    const open = acts.findLast((act) => !act.isUndo && continues(act, moment));
    if (open !== undefined && !isUndo) open.moments.push(moment);
    else acts.push({ action, isUndo, moments: [moment] });
  }
  return acts;
}

/** A plan deletes several finished pods, or rolls a StatefulSet back and deletes the pod that stands in the way; each object once. */
function continues({ action, moments }: Act, { write, chain }: Moment): boolean {
  const last = moments.at(-1);
  if (last === undefined || write.verb !== "delete" || write.at - last.write.at > ONE_PLAN_MS) return false;
  if (action !== "delete-finished-pods" && action !== "roll-back") return false;
  return rootUid(chain) === rootUid(last.chain) && moments.every((one) => one.write.ref.uid !== write.ref.uid);
}

function rootUid(chain: readonly ClusterObject[]): string | undefined {
  return chain.at(-1)?.metadata.uid;
}

/** The action that makes such a write; a pod that has not ended is only deleted where a rollback needs its place. */
export function actionOf({ verb, before, after }: AuditEntry): string | undefined {
  const kind = (before ?? after)?.kind;
  if (verb === "evict") return kind === "Pod" ? "evict-pod" : undefined;
  if (verb === "create" || kind === "Job") return kind === "Job" && verb !== "patch" ? "recreate-job" : undefined;
  if (verb === "delete") return before?.kind !== "Pod" ? undefined : isTerminal(before) ? "delete-finished-pods" : "roll-back";
  if (before === undefined || after === undefined || verb !== "patch") return undefined;
  if (kind === "Node") return "uncordon";
  if (kind === "Service") return "restore-selector";
  if (kind !== "Deployment" && kind !== "StatefulSet" && kind !== "DaemonSet") return undefined;
  const changed = [...changedFields(before, after)];
  if (changed.every((field) => field === "/spec/replicas")) return "scale-to-previous";
  if (changed.every((field) => field.endsWith("~1restartedAt"))) return "rollout-restart";
  if (changed.every((field) => field.endsWith("/resources/limits/memory"))) return "raise-memory-limit";
  return changed.every((field) => field.startsWith("/spec/template")) ? "roll-back" : undefined;
}

/** True when every field that the write changed has the value from before the earlier one, which changed them too. */
function takesBack(write: AuditEntry, earlier: AuditEntry): boolean {
  if (earlier.ref.uid !== write.ref.uid) return false;
  if (earlier.verb === "create") return write.verb === "delete";
  if (earlier.before === undefined || earlier.after === undefined || write.before === undefined || write.after === undefined) return false;
  if (write.verb !== "patch") return false;
  const [then, now] = [fieldsOf(earlier.before), fieldsOf(write.after)];
  const touched = changedFields(earlier.before, earlier.after);
  const changed = [...changedFields(write.before, write.after)];
  return changed.length > 0 && changed.every((field) => touched.has(field) && then.get(field) === now.get(field));
}
