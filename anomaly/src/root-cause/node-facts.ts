/** What is known of each node of an incident before any of them is blamed. */
import { type DependencyGraph, dependencyGraph } from "./dependency-graph.ts";
import type { Incident } from "./incident.ts";
import { type EvidenceParams, type MetricEvidence, metricEvidence } from "./metric-evidence.ts";

/** Arrays by the graph's numbers. */
export interface NodeFacts {
  readonly graph: DependencyGraph;
  readonly evidence: readonly (readonly MetricEvidence[])[];
  /** How strongly the symptom's metric deviates here; without one, the metric that does most of those that spread to callers. */
  readonly shown: Float64Array;
  /** Strength of all metrics together: the symptom's in full, others by `otherMetrics`. */
  readonly own: Float64Array;
  /** Index of the time since which the symptom's metric deviates here; past the last one where it does not. */
  readonly onset: Float64Array;
  /** 1 where nothing is known of the symptom's metric. */
  readonly unknown: Uint8Array;
  /** Number of the node that has the symptom; -1 where none was named. */
  readonly symptom: number;
  /** Index of the time of the incident in which the symptom began, or the one before the samples tell. */
  readonly start: number;
}

export function nodeFacts({ times, series, symptom, dependencies = [] }: Incident, params: EvidenceParams, otherMetrics: number): NodeFacts {
  let start = 0;
  if (symptom?.at !== undefined) while (start + 1 < times.length && (times[start + 1] as number) <= symptom.at) start++;
  const graph = dependencyGraph(
    series.map(({ node }) => node),
    dependencies,
  );
  const count = graph.names.length;
  const evidence: MetricEvidence[][] = Array.from({ length: count }, () => []);
  for (const each of series) {
    const found = metricEvidence(each, start, params);
    if (found !== undefined) evidence[graph.indexOf(each.node) as number]?.push(found);
  }
  for (const all of evidence) all.sort((a, b) => b.strength - a.strength || (a.metric < b.metric ? -1 : 1));
  const isSymptoms = ({ metric, spread }: MetricEvidence): boolean => (symptom?.metric === undefined ? spread === "callers" : metric === symptom.metric);
  const facts = { graph, evidence, start, symptom: symptom === undefined ? -1 : (graph.indexOf(symptom.node) as number) };
  const shown = new Float64Array(count);
  const own = new Float64Array(count);
  const onset = new Float64Array(count).fill(times.length);
  const unknown = new Uint8Array(count).fill(1);
  evidence.forEach((all, node) => {
    for (const each of all) {
      if (isSymptoms(each)) {
        unknown[node] = 0;
        shown[node] = Math.max(shown[node] as number, each.strength);
        if (each.strength > 0) onset[node] = Math.min(onset[node] as number, each.onset);
      }
      const isForwarded = each.spread === "callees" && graph.callers(node).some((caller) => deviates(evidence[caller], each.metric));
      if (!isForwarded) own[node] = (own[node] as number) + each.strength * (isSymptoms(each) ? 1 : otherMetrics);
    }
  });
  // That there is a symptom was said, whatever its samples show by now.
  if (facts.symptom >= 0) shown[facts.symptom] = Math.max(1, shown[facts.symptom] as number);
  return { ...facts, shown, own, onset, unknown };
}

/** A load that came from a caller. */
function deviates(evidence: readonly MetricEvidence[] | undefined, metric: string): boolean {
  return evidence?.some((each) => each.metric === metric && each.strength > 0) ?? false;
}
