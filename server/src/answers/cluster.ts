/**
 * The cluster at a glance.
 *
 * - unhealthy: a critical incident is alive, or half of the nodes or more are not ready.
 * - degraded: a node is not ready, an incident above severity low is alive, nodes or pods cannot be seen, or the ledger cannot be written.
 * - healthy: none of that, and nodes and pods are seen.
 *
 * What is not seen is null with the reason, never zero.
 */
import { conditionOf, type Incident, type Kind, type Node, type Pod, type View } from "@kintsugi/core";
import { z } from "zod";
import type { EngineStatus } from "../engine-facade.ts";
import { PHASES, SEVERITIES, time } from "./shapes.ts";

const count = z.int().min(0).nullable().describe("null: not known, `reason` says why");
const reason = z.string().optional().describe("why it is not known");
const counts = <K extends string>(keys: readonly K[]) => z.object(Object.fromEntries(keys.map((key) => [key, z.int()])) as Record<K, z.ZodInt>);

export const ClusterOverview = z
  .object({
    cluster: z.string(),
    now: time.describe("the engine's time, ms since 1970"),
    status: z.enum(["healthy", "degraded", "unhealthy"]),
    message: z.string().describe("why, in one sentence"),
    nodes: z.object({ total: count, ready: count, notReady: count, reason }),
    pods: z.object({ total: count, running: count, pending: count, failed: count, succeeded: count, unknown: count, reason }),
    incidents: z.object({
      live: z.int(),
      byPhase: counts(PHASES).describe("resolved ones as far as they are remembered"),
      bySeverity: counts(SEVERITIES).describe("of those that are alive"),
    }),
    unseen: z.array(z.object({ kind: z.string(), health: z.string(), reason })).describe("kinds of objects that are not seen now"),
  })
  .meta({ id: "ClusterOverview" });
export type ClusterOverview = z.infer<typeof ClusterOverview>;

export function clusterOverview(view: View, incidents: readonly Incident[], status: EngineStatus): ClusterOverview {
  const live = incidents.filter(({ phase }) => phase !== "resolved");
  const nodes = nodeCounts(view, status);
  const pods = podCounts(view, status);
  return {
    cluster: status.cluster,
    now: status.now,
    ...judge(nodes, pods.reason, live, status),
    nodes,
    pods,
    incidents: {
      live: live.length,
      byPhase: countBy(
        PHASES,
        incidents.map(({ phase }) => phase),
      ),
      bySeverity: countBy(
        SEVERITIES,
        live.map(({ severity }) => severity),
      ),
    },
    unseen: status.watches.filter(({ health }) => health !== "live" && health !== "not-served").map((watch) => ({ ...watch })),
  };
}

/** Ready says True; False and Unknown are both not ready. */
export function isNodeReady(node: Node): boolean {
  return conditionOf(node.status.conditions, "Ready")?.status === "True";
}

function nodeCounts(view: View, status: EngineStatus): ClusterOverview["nodes"] {
  const blind = unseen(view, "Node", status);
  if (blind !== undefined) return { total: null, ready: null, notReady: null, reason: blind };
  const nodes = view.all("Node");
  const ready = nodes.filter(isNodeReady).length;
  return { total: nodes.length, ready, notReady: nodes.length - ready };
}

function podCounts(view: View, status: EngineStatus): ClusterOverview["pods"] {
  const blind = unseen(view, "Pod", status);
  if (blind !== undefined) return { total: null, running: null, pending: null, failed: null, succeeded: null, unknown: null, reason: blind };
  const counted = { total: 0, running: 0, pending: 0, failed: 0, succeeded: 0, unknown: 0 };
  for (const pod of view.all("Pod")) {
    counted.total += 1;
    counted[phaseOf(pod)] += 1;
  }
  return counted;
}

const POD_PHASES = { Running: "running", Pending: "pending", Failed: "failed", Succeeded: "succeeded" } as const;

function phaseOf({ status }: Pod): "running" | "pending" | "failed" | "succeeded" | "unknown" {
  return POD_PHASES[status.phase as keyof typeof POD_PHASES] ?? "unknown";
}

/** Why the kind cannot be counted now; undefined while it is seen. */
export function unseen(view: View, kind: Kind, { watches }: Pick<EngineStatus, "watches">): string | undefined {
  const health = view.health(kind);
  if (health === "live") return undefined;
  const why = watches.find((watch) => watch.kind === kind)?.reason;
  return `${kind} objects are not seen now (${health})${why === undefined ? "" : `: ${why}`}`;
}

function countBy<K extends string>(keys: readonly K[], values: readonly K[]): Record<K, number> {
  return Object.fromEntries(keys.map((key) => [key, values.filter((value) => value === key).length])) as Record<K, number>;
}

function judge(
  nodes: ClusterOverview["nodes"],
  podsUnseen: string | undefined,
  live: readonly Incident[],
  { storeTrouble }: EngineStatus,
): Pick<ClusterOverview, "status" | "message"> {
  const critical = live.filter(({ severity }) => severity === "critical");
  const serious = live.filter(({ severity }) => severity !== "low");
  const { total, notReady } = nodes;
  const isHalfDown = total !== null && notReady !== null && notReady > 0 && notReady * 2 >= total;
  const troubles = [
    ...(critical.length === 0 ? [] : [`${counted(critical.length, "critical incident")} alive`]),
    ...(notReady === null || notReady === 0 ? [] : [`${notReady} of ${total} nodes not ready`]),
    ...(serious.length === critical.length
      ? []
      : [`${counted(serious.length - critical.length, critical.length > 0 ? "other incident" : "incident")} above severity low alive`]),
    ...[nodes.reason, podsUnseen].filter((why) => why !== undefined),
    ...(storeTrouble === undefined ? [] : [`the ledger cannot be written: ${storeTrouble}`]),
  ];
  if (troubles.length === 0) return { status: "healthy", message: "nodes and pods are seen, every node is ready, and no incident above severity low is alive" };
  return { status: critical.length > 0 || isHalfDown ? "unhealthy" : "degraded", message: troubles.join("; ") };
}

function counted(count: number, one: string): string {
  return `${count} ${one}${count === 1 ? "" : "s"}`;
}
