/** Nodes: what they are, what they have, and how they are. */
import { conditionOf, type Node, timeOf, type View } from "@kintsugi/core";
import { z } from "zod";
import { time, untrusted } from "./shapes.ts";

const quantities = z.record(z.string(), z.string()).describe("Kubernetes quantities: cpu in cores (`500m`), memory in bytes (`8Gi`)");

export const NodeRow = z
  .object({
    name: z.string(),
    ready: z.enum(["True", "False", "Unknown"]).describe("its Ready condition; Unknown: the kubelet is not heard of"),
    roles: z.array(z.string()),
    version: z.string().describe("of its kubelet"),
    unschedulable: z.boolean().describe("cordoned"),
    createdAt: time,
    capacity: quantities,
    allocatable: quantities,
    pods: z.int().nullable().describe("pods on it that have not finished; null while pods are not seen"),
    conditions: z.array(
      z.object({ type: z.string(), status: z.string(), reason: z.string(), message: untrusted("the kubelet's words"), since: time.optional() }),
    ),
    taints: z.array(z.object({ key: z.string(), value: z.string().optional(), effect: z.string() })),
    labels: z.record(z.string(), z.string()),
  })
  .meta({ id: "Node" });
export type NodeRow = z.infer<typeof NodeRow>;

const ROLE = "node-role.kubernetes.io/";

export function nodeRow(node: Node, view: View): NodeRow {
  const { metadata, spec, status } = node;
  const ready = conditionOf(status.conditions, "Ready")?.status;
  return {
    name: metadata.name,
    ready: ready === "True" || ready === "False" ? ready : "Unknown",
    roles: Object.keys(metadata.labels)
      .filter((label) => label.startsWith(ROLE))
      .map((label) => label.slice(ROLE.length))
      .toSorted(),
    version: status.kubeletVersion,
    unschedulable: spec.unschedulable,
    createdAt: timeOf(metadata.creationTimestamp) ?? 0,
    capacity: { ...status.capacity },
    allocatable: { ...status.allocatable },
    pods:
      view.health("Pod") === "live"
        ? view.podsOnNode(metadata.name).filter(({ status: { phase } }) => phase !== "Succeeded" && phase !== "Failed").length
        : null,
    conditions: status.conditions.map(({ type, status: value, reason, message, lastTransitionTime }) => {
      const since = timeOf(lastTransitionTime);
      return { type, status: value, reason, message, ...(since === undefined ? {} : { since }) };
    }),
    taints: spec.taints.map(({ key, value, effect }) => ({ key, effect, ...(value === undefined ? {} : { value }) })),
    labels: { ...metadata.labels },
  };
}
