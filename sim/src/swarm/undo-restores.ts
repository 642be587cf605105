/** The law that an undo restores: after one that says so, each field that the act changed has the very value from before, as the audit has it. */
import { type Attempt, type Record, refKey } from "@kintsugi/core";
import type { AuditEntry } from "../api/actor.ts";
import { changedFields, fieldsOf } from "./fields.ts";
import type { Run } from "./run.ts";
import type { Violation } from "./violation.ts";

const LAW = "undo restores";

export function undoRestores(run: Run): Violation[] {
  const audit = run.stage.cluster.world.audit.entries().filter((entry) => entry.failure === undefined && !entry.dryRun);
  return run.incidents
    .flatMap((incident) => incident.attempts)
    .filter((attempt) => attempt.outcome === "undone" && attempt.plan.inverse.type !== "none")
    .flatMap((attempt) => writesOf(run, attempt, audit).flatMap((write) => judge(attempt, write, audit)));
}

/** What the attempt wrote: for each of its records of a step, the engine's write of that object that followed, before the attempt ended. */
function writesOf(run: Run, attempt: Attempt, audit: readonly AuditEntry[]): readonly AuditEntry[] {
  return run.records.flatMap((record) => {
    const step = stepOf(record, attempt);
    const ref = step === undefined ? undefined : step.verb === "create" ? step.ref : step.target;
    if (step === undefined || ref === undefined) return [];
    return (
      audit.find((one) => isOf(one, ref) && one.actor.kind === "engine" && one.verb === step.verb && one.at >= record.at && one.at <= endOf(attempt)) ?? []
    );
  });
}

function stepOf({ body }: Record, attempt: Attempt) {
  return body.type === "act" && body.attempt === attempt.id && !body.undo ? body.step : undefined;
}

function endOf(attempt: Attempt): number {
  return attempt.endedAt ?? Number.POSITIVE_INFINITY;
}

function isOf(entry: AuditEntry, ref: Parameters<typeof refKey>[0]): boolean {
  return refKey(entry.ref) === refKey(ref);
}

function judge(attempt: Attempt, write: AuditEntry, audit: readonly AuditEntry[]): Violation[] {
  const later = audit.filter((entry) => isOf(entry, write.ref) && audit.indexOf(entry) > audit.indexOf(write) && entry.at <= endOf(attempt));
  const what = `${attempt.id} says that ${refKey(write.ref)} is as it was`;
  if (write.verb === "create") {
    const isGone = later.some((entry) => entry.verb === "delete");
    return isGone ? [] : [{ law: LAW, detail: `${what}, and it is still there` }];
  }
  if (write.before === undefined || write.after === undefined || write.verb !== "patch") return [];
  const before = fieldsOf(write.before);
  const others = new Set(later.filter(({ actor }) => actor.kind !== "engine").flatMap(changedBy));
  const now = fieldsOf(later.at(-1)?.after ?? write.after);
  return [...changedFields(write.before, write.after)]
    .filter((field) => !others.has(field) && now.get(field) !== before.get(field))
    .map((field) => ({ law: LAW, detail: `${what}, but ${field} was ${before.get(field) ?? "not set"} and is ${now.get(field) ?? "not set"}` }));
}

function changedBy({ before, after }: AuditEntry): readonly string[] {
  return before === undefined || after === undefined ? [] : [...changedFields(before, after)];
}
