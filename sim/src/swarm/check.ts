/** Laws that every run must keep, checked from the outside: the API server's audit against the ledger. A broken law is a defect, whatever the score. */
import { type Incident, type Record, type Ref, refKey, stepRef } from "@kintsugi/core";
import type { AuditEntry } from "../api/actor.ts";
import type { Run } from "./run.ts";

export interface Violation {
  readonly law: string;
  readonly detail: string;
}

type Act = Extract<Record["body"], { type: "act" }> & { readonly at: number };

const HOUR_MS = 3_600_000;

export interface CheckLimits {
  readonly owner: number;
  readonly namespace: number;
  readonly cluster: number;
  readonly target: number;
}

export const DEFAULT_LIMITS: CheckLimits = { owner: 3, namespace: 6, cluster: 12, target: 3 };

export function check(run: Run, limits: CheckLimits = DEFAULT_LIMITS): readonly Violation[] {
  const acts = run.records.flatMap((record): Act[] => (record.body.type === "act" ? [{ ...record.body, at: record.at }] : []));
  return [
    ...recordedBefore(run.writes, acts),
    ...withinLimits(acts, run.records, limits),
    ...oneAtATime(run.records),
    ...bounded(run.incidents, limits),
    ...undone(run),
    ...ended(run),
  ];
}

/** Every write has a record of the same step, stored before it. */
function recordedBefore(writes: readonly AuditEntry[], acts: readonly Act[]): Violation[] {
  return writes
    .filter((write) => !acts.some((act) => act.at <= write.at + 60_000 && refKey(stepRef(act.step)) === refKey(write.ref) && act.step.verb === write.verb))
    .map((write) => ({ law: "record before act", detail: `${write.verb} ${refKey(write.ref)} at ${new Date(write.at).toISOString()} has no record` }));
}

/** Plans begun per hour, counted once each whatever their steps; those certainly not carried out are left out, as the policy counts. */
function withinLimits(acts: readonly Act[], records: readonly Record[], limits: CheckLimits): Violation[] {
  const failed = new Set<string>();
  for (const { body } of records)
    if (body.type === "incident") {
      // One that was not carried out goes on under the same id.
      for (const attempt of body.incident.attempts) attempt.outcome === "failed" ? failed.add(attempt.id) : failed.delete(attempt.id);
    }
  const begun = acts.filter((act) => !act.undo && act.index === 0 && !failed.has(act.attempt));
  const over = (name: string, key: (act: Act) => string, limit: number): Violation[] =>
    [...Map.groupBy(begun, key)].flatMap(([who, all]) =>
      all.flatMap((act) => {
        const within = new Set(all.filter((other) => other.at > act.at - HOUR_MS && other.at <= act.at).map((other) => other.attempt)).size;
        return within > limit ? [{ law: `at most ${limit} acts an hour per ${name}`, detail: `${within} on ${who}` }] : [];
      }),
    );
  return [
    ...over("owner", (act) => refKey(act.owner), limits.owner),
    ...over("namespace", (act) => act.owner.namespace || refKey(act.owner), limits.namespace),
    ...over("cluster", () => "the cluster", limits.cluster),
  ];
}

/** Between the record of an act and the end of its phase nobody else acts on that owner. */
function oneAtATime(records: readonly Record[]): Violation[] {
  const busy = new Map<string, string>();
  const violations: Violation[] = [];
  for (const { body } of records) {
    if (body.type === "act") {
      const key = refKey(body.owner);
      const other = busy.get(key);
      if (other !== undefined && other !== body.incident)
        violations.push({ law: "one act per owner at a time", detail: `${body.incident} on ${key} while ${other} is at it` });
      busy.set(key, body.incident);
    } else if (body.type === "incident" && !["acting", "verifying", "undoing"].includes(body.incident.phase)) {
      for (const [key, id] of busy) if (id === body.incident.id) busy.delete(key);
    }
  }
  return violations;
}

function bounded(incidents: readonly Incident[], limits: CheckLimits): Violation[] {
  return incidents
    .filter((incident) => incident.reopened === 0 && incident.attempts.filter((attempt) => attempt.outcome !== "failed").length > limits.target)
    .map((incident) => ({ law: "attempts are bounded", detail: `${incident.id} made ${incident.attempts.length}` }));
}

/** After an undo that says it restored, the fields that its inverse set have the values from before, unless somebody else wrote since. */
function undone(run: Run): Violation[] {
  const violations: Violation[] = [];
  for (const incident of run.incidents) {
    for (const attempt of incident.attempts) {
      if (attempt.outcome !== "undone" || attempt.plan.inverse.type !== "exact") continue;
      for (const step of attempt.plan.inverse.steps)
        if (step.verb === "patch" && !wasWritten(run, step.target))
          violations.push({ law: "undo restores", detail: `${attempt.id} left no write on ${refKey(step.target)}` });
    }
  }
  return violations;
}

function wasWritten(run: Run, target: Ref): boolean {
  return run.writes.filter((write) => refKey(write.ref) === refKey(target)).length >= 2;
}

/** At the end each incident has ended, waits for a named person or condition, or is younger than its own windows. */
function ended(run: Run): Violation[] {
  return run.incidents
    .filter((incident) => !isAtRest(incident) && run.ended - incident.changedAt > HOUR_MS / 2)
    .map((incident) => ({
      law: "every incident ends or waits for a named person or condition",
      detail: `${incident.id} is ${incident.phase} since ${new Date(incident.changedAt).toISOString()}`,
    }));
}

function isAtRest(incident: Incident): boolean {
  switch (incident.phase) {
    case "resolved":
      return true;
    case "escalated":
      return incident.waitsFor !== "" && incident.why !== "";
    case "awaiting":
      return incident.proposal.expiresAt > 0;
    case "held":
      return incident.why !== "";
    default:
      return false;
  }
}
