/** What a run was worth, counted against the injected truth. */
import { controllerOf, type Incident, type Ref, refKey } from "@kintsugi/core";
import type { AuditEntry } from "../api/actor.ts";
import { isWell, neededBy } from "../scenario/stage.ts";
import type { Played, Run } from "./run.ts";

export interface Score {
  readonly seeds: number;
  /** Faults that something could be reported about. */
  readonly faults: number;
  readonly detected: number;
  readonly incidents: number;
  /** Incidents about nothing that was broken. */
  readonly falseAlarms: number;
  /** Detected faults with a right answer in the catalogue, and how many had it at the top. */
  readonly diagnosable: number;
  readonly top1: number;
  /** Faults that an allowed action can heal, and those that were over at the end. */
  readonly healable: number;
  readonly healed: number;
  /** Faults of any kind that were over at the end. */
  readonly over: number;
  /** Writes on what was not broken, and applications that were well before and are not at the end without any fault. */
  readonly harmed: number;
  readonly writes: number;
  /** From the fault to its first incident, and to its end where it was healed, ms. */
  readonly detectMs: readonly number[];
  readonly healMs: readonly number[];
}

export const NO_SCORE: Score = {
  seeds: 0,
  faults: 0,
  detected: 0,
  incidents: 0,
  falseAlarms: 0,
  diagnosable: 0,
  top1: 0,
  healable: 0,
  healed: 0,
  over: 0,
  harmed: 0,
  writes: 0,
  detectMs: [],
  healMs: [],
};

/** A fault that begins later than this before the end has no time to be healed: it is not counted. */
const LEAST_TIME_MS = 30 * 60_000;

export function scoreRun(run: Run): Score {
  const counted = run.played.filter((one) => one.fault.id !== "nothing-wrong" && run.ended - one.at >= LEAST_TIME_MS);
  const found = counted.map((one) => ({ one, incident: incidentFor(run, one) }));
  const detected = found.filter(({ incident }) => incident !== undefined);
  const diagnosable = detected.filter(({ one }) => one.fault.truth.length > 0);
  const healable = counted.filter((one) => one.fault.healedBy.length > 0);
  const healed = healable.filter((one) => one.overAt !== undefined);
  return {
    seeds: 1,
    faults: counted.length,
    detected: detected.length,
    incidents: run.incidents.length,
    falseAlarms: run.incidents.filter((incident) => isFalseAlarm(run, incident)).length,
    diagnosable: diagnosable.length,
    top1: diagnosable.filter(({ one, incident }) => incident !== undefined && one.fault.truth.includes(firstMode(run, incident) ?? "")).length,
    healable: healable.length,
    healed: healed.length,
    over: counted.filter((one) => one.overAt !== undefined).length,
    harmed: run.writes.filter((write) => !isAbout(run, write)).length + sickWithoutFault(run),
    writes: run.writes.length,
    detectMs: detected.map(({ one, incident }) => (incident?.openedAt ?? one.at) - one.at),
    healMs: healed.map((one) => (one.overAt ?? one.at) - one.at),
  };
}

export function addScores(scores: readonly Score[]): Score {
  return scores.reduce((sum, score) => {
    const added: Partial<Record<keyof Score, number | readonly number[]>> = {};
    for (const key of Object.keys(NO_SCORE) as (keyof Score)[]) {
      const [a, b] = [sum[key], score[key]];
      added[key] = typeof a === "number" && typeof b === "number" ? a + b : [...(a as readonly number[]), ...(b as readonly number[])];
    }
    return added as unknown as Score;
  }, NO_SCORE);
}

/** The incident that reports a fault: on one of its targets, or on the storm that it is, opened after it began. */
export function incidentFor(run: Run, one: Played): Incident | undefined {
  const keys = new Set(one.injection.targets.map(refKey));
  const isStorm = one.fault.truth.includes("storm");
  const candidates = run.incidents.filter(
    (incident) => incident.openedAt >= one.at && (keys.has(refKey(incident.subject)) || (isStorm && incident.mode === "storm")),
  );
  return (
    candidates.find((incident) => isStorm && incident.mode === "storm") ??
    candidates.find((incident) => refKey(incident.subject) === refKey(one.injection.subject)) ??
    candidates[0]
  );
}

