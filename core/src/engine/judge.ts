/** Gathers what a decision may look at, has the gates asked, and keeps what was used for `replay`. */
import { claimsOf } from "../decide/chain.ts";
import { decide } from "../decide/decide.ts";
import type { DecideInput, InFlight, PastAct, Rival } from "../decide/input.ts";
import { modeOf } from "../diagnose/catalog.ts";
import type { Plan } from "../model/action.ts";
import { canonicalJson } from "../model/canonical-json.ts";
import type { Decision } from "../model/decision.ts";
import { type Approval, type Incident, isInFlight, type Preflight } from "../model/incident.ts";
import { isPauseConfigMap, OWN_NAMESPACE, PAUSE } from "../model/pause.ts";
import type { DecisionInputs } from "../model/record.ts";
import { KINDS, type Kind, refKey } from "../model/ref.ts";
import { sha256Hex } from "../model/sha256.ts";
import type { View } from "../model/view.ts";
import { caseOf } from "./case.ts";
import { liveIncidents, type State } from "./state.ts";

/** A decision with everything that it was made from. */
export interface Judged {
  readonly decision: Decision;
  readonly input: DecideInput;
}

export function decideFor(
  state: State,
  incident: Incident,
  plan: Plan,
  candidate: number,
  preflight: Preflight | undefined,
  approval: Approval | undefined,
): Judged {
  const input = gather(state, incident, plan, candidate, preflight, approval);
  return { decision: decide(input), input };
}

function gather(
  state: State,
  incident: Incident,
  plan: Plan,
  candidate: number,
  preflight: Preflight | undefined,
  approval: Approval | undefined,
): DecideInput {
  const mode = modeOf(plan.mode);
  if (mode === undefined) throw new Error(`${incident.id}: a plan for ${plan.mode}, which is not in the catalogue`);
  const others = liveIncidents(state).filter((other) => other.id !== incident.id);
  const versionChangedAt = state.versions.changedAt;
  return {
    now: state.now,
    plan,
    mode: { id: mode.id, deterministic: mode.deterministic, maybeMeant: mode.maybeMeant, kinds: kindsIn(state.view.readsSoFar()) },
    incident: { id: incident.id, since: incident.since, openedAt: incident.openedAt, subject: incident.subject, severity: incident.severity },
    confidence: incident.diagnosis?.candidates[candidate]?.confidence ?? { type: "unproven", cases: 0 },
    view: state.view,
    policy: state.policy,
    authority: state.authority,
    paused: { api: state.paused !== undefined, configMap: pausedByConfigMap(state) },
    silences: state.silences,
    vetoes: state.vetoes,
    storm: stormOf(state),
    history: historyOf(state, plan),
    inFlight: others.flatMap((other) => inFlight(other, state.view)),
    ...(preflight === undefined ? {} : { preflight }),
    ...(approval === undefined ? {} : { approval }),
    stillUnhealthy: incident.findings.length > 0 && mode.healthy(caseOf(state, incident)).answer !== "healthy",
    rivals: others.flatMap((other) => rival(other, state.view)),
    ...(versionChangedAt === 0 ? {} : { versionChangedAt }),
    own: { namespace: OWN_NAMESPACE, ...(state.ownNode === undefined ? {} : { node: state.ownNode }) },
  };
}

function pausedByConfigMap(state: State): "absent" | "paused" | "unknown" {
  if (state.view.health("ConfigMap") !== "live") return "unknown";
  return isPauseConfigMap(state.view.get("ConfigMap", PAUSE.namespace, PAUSE.name)) ? "paused" : "absent";
}

function stormOf(state: State): DecideInput["storm"] {
  if (state.storm === undefined) return { frozen: false, reason: "no storm" };
  return { frozen: true, until: state.storm.lastTrouble + state.policy.spec.storm.calm, reason: state.storm.reason };
}

/** Acts of the same attempt are one act: a plan of three steps counts once. */
function historyOf(state: State, plan: Plan): DecideInput["history"] {
  const attempts = new Map<string, PastAct>();
  for (const act of state.acts) if (!act.undo && !attempts.has(act.attempt)) attempts.set(act.attempt, { at: act.at, owner: act.owner, target: act.target });
  const acts = [...attempts.values()];
  const targets = new Set(plan.steps.map((step) => refKey(step.verb === "create" ? step.ref : step.target)));
  const onTarget = acts.filter((act) => targets.has(refKey(act.target)));
  const last = onTarget.at(-1);
  return { acts, attemptsOnTarget: onTarget.length, ...(last === undefined ? {} : { lastActAt: last.at }) };
}

function inFlight(other: Incident, view: View): readonly InFlight[] {
  return isInFlight(other) ? [{ incident: other.id, target: other.plan.target, claims: claimsOf(other.plan, view), ...seenOf(other) }] : [];
}

function seenOf(other: Incident): Pick<InFlight, "actedAt" | "isUnderWay"> {
  if (other.phase !== "verifying") return {};
  return other.last.answer === "under-way" ? { isUnderWay: true } : { actedAt: other.actedAt };
}

/** Plans that may go now, or once a person says yes. One that is held goes nowhere: it must not hold another up for as long. */
function rival(other: Incident, view: View): readonly Rival[] {
  const theirs = other.phase === "awaiting" ? other.proposal.plan : other.phase === "diagnosed" ? other.plan : undefined;
  if (theirs === undefined) return [];
  const candidate = "candidate" in other ? other.candidate : 0;
  return [
    {
      incident: other.id,
      claims: claimsOf(theirs, view),
      deterministic: modeOf(theirs.mode)?.deterministic ?? false,
      severity: other.severity,
      confidence: other.diagnosis?.candidates[candidate]?.confidence ?? { type: "unproven", cases: 0 },
      planHash: theirs.hash,
    },
  ];
}

/** Kinds that were asked about so far: what the diagnosis and the plan really depend on. */
function kindsIn(buckets: ReadonlySet<string>): readonly Kind[] {
  const kinds = new Set<Kind>();
  for (const bucket of buckets) {
    const [type, rest = ""] = bucket.split(":", 2);
    if (type === "pn" || type === "pl") kinds.add("Pod");
    else if (type === "e") kinds.add("Event");
    else if (type !== "g" && type !== "h") {
      const kind = KINDS.find((known) => known === rest.split("/")[0]);
      if (kind !== undefined) kinds.add(kind);
    }
  }
  return [...kinds].toSorted();
}

/** Inputs larger than this are not kept; `replay` then says so. */
const MAX_INPUT_CHARS = 400_000;

export interface KeptInputs {
  readonly incident: Incident;
  readonly slice: ReturnType<State["view"]["slice"]>;
  readonly facts: Omit<DecideInput, "view" | "plan" | "mode" | "policy" | "confidence" | "stillUnhealthy">;
  readonly kinds: readonly Kind[];
  readonly policy: DecideInput["policy"];
}

/** What `replay` needs to make this decision again, or only its hash when that is too much to keep. */
export function inputsOf(state: State, incident: Incident, { decision, input }: Judged): DecisionInputs {
  const { view, plan: _, mode, policy, confidence: __, stillUnhealthy: ___, ...facts } = input;
  const kept: KeptInputs = { incident, slice: state.view.slice(state.view.readsSoFar()), facts, kinds: mode.kinds, policy };
  const json = canonicalJson(kept);
  return { json: json.length > MAX_INPUT_CHARS ? undefined : json, decisionHash: sha256Hex(canonicalJson(decision)) };
}
