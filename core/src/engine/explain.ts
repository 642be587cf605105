/** Why nothing (or what) was done about any object: what is seen of it, what is wrong, who owns it, what policy says. */
import { ownershipOf } from "../decide/ownership.ts";
import { DETECTORS } from "../detect/catalog.ts";
import type { Ownership } from "../model/decision.ts";
import type { Finding } from "../model/finding.ts";
import type { Incident } from "../model/incident.ts";
import { rootOf } from "../model/owner-chain.ts";
import { type Ref, refKey, refText, sameRef } from "../model/ref.ts";
import { isSubject } from "./detection.ts";
import { incidentOf, type State } from "./state.ts";

export interface Explanation {
  readonly ref: Ref;
  readonly observed: boolean;
  /** The object that answers for it: incidents are about this one. */
  readonly subject?: Ref;
  readonly ownership?: Ownership;
  readonly findings: readonly Finding[];
  /** Detectors that looked and found nothing. */
  readonly silent: readonly string[];
  readonly incident?: Incident;
  /** The last incident that has ended, when none is alive. */
  readonly last?: Incident;
  /** What is wrong elsewhere and follows from it, in sentences; absent where nothing does. */
  readonly follows?: readonly string[];
  /** In sentences, the most important first. */
  readonly lines: readonly string[];
}

export function explain(state: State, ref: Ref): Explanation {
  const object = state.view.find(ref);
  if (object === undefined) {
    const health = state.view.health(ref.kind);
    const why = health === "live" ? "no such object is in the cluster" : `${ref.kind} objects cannot be seen: ${health}`;
    return { ref, observed: false, findings: [], silent: [], lines: [`${refText(ref)}: ${why}`] };
  }
  const subject: Ref = isSubject(object) ? ref : rootOf(object, state.view);
  const findings = state.detection.findingsOf(subject);
  const found = new Set(findings.map((finding) => finding.detector));
  const silent = DETECTORS.filter((detector) => detector.subjects.includes(subject.kind) && !found.has(detector.id)).map((detector) => detector.id);
  const incident = incidentOf(state, subject);
  const lastId = state.lastOf.get(refKey(subject));
  const last = incident === undefined && lastId !== undefined ? state.incidents.get(lastId) : undefined;
  const ownership = ownershipOf(subject, state.view, state.policy);
  const follows = state.correlation.explainedBy(subject).map((other) => `${refText(other.subject)}: ${other.why}`);
  return {
    ref,
    observed: true,
    subject,
    ownership,
    findings,
    silent,
    ...(incident === undefined ? {} : { incident }),
    ...(last === undefined ? {} : { last }),
    ...(follows.length === 0 ? {} : { follows }),
    lines: [...linesOf(state, { ref, subject, findings, silent, incident, last, ownership }), ...follows.map((text) => `it explains ${text}`)],
  };
}

interface Known {
  readonly ref: Ref;
  readonly subject: Ref;
  readonly findings: readonly Finding[];
  readonly silent: readonly string[];
  readonly incident: Incident | undefined;
  readonly last: Incident | undefined;
  readonly ownership: Ownership;
}

function linesOf(state: State, known: Known): readonly string[] {
  const lines: string[] = [];
  if (refKey(known.ref) !== refKey(known.subject)) lines.push(`${refText(known.subject)} answers for ${refText(known.ref)}`);
  lines.push(ownershipText(known.ownership));
  if (known.findings.length === 0)
    lines.push(`nothing is wrong with it as far as can be seen; ${known.silent.length} detectors looked: ${known.silent.join(", ")}`);
  for (const finding of known.findings) lines.push(`${finding.detector}: ${finding.summary}`);
  if (known.incident !== undefined) lines.push(...incidentLines(known.incident));
  else if (known.findings.length > 0) lines.push(explainedElsewhere(state, known.subject));
  else if (known.last !== undefined)
    lines.push(`the last incident was ${known.last.id}, ${known.last.phase === "resolved" ? known.last.detail : known.last.phase}`);
  if (state.paused !== undefined) lines.push(`everything is paused: ${state.paused}`);
  if (state.storm !== undefined) lines.push(`acts are frozen by a storm: ${state.storm.reason}`);
  return lines;
}

function explainedElsewhere(state: State, subject: Ref): string {
  const explanation = state.correlation.explanationOf(subject);
  const by = explanation === undefined ? undefined : incidentOf(state, explanation.by);
  if (explanation !== undefined && by !== undefined) return `explained by ${by.id} of ${refText(by.subject)}: ${explanation.why}`;
  if (state.correlation.last.waiting.has(refKey(subject))) return "it calls a Service that has no ready pod; what is wrong there is being looked at first";
  const last = state.lastOf.get(refKey(subject));
  const incident = last === undefined ? undefined : state.incidents.get(last);
  if (incident?.phase === "resolved" && incident.how === "merged") return `explained by ${incident.mergedInto}: ${incident.detail}`;
  if (incident?.phase === "resolved" && incident.how === "closed")
    return `${incident.id} was closed by a person, and it has not been healthy since: ${incident.detail}`;
  const veto = state.vetoes.find(({ owner }) => sameRef(owner, subject));
  if (incident?.phase === "resolved" && incident.how === "undone" && veto !== undefined)
    return `${incident.id} was undone by a person, so it is left alone until ${new Date(veto.until).toISOString()}, or until: kintsugi propose ${incident.id}`;
  return "another incident explains it";
}

function incidentLines(incident: Incident): readonly string[] {
  const lines = [`${incident.id} is ${incident.phase}`];
  if (incident.phase === "held") lines.push(`held: ${incident.why}`);
  if (incident.phase === "escalated") lines.push(`escalated: ${incident.why}; waits for ${incident.waitsFor}`);
  if (incident.phase === "awaiting") lines.push(`proposed: ${incident.proposal.plan.summary}; approve it with: kintsugi approve ${incident.id}`);
  if (incident.phase === "verifying") lines.push(`done: ${incident.plan.summary}; verifying: ${incident.last.reason}`);
  return lines;
}

function ownershipText(ownership: Ownership): string {
  switch (ownership.type) {
    case "plain":
      return "nobody else manages it: it may be changed directly";
    case "helm":
      return `installed by Helm release ${ownership.release}: its rendered spec is changed only with a person's approval`;
    case "gitops":
      return `managed by ${ownership.tool} (${ownership.name}): it is held, and a patch is offered for ${ownership.source}`;
    case "operator":
      return `managed by the operator ${ownership.name}: it is held, and a patch is offered`;
    case "unknown":
      return `who manages it cannot be told: ${ownership.why}`;
  }
}
