/**
 * The engine: one input, the time, and out come effects. Deterministic; no clock, no I/O, no randomness.
 *
 *   observe -> detect -> correlate -> diagnose -> decide -> act -> verify -> (resolve | undo, retry | escalate)
 */
import { DETECTORS } from "../detect/catalog.ts";
import type { Effect } from "../model/effect.ts";
import type { DetectWindows } from "../model/finding.ts";
import type { Incident } from "../model/incident.ts";
import type { CommandReply, Input, Outcome } from "../model/input.ts";
import type { Policy, PolicySpec } from "../model/policy.ts";
import type { Observation } from "../ports/cluster.ts";
import { obey } from "./commands.ts";
import { watchKnownGood } from "./known-good.ts";
import { advance, deliver, dueAt, resume } from "./lifecycle.ts";
import { calmStorm, correlateNow, refresh } from "./refresh.ts";
import { agree, refuse } from "./replies.ts";
import { restore } from "./restore.ts";
import { ENGINE, emitRecord, liveIncidents, type State, type Turn } from "./state.ts";
import { endCoordinations } from "./tickets.ts";
import { shiftTimers } from "./timers.ts";
import { distrust, isTrusted } from "./trust.ts";
import { noteVersions } from "./versions.ts";

/** Effects of one input. `now` goes back only with a `clock-stepped`. */
export function step(state: State, input: Input, now: number): readonly Effect[] {
  state.now = input.type === "clock-stepped" ? now : Math.max(state.now, now);
  const by = input.type === "command" || input.type === "policy" ? input.by : undefined;
  const actor = by === undefined ? ENGINE : { type: by.type, name: by.name, proven: by.proven };
  const turn: Turn = { state, effects: [], actor };
  const dirty = take(turn, input);
  // What a veto kept quiet is looked at again when it ends.
  if (endVetoes(state)) state.stale = true;
  if (calmStorm(turn)) for (const incident of liveIncidents(state)) dirty.add(incident.id);
  const changed = state.detection.run(state.view, DETECTORS, (subject, at) => watchKnownGood(turn, subject, at), detectWindows(state.policy), state.now);
  // What an incident of the ledger says is wrong was true when the last engine stopped: it is compared with what is seen, even if nothing is wrong.
  state.stale ||= changed || input.type === "policy" || input.type === "restored" || state.storm !== undefined;
  // Trouble anywhere may be the doing of an act that is being verified.
  if (changed) for (const incident of liveIncidents(state)) if (incident.phase === "verifying") dirty.add(incident.id);
  if (isTrusted(state)) {
    if (!state.trusted) for (const incident of liveIncidents(state)) dirty.add(incident.id);
    state.trusted = true;
    if (isOutdated(state)) for (const id of refresh(turn)) dirty.add(id);
    state.stale = false;
  } else {
    state.trusted = false;
    distrust(turn);
  }
  // Fresh objects of the outcome are in the view by now, and detection has looked at them.
  if (input.type === "outcome") deliver(turn, input.effect, input.outcome);
  for (const incident of liveIncidents(state)) if (isDue(state, incident)) dirty.add(incident.id);
  const ended = settle(turn, dirty);
  // An act that ended frees budgets, targets and owners for those that were held by it.
  if (ended) settle(turn, new Set(liveIncidents(state).map((incident) => incident.id)));
  // An incident that ended explains nobody any more: who is still ill is reported.
  if (state.trusted && state.correlation.leansOnEnded((key) => state.bySubject.has(key)) && correlateNow(state)) settle(turn, refresh(turn));
  endCoordinations(turn);
  forget(state);
  turn.effects.push({ type: "wake", at: nextWake(state) });
  return turn.effects;
}

/** Findings have changed, or what they are explained by. */
function isOutdated(state: State): boolean {
  if (!state.stale && !state.correlation.isDue(state.now)) return false;
  return correlateNow(state) || state.stale;
}

/** Advances what is dirty, in the order in which incidents were opened. Returns true when an act came to its end. */
function settle(turn: Turn, dirty: ReadonlySet<string>): boolean {
  const { state } = turn;
  let ended = false;
  for (const id of [...dirty].toSorted(byNumber)) {
    const before = state.incidents.get(id)?.phase;
    advance(turn, id);
    const after = state.incidents.get(id)?.phase;
    ended ||= before !== after && (before === "acting" || before === "verifying" || before === "undoing");
  }
  return ended;
}

function take(turn: Turn, input: Input): Set<string> {
  const { state } = turn;
  switch (input.type) {
    case "observed":
      return observe(turn, input.observations);
    case "outcome":
      return observe(turn, seenIn(input.outcome));
    case "command":
      turn.effects.push({ type: "reply", reply: obey(turn, input.command, input.by) });
      return everything(state);
    case "policy":
      turn.effects.push({ type: "reply", reply: putInForce(turn, input.policy) });
      return everything(state);
    case "authority":
      state.authority = input.authority;
      return everything(state);
    case "restored":
      restore(state, input.records);
      emitRecord(turn, { type: "started", reason: `${input.records.length} records restored` });
      for (const incident of liveIncidents(state)) resume(turn, incident);
      return everything(state);
    case "clock-stepped":
      shiftTimers(turn, input.found === true ? 0 : input.byMs);
      return everything(state);
    case "tick":
      return new Set();
  }
}

