/** One function, documented, the same for every incident. */
import type { Finding } from "../model/finding.ts";
import type { Severity } from "../model/incident.ts";
import { type PodTemplate, refOf } from "../model/kube.ts";
import { isReady } from "../model/pod-state.ts";
import { refKey } from "../model/ref.ts";
import { selects } from "../model/selector.ts";
import { servedWorkload } from "../model/service-selector.ts";
import type { View } from "../model/view.ts";

/** What the severity is made from. */
export interface Impact {
  /** Share of wanted replicas that is lost, 0 to 1. */
  readonly lostShare: number;
  /** A Service that selects these pods has no ready endpoint left (`out`), fewer than it should (`reduced`), or none is concerned. */
  readonly service: "out" | "reduced" | "none";
  /** Pod priority as the API server resolved it from the priority class; 0 when there is none. */
  readonly priority: number;
}

/** Priorities at or above this are the cluster's own (system-cluster-critical is 2000000000). */
const SYSTEM_PRIORITY = 1_000_000_000;

/**
 * Points: lost share x 3, plus 2 for a Service that is out or 1 for one that is reduced, plus 2 for a system priority or 1 for a raised one.
 * critical from 5, high from 3, medium from 1, else low.
 */
export function severityOf(impact: Impact): Severity {
  const service = impact.service === "out" ? 2 : impact.service === "reduced" ? 1 : 0;
  const priority = impact.priority >= SYSTEM_PRIORITY ? 2 : impact.priority > 0 ? 1 : 0;
  const points = impact.lostShare * 3 + service + priority;
  if (points >= 5) return "critical";
  if (points >= 3) return "high";
  return points >= 1 ? "medium" : "low";
}

/** Reads the impact of a group of findings off the view. A workload without a pod (scaled to zero, held by a quota) is judged by its template. */
export function impactOf(findings: readonly Finding[], view: View): Impact {
  const concerned = new Map(findings.flatMap(({ subject, members }) => [subject, ...members]).map((ref) => [refKey(ref), ref]));
  const workloads = [...concerned.values()].flatMap((ref) => servedWorkload(view, ref) ?? []);
  const priorities = [...concerned.values()].map((ref) => (ref.kind === "Pod" ? view.get("Pod", ref.namespace, ref.name)?.spec.priority : undefined) ?? 0);
  const priority = Math.max(0, ...priorities, ...workloads.map(({ spec }) => priorityOf(spec.template)));
  let service: Impact["service"] = "none";
  for (const namespace of new Set([...concerned.values()].map((ref) => ref.namespace))) {
    const labels = workloads.filter(({ metadata }) => metadata.namespace === namespace).map(({ spec }) => spec.template.metadata.labels ?? {});
    for (const candidate of namespace === "" ? [] : view.inNamespace("Service", namespace)) {
      const { selector } = candidate.spec;
      const selected = view.podsSelected(namespace, selector);
      const isConcerned =
        concerned.has(refKey(refOf(candidate))) || selected.some((pod) => concerned.has(refKey(refOf(pod)))) || labels.some((one) => selects(selector, one));
      if (!isConcerned) continue;
      if (!selected.some(isReady)) return { lostShare: worst(findings), service: "out", priority };
      service = "reduced";
    }
  }
  return { lostShare: worst(findings), service, priority };
}

/** The API server resolves the class when a pod is made; the numbers of its own two classes are fixed. */
const SYSTEM_CLASSES = ["system-cluster-critical", "system-node-critical"];

function priorityOf({ spec }: PodTemplate): number {
  return spec.priority ?? (SYSTEM_CLASSES.includes(spec.priorityClassName ?? "") ? 2 * SYSTEM_PRIORITY : 0);
}

function worst(findings: readonly Finding[]): number {
  return Math.max(0, ...findings.map((finding) => finding.lostShare));
}