/** The mode of the first diagnosis that was acted or asked on: what a person was told first. */
function firstMode(run: Run, incident: Incident): string | undefined {
  for (const { body } of run.records) {
    if (body.type === "incident" && body.incident.id === incident.id && body.incident.mode !== undefined) return body.incident.mode;
  }
  return incident.mode ?? incident.diagnosis?.candidates[0]?.mode;
}

/** True for an incident about what no fault has touched. A storm is a false alarm unless one was played. */
export function isFalseAlarm(run: Run, incident: Incident): boolean {
  const before = run.played.filter((one) => one.at <= incident.openedAt);
  if (incident.mode === "storm" || incident.subject.name === "*") return !before.some((one) => one.fault.truth.includes("storm")) && before.length < 3;
  if (isVictimOfNode(run, incident, before)) return false;
  return !before.some((one) => one.fault.id !== "nothing-wrong" && one.injection.targets.some((target) => refKey(target) === refKey(incident.subject)));
}

/** What its findings first pointed at was a node that a fault took away. */
function isVictimOfNode(run: Run, incident: Incident, before: readonly Played[]): boolean {
  const nodes = new Set(before.flatMap((one) => one.injection.targets.filter((target) => target.kind === "Node").map(refKey)));
  return run.records.some(
    ({ body }) =>
      body.type === "incident" &&
      body.incident.id === incident.id &&
      body.incident.findings.some((finding) => finding.cause !== undefined && nodes.has(refKey(finding.cause))),
  );
}

/** A write belongs to a fault when its object, or an owner of it, is one of the fault's targets. */
function isAbout(run: Run, write: AuditEntry): boolean {
  const names = new Set([refKey(write.ref), ...ownersOf(run, write)]);
  return run.played.some((one) => one.at <= write.at && one.fault.id !== "nothing-wrong" && one.injection.targets.some((target) => names.has(refKey(target))));
}

function ownersOf(run: Run, write: AuditEntry): readonly string[] {
  const owners: string[] = [];
  let object = write.before ?? write.after;
  while (object !== undefined) {
    const owner = controllerOf(object);
    const retried = object.metadata.annotations["kintsugi.dev/recreated-from"];
    if (object.kind === "Job" && retried !== undefined) owners.push(`Job/${object.metadata.namespace}/${retried}`);
    if (owner === undefined) break;
    const ref = { kind: owner.kind, namespace: object.metadata.namespace, name: owner.name } as Ref;
    owners.push(refKey(ref));
    object = run.stage.cluster.world.store.find(ref);
  }
  return owners;
}

/** Applications that nothing was done to by the scenario, nor to what they need, and that are not well at the end. */
function sickWithoutFault(run: Run): number {
  const targets = run.played.flatMap((one) => one.injection.targets);
  const touched = new Set([...targets, ...targets.flatMap((target) => neededBy(run.stage.apps, target))].map(refKey));
  const stormy = run.played.some((one) => one.fault.id.startsWith("storm") || one.fault.id.startsWith("node"));
  if (stormy) return 0;
  return run.stage.apps.filter((app) => !touched.has(refKey(app.ref)) && !run.stage.taken.has(refKey(app.ref)) && !isWell(run.stage, app.ref)).length;
}

/** Wilson score interval, 95 % (E. B. Wilson, 1927): honest also at 0 and 1 and for few cases. */
export function wilson(right: number, cases: number): { readonly low: number; readonly high: number } {
  if (cases === 0) return { low: 0, high: 1 };
  const z = 1.959964;
  const share = right / cases;
  const denominator = 1 + (z * z) / cases;
  const centre = share + (z * z) / (2 * cases);
  const spread = z * Math.sqrt((share * (1 - share)) / cases + (z * z) / (4 * cases * cases));
  // Exactly 0 where nothing and exactly 1 where everything was right: there centre and spread are equal but for rounding, which may leave either side over.
  return {
    low: right === 0 ? 0 : Math.max(0, (centre - spread) / denominator),
    high: right === cases ? 1 : Math.min(1, (centre + spread) / denominator),
  };
}
