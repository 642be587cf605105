/** How far a container's memory limit may go: what the largest node has, what LimitRanges allow, and what is left of the quotas. */
import { type Container, conditionOf, type ResourceQuota } from "../model/kube.ts";
import { formatBytes, parseQuantity } from "../model/quantity.ts";
import type { Kind } from "../model/ref.ts";
import type { View } from "../model/view.ts";
import { wantedReplicas } from "../model/workload.ts";
import type { Templated } from "./workload.ts";

export interface Cap {
  readonly bytes: number;
  /** For people: which object sets it, with its arithmetic. */
  readonly why: string;
}

const NEEDED: readonly Kind[] = ["Node", "ResourceQuota", "LimitRange"];
/** A quota on memory is one on requests (`memory` is an old name of `requests.memory`). */
const REQUEST_QUOTAS = ["requests.memory", "memory"];

/** Every cap there is, or why they cannot be told: a quota that is not seen is not an absent one. */
export function memoryCaps(workload: Templated, container: Container, view: View): readonly Cap[] | { readonly unknown: string } {
  const unseen = NEEDED.find((kind) => view.health(kind) !== "live");
  if (unseen !== undefined) return { unknown: `how far the limit may go is not known: ${unseen}s are ${view.health(unseen)}` };
  const node = nodeCap(workload, container, view);
  if (node === undefined) return { unknown: "how far the limit may go is not known: no node is ready" };
  return [node, ...limitRangeCaps(workload, container, view), ...quotaCaps(workload, container, view)];
}

/** Allocatable of the largest ready node, less what the pod's other containers ask for. */
function nodeCap(workload: Templated, container: Container, view: View): Cap | undefined {
  const sizes = view.all("Node").flatMap((node) => {
    const bytes = parseQuantity(node.status.allocatable["memory"]);
    const isReady = conditionOf(node.status.conditions, "Ready")?.status === "True";
    return isReady && bytes !== undefined ? [{ bytes, name: node.metadata.name }] : [];
  });
  const largest = sizes.toSorted((a, b) => b.bytes - a.bytes)[0];
  if (largest === undefined) return undefined;
  const others = sumOf(siblings(workload, container), (one) => one.resources?.requests?.["memory"] ?? one.resources?.limits?.["memory"]);
  const less = others === 0 ? "" : `, less ${formatBytes(others)} of its other containers`;
  return { bytes: largest.bytes - others, why: `the largest ready node ${largest.name} (${formatBytes(largest.bytes)} allocatable${less})` };
}

function limitRangeCaps(workload: Templated, container: Container, view: View): readonly Cap[] {
  const others = sumOf(siblings(workload, container), (one) => one.resources?.limits?.["memory"]);
  return view.inNamespace("LimitRange", workload.metadata.namespace).flatMap((range) =>
    range.spec.limits.flatMap((limit): readonly Cap[] => {
      const max = parseQuantity(limit.max?.["memory"]);
      if (max === undefined || (limit.type !== "Container" && limit.type !== "Pod")) return [];
      const bytes = limit.type === "Pod" ? max - others : max;
      return [{ bytes, why: `LimitRange ${range.metadata.name} (at most ${formatBytes(max)} a ${limit.type.toLowerCase()})` }];
    }),
  );
}

/** Every replica's raise must fit into what is left: limit + (hard - used) / replicas. */
function quotaCaps(workload: Templated, container: Container, view: View): readonly Cap[] {
  const limit = parseQuantity(container.resources?.limits?.["memory"]) ?? 0;
  const request = parseQuantity(container.resources?.requests?.["memory"]);
  // A request that is not set becomes the limit when the pod is made; one that equals it is raised with it.
  const resources = ["limits.memory", ...(request === undefined || request === limit ? REQUEST_QUOTAS : [])];
  const replicas = Math.max(1, wantedReplicas(workload) ?? 1);
  return view.inNamespace("ResourceQuota", workload.metadata.namespace).flatMap((quota) =>
    resources.flatMap((resource): readonly Cap[] => {
      const left = leftOf(quota, resource);
      if (left === undefined) return [];
      return [{ bytes: limit + left / replicas, why: `quota ${quota.metadata.name} (${formatBytes(left)} of ${resource} left for ${replicas} replicas)` }];
    }),
  );
}

/** Bytes left; nothing where the quota controller has not counted yet; undefined where the quota does not speak of it. */
function leftOf(quota: ResourceQuota, resource: string): number | undefined {
  const hard = parseQuantity(quota.spec.hard[resource]);
  if (hard === undefined) return undefined;
  return Math.max(0, hard - (parseQuantity(quota.status.used[resource]) ?? hard));
}

/** Containers beside this one that run at the same time. */
function siblings({ spec }: Templated, container: Container): readonly Container[] {
  return spec.template.spec.containers.filter((other) => other.name !== container.name);
}

function sumOf(containers: readonly Container[], quantity: (container: Container) => string | undefined): number {
  return containers.reduce((sum, container) => sum + (parseQuantity(quantity(container)) ?? 0), 0);
}
