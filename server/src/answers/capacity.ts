/** Capacity as the reference contract has it. Usage and trends are metrics: null with the reason until there is a source of them. */
import { conditionOf, type View } from "@kintsugi/core";
import { z } from "zod";
import { type Asked, type Asking, isControlPlane, quotaOf, requestedBy, sumOf, workersOf } from "./room.ts";

export const NO_METRICS = "no metrics source is configured: what is used, and how it grows, is not known";

const amount = z.number().nullable();
const reason = z.string().nullable().describe("why something above is null");
const Amounts = z.object({ cpu: z.number().describe("cores"), memory: z.number().describe("bytes"), pod_count: z.int() });

const Infrastructure = z.object({
  etcd_object_count: z.null(),
  etcd_capacity_percent: z.null(),
  api_server_qps: z.null(),
  scheduler_queue_length: z.int().nullable().describe("pods that no node was found for yet"),
  control_plane_health: z.enum(["healthy", "degraded"]).nullable().describe("whether every control-plane node is Ready; null where none is seen"),
  reason: z.string(),
});

export const NamespaceCapacity = z
  .object({
    status: z.literal("success"),
    timestamp: z.string(),
    namespace: z.string(),
    window: z.string(),
    quota: z.object({
      cpu: amount.describe("cores that may be requested; null: no quota"),
      memory: amount.describe("bytes that may be requested"),
      pod_count_limit: z.int().nullable(),
      has_quota: z.boolean().nullable(),
      reason,
    }),
    current_usage: z.object({ cpu: z.null(), memory: z.null(), pod_count: z.int().nullable(), reason: z.string() }),
    requested: Amounts.nullable().describe("what its pods ask for"),
    available: z
      .object({ cpu: amount, memory: amount, pod_slots: z.int().nullable(), limited_by: z.array(z.enum(["quota", "nodes"])) })
      .describe("what can still be requested: what the quota leaves, and no more than workers have free together"),
    trending: z.null(),
    trending_reason: z.string().nullable().describe("null where trends were not asked for"),
    infrastructure_impact: Infrastructure.nullable(),
  })
  .meta({ id: "NamespaceCapacity" });
export type NamespaceCapacity = z.infer<typeof NamespaceCapacity>;

export interface NamespaceAsked {
  readonly namespace: string;
  readonly window: string;
  readonly trending: boolean;
  readonly infrastructure: boolean;
  readonly now: number;
}

export function namespaceCapacity(view: View, asked: NamespaceAsked): NamespaceCapacity {
  const { namespace } = asked;
  const quota = quotaOf(view, namespace);
  const pods = view.health("Pod") === "live" ? requestedBy(view.inNamespace("Pod", namespace)) : undefined;
  return {
    status: "success",
    timestamp: new Date(asked.now).toISOString(),
    namespace,
    window: asked.window,
    quota: {
      cpu: quota?.cpu?.hard ?? null,
      memory: quota?.memory?.hard ?? null,
      pod_count_limit: quota?.pods?.hard ?? null,
      has_quota: quota === undefined ? null : Object.keys(quota).length > 0,
      reason: quota === undefined ? `quotas are not seen now (${view.health("ResourceQuota")})` : null,
    },
    current_usage: { cpu: null, memory: null, pod_count: pods?.pods ?? null, reason: NO_METRICS },
    requested: pods === undefined ? null : { cpu: pods.cpu, memory: pods.memory, pod_count: pods.pods },
    available: availableIn(view, namespace),
    trending: null,
    trending_reason: asked.trending ? NO_METRICS : null,
    infrastructure_impact: asked.infrastructure ? infrastructure(view) : null,
  };
}

function availableIn(view: View, namespace: string): NamespaceCapacity["available"] {
  const quota = quotaOf(view, namespace);
  const nodes = workersOf(view)?.filter(({ open }) => open);
  const free = nodes === undefined ? undefined : sumOf(nodes.map((one) => one.free));
  const left = (asking: Asking) => {
    const allowed = quota?.[asking];
    const byQuota = allowed === undefined ? undefined : Math.max(0, allowed.hard - allowed.used);
    const byNodes = free?.[asking];
    // Without a view of quotas or nodes the smaller of the two is not known.
    if (quota === undefined || byNodes === undefined) return { amount: null };
    return byQuota !== undefined && byQuota <= byNodes ? { amount: byQuota, by: "quota" as const } : { amount: byNodes, by: "nodes" as const };
  };
  const [cpu, memory, slots] = [left("cpu"), left("memory"), left("pods")];
  return { cpu: cpu.amount, memory: memory.amount, pod_slots: slots.amount, limited_by: [...new Set([cpu, memory, slots].flatMap(({ by }) => by ?? []))] };
}

