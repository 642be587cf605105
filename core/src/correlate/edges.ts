/** Edges that the cluster itself draws: pods are on a node, findings point at one thing, a Service selects pods. */
import type { Finding } from "../model/finding.ts";
import { refKey, refText } from "../model/ref.ts";
import { beganBefore } from "./began.ts";
import { behindNow, type Explained, type Situation } from "./situation.ts";

export function byEdge(key: string, own: readonly Finding[], situation: Situation): Explained | undefined {
  return byNode(key, own, situation) ?? byCause(key, own, situation) ?? byWorkload(key, own, situation);
}

/** A node that is not ready explains a subject all of whose failing pods are on it. */
function byNode(key: string, own: readonly Finding[], situation: Situation): Explained | undefined {
  if (own.some((finding) => finding.subject.kind === "Node")) return undefined;
  const nodes = new Set<string>();
  for (const member of own.flatMap((finding) => finding.members)) {
    const node = member.kind === "Pod" ? situation.view.get("Pod", member.namespace, member.name)?.spec.nodeName : undefined;
    if (node === undefined) return undefined;
    nodes.add(node);
  }
  const down = [...nodes].map((name) => refKey({ kind: "Node", namespace: "", name }));
  const first = down[0];
  if (first === undefined || !down.every((node) => isDown(node, situation) && beganBefore(node, key, situation))) return undefined;
  return { key: first, why: `its failing pods are on ${[...nodes].join(", ")}, which is not ready` };
}

function isDown(node: string, { groups }: Situation): boolean {
  return groups.get(node)?.some((finding) => finding.detector === "node-not-ready") === true;
}

/** What follows from another finding of the same subject rather than being a reason of its own. */
const CONSEQUENCES: ReadonlySet<string> = new Set(["rollout-stalled", "pod-not-ready"]);

/**
 * Of several subjects that point at one cause the first by name stands for all; the cause itself, if it has findings, goes before. A subject
 * with a further reason of its own stands for itself.
 */
function byCause(key: string, own: readonly Finding[], situation: Situation): Explained | undefined {
  const cause = own.find((finding) => finding.cause !== undefined)?.cause;
  if (cause === undefined) return undefined;
  const causeKey = refKey(cause);
  if (causeKey !== key && situation.groups.has(causeKey)) {
    return beganBefore(causeKey, key, situation) ? { key: causeKey, why: `it points at ${refText(cause)}` } : undefined;
  }
  if (own.some((finding) => !CONSEQUENCES.has(finding.detector) && (finding.cause === undefined || refKey(finding.cause) !== causeKey))) return undefined;
  const first = situation.pointing.get(causeKey)?.[0];
  return first === undefined || first >= key ? undefined : { key: first, why: `the same cause: ${refText(cause)}` };
}

/** A workload in trouble explains the Service whose pods are its pods. */
function byWorkload(key: string, own: readonly Finding[], situation: Situation): Explained | undefined {
  const subject = own[0]?.subject;
  if (subject?.kind !== "Service") return undefined;
  const service = situation.view.get("Service", subject.namespace, subject.name);
  const workload =
    service === undefined
      ? undefined
      : behindNow(situation)
          .workloads(service)
          .find((behind) => beganBefore(behind, key, situation));
  return workload === undefined ? undefined : { key: workload, why: `it selects the pods of ${workload}` };
}
