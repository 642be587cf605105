/**
 * Which node explains an incident best. The score of a node is how far its metrics have left normal (as BARO: L. Pham et al., "BARO: Robust Root Cause Analysis for Microservices via
 * Multivariate Bayesian Online Change Point Detection", 2024, with deviations to both sides, without spikes, and with how long they last), less what an anomalous dependency
 * explains, more for what it explains itself, and more after a change.
 */
import { InputError } from "../input-error.ts";
import { createWalk } from "./dependency-graph.ts";
import { type Change, checkIncident, type Incident } from "./incident.ts";
import type { EvidenceParams, MetricEvidence } from "./metric-evidence.ts";
import { type NodeFacts, nodeFacts } from "./node-facts.ts";

/** Weights are chosen on made incidents and on PetShop's eight issues for training; the benchmark `petshop` shows what each is worth. */
export interface RankParams extends EvidenceParams {
  /** Weight of other metrics than the symptom's; 0.5 by default. */
  readonly otherMetrics?: number;
  /** What an anomalous dependency takes off at most; 0.75 by default. */
  readonly discount?: number;
  /** What a node gains at most by explaining everything that is seen of the symptom's metric, itself and those that depend on it; 1 by default. */
  readonly coverage?: number;
  /** What is left of a node that the symptom does not depend on; 0.7 by default, for graphs are seldom complete. Half the way where no chain of anomalies leads to it. */
  readonly aside?: number;
  /** What is left of a node that deviates more than one sample later than the symptom; 0.5 by default. */
  readonly late?: number;
  /** What a change of the node adds at most, to 1; 1 by default. */
  readonly change?: number;
  /** The time after which a change counts half, in the unit of the incident's times; 1,800 by default, half an hour where that is seconds. */
  readonly changeHalfLife?: number;
}

/** What speaks for a node: its metrics, strongest first, whom it explains (nearest first, at most 20), and what was changed on it before. */
export type EvidenceFor =
  | ({ readonly kind: "deviates"; readonly since: number } & MetricEvidence)
  | { readonly kind: "explains"; readonly nodes: readonly string[]; readonly share: number }
  | { readonly kind: "changed"; readonly change: Change; readonly factor: number };

/** What speaks against it: dependencies that explain it, no way from the symptom, a late onset, and metrics that are as always. */
export type EvidenceAgainst =
  | { readonly kind: "explained"; readonly by: readonly string[]; readonly share: number }
  | { readonly kind: "aside"; readonly reason: "no dependency" | "no chain of anomalies" }
  | { readonly kind: "late"; readonly since: number; readonly symptomSince: number }
  | { readonly kind: "normal"; readonly metrics: readonly string[] };

/** A node that may be the root cause, with what speaks for and against it. */
export interface Candidate {
  readonly node: string;
  /** Comparable within one incident. */
  readonly score: number;
  /** The strength of its own metrics together, which the rest of the evidence multiplies. */
  readonly own: number;
  readonly for: readonly EvidenceFor[];
  readonly against: readonly EvidenceAgainst[];
}

const MOST_NAMES = 20;
const MOST_WEIGHT = 1e6;
/** Samples of one interval, smoothed over three, tell an onset no better. */
const SAME_ONSET = 1;

/**
 * Best first; equal scores in the order of their names. Only nodes of which some metric deviates are candidates: where nothing does, there are none.
 * Throws InputError for an incident that cannot be meant, and for parameters out of their range.
 */
export function rankRootCauses(incident: Incident, params: RankParams = {}): Candidate[] {
  checkIncident(incident);
  checkParams(params);
  const facts = nodeFacts(incident, params, params.otherMetrics ?? 0.5);
  const { graph, own, shown, symptom } = facts;
  const count = graph.names.length;
  const walk = createWalk(count);
  const reach = (through: (node: number) => boolean): Uint8Array => {
    const marks = new Uint8Array(count);
    if (symptom >= 0) for (const node of walk(symptom, graph.callees, through)) marks[node] = 1;
    return marks;
  };
  const context: Context = {
    incident,
    params,
    facts,
    walk,
    total: shown.reduce((sum, strength) => sum + strength, 0),
    below: reach(() => true),
    chained: reach((node) => isLink(facts, node)),
    changes: Map.groupBy(incident.changes ?? [], ({ node }) => node),
  };
  const candidates = [...own.keys()].filter((node) => (own[node] as number) > 0).map((node) => candidateOf(context, node));
  return candidates.sort((a, b) => b.score - a.score || (a.node < b.node ? -1 : 1));
}

/** Shares lie from 0 to 1; gains may be larger. */
function checkParams({ otherMetrics = 0.5, discount = 0.75, coverage = 1, aside = 0.7, late = 0.5, change = 1, changeHalfLife = 1_800 }: RankParams): void {
  for (const [name, share] of Object.entries({ discount, aside, late }))
    if (!(share >= 0 && share <= 1)) throw new InputError(`${name} is ${share}: give a share from 0 to 1`);
  for (const [name, weight] of Object.entries({ otherMetrics, coverage, change }))
    if (!(weight >= 0 && weight <= MOST_WEIGHT)) throw new InputError(`${name} is ${weight}: give a number from 0 to ${MOST_WEIGHT}`);
  if (!(changeHalfLife > 0)) throw new InputError(`changeHalfLife is ${changeHalfLife}: give a time above 0, in the unit of the incident's`);
}

