/** Laws that every run must keep, checked from the outside: the API server's audit against the ledger. A broken law is a defect, whatever the score. */
import { type Incident, type Record, refKey, stepRef } from "@kintsugi/core";
import type { AuditEntry } from "../api/actor.ts";
import type { Run } from "./run.ts";
import { isAbout, sickWithoutFault } from "./truth.ts";
import { undoRestores } from "./undo-restores.ts";
import type { Violation } from "./violation.ts";
import { withinPolicy } from "./within-policy.ts";

type Act = Extract<Record["body"], { type: "act" }> & { readonly at: number };

const HOUR_MS = 3_600_000;

export function check(run: Run): readonly Violation[] {
  const acts = run.records.flatMap((record): Act[] => (record.body.type === "act" ? [{ ...record.body, at: record.at }] : []));
  return [
    ...recordedBefore(run.writes, acts),
    ...withinPolicy(run),
    ...oneAtATime(run.records),
    ...bounded(run.incidents, run.policy.limits.attemptsPerTarget),
    ...undoRestores(run),
    ...untouched(run),
    ...ended(run),
  ];
}

/** The engine's reckoning may differ from the API server's clock by so much until it notices. */
const CLOCK_SLACK_MS = 5_000;

/** Every write has a record of the same step, stored before it. */
function recordedBefore(writes: readonly AuditEntry[], acts: readonly Act[]): Violation[] {
  return writes
    .filter(
      (write) => !acts.some((act) => act.at <= write.at + CLOCK_SLACK_MS && refKey(stepRef(act.step)) === refKey(write.ref) && act.step.verb === write.verb),
    )
    .map((write) => ({ law: "record before act", detail: `${write.verb} ${refKey(write.ref)} at ${new Date(write.at).toISOString()} has no record` }));
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

function bounded(incidents: readonly Incident[], limit: number): Violation[] {
  return incidents
    .filter((incident) => incident.reopened === 0 && incident.attempts.filter((attempt) => attempt.outcome !== "failed").length > limit)
    .map((incident) => ({ law: "attempts are bounded", detail: `${incident.id} made ${incident.attempts.length}` }));
}

/** Whatever no fault concerns is written by nobody, and is well at the end. */
function untouched(run: Run): Violation[] {
  const law = "healthy things are untouched";
  const written = run.writes.filter((write) => !isAbout(run, write));
  return [
    ...written.map((write) => ({ law, detail: `${write.verb} ${refKey(write.ref)} at ${new Date(write.at).toISOString()}, and nothing was wrong with it` })),
    ...sickWithoutFault(run).map((ref) => ({ law, detail: `${refKey(ref)} is not well at the end, and no fault concerns it` })),
    ...run.scenes.filter((scene) => !scene.isWell()).map(({ targets }) => ({ law, detail: `${targets.map(refKey).join(", ")} is not as its people meant it` })),
  ];
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
