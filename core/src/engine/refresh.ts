/** Groups of findings -> incidents: opened, kept up to date, merged into what explains them, or found healthy. */
import type { Group } from "../correlate/correlate.ts";
import { impactOf, severityOf } from "../correlate/severity.ts";
import type { Ongoing } from "../correlate/situation.ts";
import { WHOLE_CLUSTER } from "../correlate/storm.ts";
import { modeOf } from "../diagnose/catalog.ts";
import { findingKey } from "../model/finding.ts";
import type { Incident, IncidentIn, Phase } from "../model/incident.ts";
import { type Ref, refKey, refText, sameRef } from "../model/ref.ts";
import { diagnoseIncident } from "./case.ts";
import { baseOf, keep, move } from "./move.ts";
import { emitRecord, incidentOf, liveIncidents, type State, type Turn } from "./state.ts";

const MERGEABLE: ReadonlySet<Phase> = new Set(["open", "diagnosed", "held", "awaiting", "escalated"]);

/** Correlates what is found now. Returns true when the answer is another one than before. */
export function correlateNow(state: State): boolean {
  const ongoing = new Map<string, Ongoing>();
  for (const incident of liveIncidents(state)) ongoing.set(refKey(incident.subject), incident);
  return state.correlation.run(state.detection.findings(), state.view, state.now, state.policy.spec, ongoing);
}

/** Brings the incidents in line with the last correlation. Returns those that have to be looked at because their findings changed. */
export function refresh(turn: Turn): ReadonlySet<string> {
  const { state } = turn;
  const { groups, waiting } = state.correlation.last;
  const dirty = new Set<string>();
  noteStorm(turn, groups);
  for (const group of groups) {
    const incident = incidentOf(state, group.subject);
    const isOver = group.findings.length === 0;
    const updated = isOver ? incident : incident === undefined ? open(turn, group) : update(turn, incident, group);
    if (updated === undefined) continue;
    if (!isOver) dirty.add(updated.id);
    for (const { subject, why } of group.explains) merge(turn, subject, updated, why);
  }
  const alive = new Set(groups.filter((group) => group.findings.length > 0).map((group) => refKey(group.subject)));
  const ill = new Set([...waiting, ...groups.flatMap((group) => group.explains.map((other) => refKey(other.subject)))]);
  for (const key of state.closed) if (!alive.has(key) && !ill.has(key)) state.closed.delete(key);
  for (const incident of liveIncidents(state)) {
    const key = refKey(incident.subject);
    if (alive.has(key)) continue;
    const findings = ill.has(key) ? state.detection.findingsOf(incident.subject) : [];
    if (incident.findings.length === 0 && findings.length === 0) continue;
    const healthy = findings.length === 0 ? { healthySince: incident.healthySince ?? state.now } : {};
    const { healthySince: _, ...rest } = incident;
    keep(turn, { ...rest, findings, ...healthy } as Incident);
    dirty.add(incident.id);
  }
  return dirty;
}

function open(turn: Turn, group: Group): Incident | undefined {
  const { state } = turn;
  if (state.closed.has(refKey(group.subject))) return undefined;
  const last = lastIncident(state, group.subject);
  const since = Math.min(...group.findings.map((finding) => finding.since));
  if (last?.phase === "resolved") {
    // What a person closed stays closed also when what was seen of it comes back after a gap in sight; what came back soon is the same incident.
    if (last.how === "closed" && since <= last.resolvedAt) return undefined;
    if (isWanted(state, last, since)) return undefined;
    const soon = state.now - last.resolvedAt <= state.policy.spec.windows.reopen;
    // What was explained or closed is over; a cure that a person took back has not failed, and may be proposed anew: its attempt is not carried along.
    const comesBack = last.how === "healed" || last.how === "unaided";
    if (soon && comesBack && isSameTrouble(state, last, group, since)) return reopen(turn, last, group, since);
  }
  const id = `inc-${state.nextIncident}`;
  state.nextIncident += 1;
  const base = {
    id,
    cluster: state.cluster,
    subject: group.subject,
    title: titleOf(group),
    severity: severityOf(impactOf(group.findings, state.view)),
    openedAt: state.now,
    since,
    changedAt: state.now,
    findings: group.findings,
    attempts: [],
    explains: [],
    reopened: 0,
  } as const;
  const incident: Incident = { ...base, phase: "open", deadline: state.now + state.policy.spec.windows.diagnose };
  emitRecord(turn, { type: "incident", incident, from: "-", reason: incident.title });
  keep(turn, incident);
  turn.effects.push({
    type: "notify",
    notice: { incident: id, phase: "open", severity: base.severity, title: base.title, text: summaryOf(group), at: state.now },
  });
  return incident;
}