interface Context {
  readonly incident: Incident;
  readonly params: RankParams;
  readonly facts: NodeFacts;
  readonly walk: ReturnType<typeof createWalk>;
  /** All that is seen of the symptom's metric. */
  readonly total: number;
  /** 1 where the symptom depends on the node, and where a chain of anomalies leads to it. */
  readonly below: Uint8Array;
  readonly chained: Uint8Array;
  readonly changes: ReadonlyMap<string, readonly Change[]>;
}

interface Weighed<E> {
  readonly factor: number;
  readonly evidence: readonly E[];
}

/** Trouble may have come along a node that shows it, or of which nothing is known. */
function isLink({ shown, unknown }: NodeFacts, node: number): boolean {
  return (shown[node] as number) > 0 || unknown[node] === 1;
}

function candidateOf(context: Context, node: number): Candidate {
  const { graph, evidence, own } = context.facts;
  const { times } = context.incident;
  const coverage = covered(context, node);
  const change = changed(context, node);
  const blame = blamed(context, node);
  const path = onPath(context, node);
  const order = ordered(context, node);
  const all = evidence[node] as readonly MetricEvidence[];
  const normal = all.filter(({ strength }) => strength === 0).map(({ metric }) => metric);
  const deviating = all.filter(({ strength }) => strength > 0).map((each) => ({ kind: "deviates" as const, since: times[each.onset] as number, ...each }));
  return {
    node: graph.names[node] as string,
    score: (own[node] as number) * coverage.factor * change.factor * blame.factor * path.factor * order.factor,
    own: own[node] as number,
    for: [...deviating, ...coverage.evidence, ...change.evidence],
    against: [...blame.evidence, ...path.evidence, ...order.evidence, ...(normal.length > 0 ? [{ kind: "normal" as const, metrics: normal }] : [])],
  };
}

/** Those that depend on the node, directly or through others that show the trouble. */
function covered({ facts, walk, total, params: { coverage = 1 } }: Context, node: number): Weighed<EvidenceFor> {
  const { graph, shown } = facts;
  if (total === 0) return { factor: 1, evidence: [] };
  let mass = 0;
  const nodes: string[] = [];
  for (const other of walk(node, graph.callers, (each) => isLink(facts, each))) {
    mass += shown[other] as number;
    if (other !== node && (shown[other] as number) > 0 && nodes.length < MOST_NAMES) nodes.push(graph.names[other] as string);
  }
  const share = mass / total;
  return { factor: 1 + coverage * share, evidence: nodes.length > 0 ? [{ kind: "explains", nodes, share }] : [] };
}

/** The nearest dependencies of which anything is known. Of a cycle each explains the other. */
function blamed({ facts, walk, params: { discount = 0.75 } }: Context, node: number): Weighed<EvidenceAgainst> {
  const { graph, shown, own, onset, unknown } = facts;
  const since = onset[node] as number;
  const guilty = walk(node, graph.callees, (other) => unknown[other] === 1).filter(
    (other) => other !== node && (shown[other] as number) > 0 && (onset[other] as number) <= since + SAME_ONSET,
  );
  if (guilty.length === 0) return { factor: 1, evidence: [] };
  const share = Math.min(1, Math.max(...guilty.map((other) => shown[other] as number)) / (own[node] as number));
  return {
    factor: 1 - discount * share,
    evidence: [{ kind: "explained", by: guilty.slice(0, MOST_NAMES).map((other) => graph.names[other] as string), share }],
  };
}

function onPath({ facts: { symptom }, below, chained, params: { aside = 0.7 } }: Context, node: number): Weighed<EvidenceAgainst> {
  if (symptom < 0 || chained[node] === 1) return { factor: 1, evidence: [] };
  if (below[node] === 1) return { factor: Math.sqrt(aside), evidence: [{ kind: "aside", reason: "no chain of anomalies" }] };
  return { factor: aside, evidence: [{ kind: "aside", reason: "no dependency" }] };
}

function ordered({ facts: { symptom, onset, evidence }, incident: { times }, params: { late = 0.5 } }: Context, node: number): Weighed<EvidenceAgainst> {
  const reported = symptom < 0 ? times.length : (onset[symptom] as number);
  const mine = firstOnset(evidence[node] as readonly MetricEvidence[]);
  if (mine <= reported + SAME_ONSET) return { factor: 1, evidence: [] };
  return { factor: late, evidence: [{ kind: "late", since: times[mine] as number, symptomSince: times[reported] as number }] };
}

/** The last change before the node began to deviate, or at most one sample after that. */
function changed(
  { facts: { graph, evidence, start }, incident: { times }, changes, params: { change: weight = 1, changeHalfLife = 1_800 } }: Context,
  node: number,
): Weighed<EvidenceFor> {
  const mine = changes.get(graph.names[node] as string) ?? [];
  const first = Math.max(start, firstOnset(evidence[node] as readonly MetricEvidence[]));
  const began = times[first] as number;
  const latest = times[first + 1] ?? began;
  const before = mine.filter(({ at }) => at <= latest).toSorted((a, b) => b.at - a.at || (a.what < b.what ? -1 : 1));
  const [last] = before;
  if (last === undefined) return { factor: 1, evidence: [] };
  const factor = 1 + weight * 2 ** (-Math.max(0, began - last.at) / changeHalfLife);
  return { factor, evidence: [{ kind: "changed", change: last, factor }] };
}

/** Only asked of nodes of which something deviates. */
function firstOnset(evidence: readonly MetricEvidence[]): number {
  return Math.min(...evidence.filter(({ strength }) => strength > 0).map(({ onset }) => onset));
}
