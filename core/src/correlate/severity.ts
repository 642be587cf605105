/** One function, documented, the same for every incident. */
import type { Finding } from "../model/finding.ts";
import type { Severity } from "../model/incident.ts";
import type { Ref } from "../model/ref.ts";
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

/** Reads the impact of a group of findings off the view. */
export function impactOf(findings: readonly Finding[], view: View): Impact {
  let service: Impact["service"] = "none";
  let priority = 0;
  const namespaces = new Set<string>();
  const pods = new Set<string>();
  for (const { members, subject } of findings) {
    for (const member of [subject, ...members]) {
      if (member.namespace !== "") namespaces.add(member.namespace);
      if (member.kind !== "Pod") continue;
      pods.add(`${member.namespace}/${member.name}`);
      priority = Math.max(priority, view.get("Pod", member.namespace, member.name)?.spec.priority ?? 0);
    }
  }
  for (const namespace of namespaces) {
    for (const candidate of view.inNamespace("Service", namespace)) {
      const selected = view.podsSelected(namespace, candidate.spec.selector);
      const concerned = findings.some((finding) => sameService(finding.subject, candidate.metadata.namespace, candidate.metadata.name));
      if (!concerned && !selected.some((pod) => pods.has(`${namespace}/${pod.metadata.name}`))) continue;
      const ready = selected.some((pod) => pod.status.conditions.some((condition) => condition.type === "Ready" && condition.status === "True"));
      if (!ready) return { lostShare: worst(findings), service: "out", priority };
      service = "reduced";
    }
  }
  return { lostShare: worst(findings), service, priority };
}

function sameService(ref: Ref, namespace: string, name: string): boolean {
  return ref.kind === "Service" && ref.namespace === namespace && ref.name === name;
}

function worst(findings: readonly Finding[]): number {
  return Math.max(0, ...findings.map((finding) => finding.lostShare));
}