/** What is allowed is for people to say. */
function putInForce(turn: Turn, policy: Policy): CommandReply {
  const { state } = turn;
  if (turn.actor.type === "assistant") return refuse("forbidden", "an assistant cannot change the policy: a person does it with their own credential");
  const isSame = policy.hash === state.policy.hash;
  if (!isSame) emitRecord(turn, { type: "policy", ...policy });
  state.policy = policy;
  state.detection.touchAll();
  return agree(isSame ? `policy ${policy.name} says the same as before` : `policy ${policy.name} (${policy.hash.slice(0, 12)}) is in force`);
}

function observe(turn: Turn, observations: readonly Observation[]): Set<string> {
  const { state } = turn;
  const touched = state.view.apply(observations);
  noteVersions(turn, observations, touched.objects);
  state.detection.touch(touched);
  state.correlation.touch(touched);
  const dirty = new Set<string>();
  for (const bucket of touched.buckets) for (const id of state.readers.get(bucket) ?? []) dirty.add(id);
  return dirty;
}

function everything(state: State): Set<string> {
  return new Set(liveIncidents(state).map((incident) => incident.id));
}

/** What an outcome shows of the cluster. */
function seenIn(outcome: Outcome): readonly Observation[] {
  switch (outcome.type) {
    case "preflight":
      return outcome.objects.map(({ ref, object }) => (object === undefined ? { type: "gone", ref } : { type: "object", object }));
    case "applied":
    case "looked":
      return outcome.object === undefined ? [] : [{ type: "object", object: outcome.object }];
    case "failed":
    case "fenced":
      return [];
  }
}

function isDue(state: State, incident: Incident): boolean {
  return dueAt(state, incident) <= state.now;
}

function nextWake(state: State): number {
  let at = state.detection.nextRecheck();
  if (state.trusted) at = Math.min(at, Math.max(state.now + 1_000, state.correlation.last.recheckAt));
  for (const incident of liveIncidents(state)) {
    const due = dueAt(state, incident);
    // What is due now has just been looked at; it is due again when its time is, or after a second.
    at = Math.min(at, due <= state.now ? Math.max(state.now + 1_000, due) : due);
  }
  if (state.storm !== undefined) at = Math.min(at, state.now + 30_000);
  return Math.min(at, ...state.vetoes.map(({ until }) => until));
}

/** Drops those that have ended; true when one has. */
function endVetoes(state: State): boolean {
  const standing = state.vetoes.filter((veto) => veto.until > state.now);
  if (standing.length === state.vetoes.length) return false;
  state.vetoes = standing;
  return true;
}

/** Budgets look back one hour at most, cooldowns a day: older acts and ended silences are dropped. */
function forget(state: State): void {
  const day = state.now - 24 * 3_600_000;
  if (state.acts[0] !== undefined && state.acts[0].at < day) state.acts = state.acts.filter((act) => act.at >= day);
  if (state.silences.some((silence) => silence.until <= state.now)) state.silences = state.silences.filter((silence) => silence.until > state.now);
  dropOldIncidents(state);
}

/** Resolved incidents are kept in memory for coming back and for undo; the ledger keeps them all. */
const MAX_RESOLVED = 2_000;

function dropOldIncidents(state: State): void {
  if (state.incidents.size - state.bySubject.size <= MAX_RESOLVED + 200) return;
  const resolved = [...state.incidents.values()].filter((incident) => incident.phase === "resolved").toSorted((a, b) => a.changedAt - b.changedAt);
  for (const incident of resolved.slice(0, resolved.length - MAX_RESOLVED)) {
    state.incidents.delete(incident.id);
    const key = `${incident.subject.kind}/${incident.subject.namespace}/${incident.subject.name}`;
    if (state.lastOf.get(key) === incident.id) state.lastOf.delete(key);
  }
}

function byNumber(a: string, b: string): number {
  return Number(a.slice(4)) - Number(b.slice(4));
}

function detectWindows(policy: Policy): DetectWindows {
  const { windows, storm }: PolicySpec = policy.spec;
  return {
    notReadyMs: windows.notReady,
    crashWindowMs: windows.crashWindow,
    unschedulableMs: windows.unschedulable,
    cordonMs: windows.cordon,
    nodeNotReadyMs: windows.nodeNotReady,
    scaledToZeroMs: windows.scaledToZero,
    stormMs: storm.within,
    leftoversMs: windows.leftovers,
  };
}
