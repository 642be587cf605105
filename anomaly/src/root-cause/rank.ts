/** Which node's trouble explains an incident best: ranked, with what speaks for and against each. */
import { InputError } from "../input-error.ts";
import { type DependencyGraph, dependencyGraph, reached } from "./dependency-graph.ts";
import { type Change, checkIncident, type Incident } from "./incident.ts";
import { type MetricEvidence, metricEvidence } from "./metric-evidence.ts";

export interface RankParams {
  /** A deviation counts from this many robust deviations on; 5 by default. */
  readonly least?: number;
  readonly smooth?: boolean;
  readonly duration?: boolean;
  readonly anchor?: boolean;
  readonly tail?: boolean;
  readonly otherMetrics?: number;
  readonly load?: number;
  readonly discount?: number;
  readonly coverage?: number;
  readonly aside?: number;
  readonly late?: number;
  readonly change?: number;
  readonly changeHorizon?: number;
}

export interface Candidate {
  readonly node: string;
  readonly score: number;
  readonly own: number;
  readonly explains: readonly string[];
  readonly explainedBy: readonly string[];
  readonly reachable: boolean;
  readonly onset: number;
  readonly evidence: readonly MetricEvidence[];
}

export function rankRootCauses(incident: Incident, params: RankParams = {}): Candidate[] {
  checkIncident(incident);
  const { least = 5, smooth = true, duration = true, anchor = true, tail = true } = params;
  const { otherMetrics = 0.5, load = 0.25, discount = 0.5, coverage = 1, aside = 0.25, late = 0.5 } = params;
  const { times, series, symptom, dependencies = [] } = incident;
  let start = 0;
  if (symptom?.at !== undefined) while (start + 1 < times.length && (times[start + 1] as number) <= symptom.at) start++;
  const graph = dependencyGraph(series.map(({ node }) => node), dependencies);
  const count = graph.names.length;
  const evidence: MetricEvidence[][] = Array.from({ length: count }, () => []);
  for (const each of series) {
    const found = metricEvidence(each, start, { least, smooth, duration, anchor, tail });
    if (found !== undefined) evidence[graph.indexOf(each.node) as number]?.push(found);
  }
  const symptomatic = (e: MetricEvidence): boolean => (symptom?.metric === undefined ? e.spread === "callers" : e.metric === symptom.metric);
  const shown = evidence.map((all) => Math.max(0, ...all.filter(symptomatic).map((e) => e.strength)));
  const own = evidence.map((all) => Math.max(0, ...all.map((e) => e.strength * (symptomatic(e) ? 1 : e.spread === "callees" ? load : otherMetrics))));
  const onset = evidence.map((all) => Math.min(times.length, ...all.filter((e) => e.strength > 0 && symptomatic(e)).map((e) => e.onset)));
  const unknown = evidence.map((all) => !all.some(symptomatic));
  const total = shown.reduce((a, b) => a + b, 0);
  const at = symptom === undefined ? undefined : graph.indexOf(symptom.node);
  const below = new Set(at === undefined ? [] : reached(count, at, graph.callees, () => true));
  const belowBad = new Set(at === undefined ? [] : reached(count, at, graph.callees, (n) => (shown[n] as number) > 0 || (unknown[n] as boolean)));
  const out: Candidate[] = [];
  for (let node = 0; node < count; node++) {
    if (own[node] === 0) continue;
    const explains = reached(count, node, graph.callers, (n) => (shown[n] as number) > 0 || (unknown[n] as boolean)).filter((n) => (shown[n] as number) > 0 );
    const mass = explains.reduce((a, n) => a + (shown[n] as number), 0) / (total || 1);
    const blame = [...graph.callees(node)].filter((c) => (shown[c] as number) > 0 && (onset[c] as number) <= (onset[node] as number));
    const explained = Math.max(0, ...blame.map((c) => Math.min(1, (shown[c] as number) / (own[node] as number))));
    const path = at === undefined || belowBad.has(node) ? 1 : below.has(node) ? Math.sqrt(aside) : aside;
    const lateness = at !== undefined && (onset[node] as number) > (onset[at] as number) ? late : 1;
    const score = (own[node] as number) * (1 - discount * explained) * (1 + coverage * mass) * path * lateness;
    out.push({ node: graph.names[node] as string, score, own: own[node] as number, explains: explains.map((n) => graph.names[n] as string), explainedBy: blame.map((n) => graph.names[n] as string), reachable: below.has(node), onset: onset[node] as number, evidence: evidence[node] as MetricEvidence[] });
  }
  return out.sort((a, b) => b.score - a.score || (a.node < b.node ? -1 : 1));
}
