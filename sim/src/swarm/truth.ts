/** What the injected truth says about a run: what was broken and by what, what reports it, and what is nobody's business. */
import { controllerOf, type Incident, type Ref, refKey } from "@kintsugi/core";
import type { AuditEntry } from "../api/actor.ts";
import { isTerminal } from "../controllers/pods.ts";
import { isWell, neededBy } from "../scenario/stage.ts";
import { quotaCause } from "../scenario/victims.ts";
import type { Played, Run } from "./run.ts";

/** So many workloads at once are a storm by the shipped policy. */
const STORM_OWNERS = 10;
const STORM_WITHIN_MS = 5 * 60_000;

/** True when the fault broke the object, or took from it what it needs, by the moment `at`. */
export function concerns(run: Run, one: Played, ref: Ref, at: number): boolean {
  if (one.fault.id === "nothing-wrong" || one.at > at) return false;
  const key = refKey(ref);
  return one.injection.targets.some((target) => refKey(target) === key) || sufferedAs(run, one, ref, at).length > 0;
}

/** As `concerns`, or true when it needs what is concerned: whoever calls the ill is ill as well, but of nothing that it could be healed of. */
function reaches(run: Run, one: Played, ref: Ref, at: number): boolean {
  if (concerns(run, one, ref, at)) return true;
  const { apps } = run.stage;
  return apps.some((app) => concerns(run, one, app.ref, at) && neededBy(apps, app.ref).some((caller) => isOfApp(caller, ref)));
}

/** The application itself, or the Service of its name. */
function isOfApp(app: Ref, { kind, namespace, name }: Ref): boolean {
  return app.namespace === namespace && app.name === name && (app.kind === kind || kind === "Service");
}

function sufferedAs({ stage }: Run, { injection, at: begun }: Played, ref: Ref, at: number) {
  return stage.victims.of(ref, injection.causes ?? [], begun, Math.min(at, injection.endsAt ?? at));
}

/** Failure modes that are right answers about an object at a moment; `nothing-wrong` where no fault concerns it. */
export function rightModes(run: Run, ref: Ref, at: number): ReadonlySet<string> {
  const concerned = run.played.filter((one) => concerns(run, one, ref, at));
  const isBroken = (one: Played) => one.injection.targets.some((target) => refKey(target) === refKey(ref));
  const suffered = concerned.flatMap((one) => sufferedAs(run, one, ref, at).flatMap(({ shows }) => shows ?? []));
  const right = new Set([...concerned.filter(isBroken).flatMap((one) => one.fault.truth), ...suffered]);
  if (isWholeCluster(ref) && isStorm(run, at)) right.add("storm");
  if (!isWholeCluster(ref) && !run.played.some((one) => reaches(run, one, ref, at))) right.add("nothing-wrong");
  return right;
}

function isWholeCluster(ref: Ref): boolean {
  return ref.name === "*";
}

/** One was played, or by now so many are concerned by what was played that it is one. */
function isStorm(run: Run, at: number): boolean {
  const before = run.played.filter((one) => one.at <= at);
  if (before.some((one) => one.fault.truth.includes("storm"))) return true;
  const refs = before.flatMap(({ injection }) => [
    ...injection.targets,
    ...run.stage.victims.between(injection.causes ?? [], at - STORM_WITHIN_MS, at).map((victim) => victim.ref),
  ]);
  return new Set(refs.map(refKey)).size >= STORM_OWNERS;
}

/** True for an incident about what no fault has touched. */
export function isFalseAlarm(run: Run, { subject, openedAt }: Incident): boolean {
  return isWholeCluster(subject) ? !isStorm(run, openedAt) : !run.played.some((one) => reaches(run, one, subject, openedAt));
}

export interface Report {
  readonly incident: Incident;
  readonly at: number;
  /** True when the incident was about something else before the fault began. */
  readonly isOlder: boolean;
}

/** The incident that reports a fault: on one of its targets, or on the storm that it is. */
export function reportOf(run: Run, one: Played): Report | undefined {
  const keys = new Set(one.injection.targets.map(refKey));
  const storm = one.fault.truth.includes("storm");
  const about = run.incidents.filter(({ subject }) => keys.has(refKey(subject)) || (storm && isWholeCluster(subject)));
  const reports = about.flatMap((incident) => reportBy(run, one, incident) ?? []);
  return (
    reports.find(({ incident }) => storm && isWholeCluster(incident.subject)) ??
    reports.find(({ incident }) => refKey(incident.subject) === refKey(one.injection.subject)) ??
    reports[0]
  );
}

/** An incident that is older than the fault reports it where it says from then on what is right about it: two storms at once are one incident. */
function reportBy(run: Run, one: Played, incident: Incident): Report | undefined {
  if (incident.openedAt >= one.at) return { incident, at: incident.openedAt, isOlder: false };
  let state: Incident | undefined;
  for (const { at, body } of run.records) {
    if (body.type !== "incident" || body.incident.id !== incident.id) continue;
    if (at > one.at && says(state, one)) return { incident, at: one.at, isOlder: true };
    state = body.incident;
    if (at > one.at && says(state, one)) return { incident, at, isOlder: true };
  }
  return says(state, one) ? { incident, at: one.at, isOlder: true } : undefined;
}

function says(incident: Incident | undefined, { fault }: Played): boolean {
  return incident !== undefined && incident.phase !== "resolved" && fault.truth.includes(incident.mode ?? "");
}

/** A write belongs to a fault when the fault concerns its object or an owner of it, or when it makes room in a quota that the fault has filled. */
export function isAbout(run: Run, write: AuditEntry): boolean {
  const refs = [write.ref, ...ownersOf(run, write)];
  return run.played.some((one) => refs.some((ref) => concerns(run, one, ref, write.at)) || (one.at <= write.at && frees(one, write)));
}

function frees({ injection }: Played, { verb, before }: AuditEntry): boolean {
  const isFinished = verb === "delete" && before?.kind === "Pod" && isTerminal(before);
  return isFinished && (injection.causes ?? []).some((cause) => cause.startsWith(quotaCause(before.metadata.namespace, "")));
}

function ownersOf(run: Run, write: AuditEntry): readonly Ref[] {
  const owners: Ref[] = [];
  let object = write.before ?? write.after;
  while (object !== undefined) {
    const owner = controllerOf(object);
    const { namespace } = object.metadata;
    const retried = object.metadata.annotations["kintsugi.dev/recreated-from"];
    if (object.kind === "Job" && retried !== undefined) owners.push({ kind: "Job", namespace, name: retried });
    if (owner === undefined) break;
    const ref = { kind: owner.kind, namespace, name: owner.name } as Ref;
    owners.push(ref);
    object = run.stage.cluster.world.store.find(ref);
  }
  return owners;
}

/** Applications that nothing was done to by the scenario, nor to what they need, and that are not well at the end. */
export function sickWithoutFault(run: Run): readonly Ref[] {
  return run.stage.apps
    .map((app) => app.ref)
    .filter((ref) => !run.stage.taken.has(refKey(ref)) && !run.played.some((one) => reaches(run, one, ref, run.ended)) && !isWell(run.stage, ref));
}