/** By failure mode; where nothing fits yet, by whether the old one could explain what is found. */
function isSameTrouble(state: State, last: Incident, { findings }: Group, since: number): boolean {
  const mode = last.mode === undefined ? undefined : modeOf(last.mode);
  if (mode === undefined) return true;
  const best = diagnoseIncident(state, { ...last, findings, since }).candidates[0];
  return best === undefined ? findings.some(({ detector }) => mode.explains.includes(detector)) : best.mode === mode.id;
}

/** The trouble that a person chose when they took our cure back: it came with the undo, and until the veto ends it is theirs. */
function isWanted(state: State, last: IncidentIn<"resolved">, since: number): boolean {
  if (last.how !== "undone" || since - last.resolvedAt > state.policy.spec.windows.reopen) return false;
  return state.vetoes.some((veto) => sameRef(veto.owner, last.subject) && veto.until > state.now);
}

function reopen(turn: Turn, last: Incident, group: Group, since: number): Incident {
  const { healthySince: _, diagnosis: __, ...base } = baseOf(last);
  const to = {
    ...base,
    title: titleOf(group),
    findings: group.findings,
    since,
    reopened: last.reopened + 1,
    phase: "open",
    deadline: turn.state.now + turn.state.policy.spec.windows.diagnose,
  } as const;
  return move(turn, last, to, `it came back: ${summaryOf(group)}`);
}

/** New findings of a live incident. Only a change of what is wrong or how bad it is goes into the ledger. */
function update(turn: Turn, incident: Incident, group: Group): Incident {
  const { state } = turn;
  const severity = severityOf(impactOf(group.findings, state.view));
  const { healthySince: _, ...rest } = incident;
  const next = { ...rest, findings: group.findings, severity } as Incident;
  const before = incident.findings.map(findingKey).join(" ");
  const after = group.findings.map(findingKey).join(" ");
  if (before !== after && before !== "") {
    const changed = { ...next, changedAt: state.now } as Incident;
    emitRecord(turn, { type: "incident", incident: changed, from: incident.phase, reason: summaryOf(group) });
    keep(turn, changed);
    return changed;
  }
  keep(turn, next);
  return next;
}

function merge(turn: Turn, subject: Ref, into: Incident, why: string): void {
  const victim = incidentOf(turn.state, subject);
  if (victim === undefined || victim.id === into.id || !MERGEABLE.has(victim.phase)) return;
  const to = {
    ...baseOf(victim),
    phase: "resolved",
    resolvedAt: turn.state.now,
    how: "merged",
    detail: why,
    mergedInto: into.id,
  } as const;
  move(turn, victim, to, `explained by ${into.id}: ${why}`);
  const current = turn.state.incidents.get(into.id);
  if (current !== undefined) keep(turn, { ...current, explains: [...new Set([...current.explains, victim.id])].slice(-200) } as Incident);
}

function lastIncident(state: State, subject: Ref): Incident | undefined {
  const id = state.lastOf.get(refKey(subject));
  return id === undefined ? undefined : state.incidents.get(id);
}

/** The freeze begins with the storm and ends after the calm that policy asks for. */
function noteStorm(turn: Turn, groups: readonly Group[]): void {
  const { state } = turn;
  const found = groups.find((group) => sameRef(group.subject, WHOLE_CLUSTER))?.findings[0];
  if (found !== undefined) {
    if (state.storm === undefined) emitRecord(turn, { type: "storm", state: "begun", reason: found.summary });
    state.storm = { since: state.storm?.since ?? state.now, lastTrouble: state.now, reason: found.summary };
  }
}

/** Ends the freeze once it has been calm for long enough; returns true when it just did. */
export function calmStorm(turn: Turn): boolean {
  const { state } = turn;
  const { storm } = state;
  if (storm === undefined) return false;
  const raging =
    state.detection.findings().length > 0 && liveIncidents(state).some((incident) => sameRef(incident.subject, WHOLE_CLUSTER) && incident.findings.length > 0);
  if (raging) state.storm = { ...storm, lastTrouble: state.now };
  else if (state.now - storm.lastTrouble >= state.policy.spec.storm.calm) {
    state.storm = undefined;
    emitRecord(turn, { type: "storm", state: "ended", reason: "calm" });
    return true;
  }
  return false;
}

function titleOf(group: Group): string {
  const first = group.findings[0];
  return first === undefined ? refText(group.subject) : first.summary.slice(0, 200);
}

function summaryOf(group: Group): string {
  return group.findings
    .map((finding) => finding.summary)
    .join("; ")
    .slice(0, 500);
}