function infrastructure(view: View): z.infer<typeof Infrastructure> {
  const isSeen = view.health("Pod") === "live";
  const waiting = isSeen ? view.all("Pod").filter(({ spec, status }) => status.phase === "Pending" && spec.nodeName === undefined).length : null;
  const control = view.health("Node") === "live" ? view.all("Node").filter(isControlPlane) : [];
  const ready = control.filter(({ status }) => conditionOf(status.conditions, "Ready")?.status === "True").length;
  return {
    etcd_object_count: null,
    etcd_capacity_percent: null,
    api_server_qps: null,
    scheduler_queue_length: waiting,
    control_plane_health: control.length === 0 ? null : ready === control.length ? "healthy" : "degraded",
    reason: `etcd and the API server say such things in metrics: ${NO_METRICS}${control.length === 0 ? "; no control-plane node is seen" : ""}`,
  };
}

export const ClusterCapacity = z
  .object({
    status: z.literal("success"),
    timestamp: z.string(),
    cluster_capacity: z
      .object({
        total_cpu: z.number(),
        total_memory: z.number(),
        allocatable_cpu: z.number(),
        allocatable_memory: z.number(),
        worker_count: z.int(),
        pod_slots: z.int(),
      })
      .describe("workers only"),
    cluster_usage: z.object({ cpu: z.null(), memory: z.null(), reason: z.string() }),
    cluster_requests: Amounts.extend({ cpu_percent: amount, memory_percent: amount }).describe(
      "of pods on workers, and their share of what is allocatable there",
    ),
    namespaces: z.array(
      z.object({
        name: z.string(),
        cpu_percent: z.null(),
        memory_percent: z.null(),
        requested_cpu_percent: amount.describe("share of what is allocatable on workers"),
        requested_memory_percent: amount,
        pod_count: z.int(),
      }),
    ),
    infrastructure: Infrastructure,
  })
  .meta({ id: "ClusterCapacity" });
export type ClusterCapacity = z.infer<typeof ClusterCapacity>;

/** Namespaces of the system, which the contract leaves out. It left out `default` too; what runs there counts as anything else. */
const OF_THE_SYSTEM = /^(kube|openshift)-/;

/** Undefined while nodes or pods are not seen. */
export function clusterCapacity(view: View, now: number): ClusterCapacity | undefined {
  const workers = workersOf(view);
  if (workers === undefined) return undefined;
  const [capacity, allocatable] = [sumOf(workers.map((one) => one.capacity)), sumOf(workers.map((one) => one.allocatable))];
  const requests = requestedBy(workers.flatMap(({ name }) => view.podsOnNode(name)));
  const namespaces = view
    .all("Namespace")
    .map(({ metadata }) => metadata.name)
    .filter((name) => !OF_THE_SYSTEM.test(name));
  const shares = (asked: Asked) => ({ cpu: percent(asked.cpu, allocatable.cpu), memory: percent(asked.memory, allocatable.memory) });
  return {
    status: "success",
    timestamp: new Date(now).toISOString(),
    cluster_capacity: {
      ...{ total_cpu: capacity.cpu, total_memory: capacity.memory, allocatable_cpu: allocatable.cpu, allocatable_memory: allocatable.memory },
      ...{ worker_count: workers.length, pod_slots: allocatable.pods },
    },
    cluster_usage: { cpu: null, memory: null, reason: NO_METRICS },
    cluster_requests: {
      cpu: requests.cpu,
      memory: requests.memory,
      pod_count: requests.pods,
      cpu_percent: shares(requests).cpu,
      memory_percent: shares(requests).memory,
    },
    namespaces: namespaces.toSorted().map((name) => {
      const asked = requestedBy(view.inNamespace("Pod", name));
      const { cpu, memory } = shares(asked);
      return { name, cpu_percent: null, memory_percent: null, requested_cpu_percent: cpu, requested_memory_percent: memory, pod_count: asked.pods };
    }),
    infrastructure: infrastructure(view),
  };
}

/** To a tenth; null where there is nothing to have a share of. */
function percent(part: number, whole: number): number | null {
  return whole === 0 ? null : Math.round((part / whole) * 1_000) / 10;
}
