/** How far a container's memory limit may go: what the largest node has, what LimitRanges allow, and what is left of the quotas. */
import type { Container, ResourceQuota } from "../model/kube.ts";
import { isOpenTo } from "../model/placement.ts";
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
  if (node === undefined) return { unknown: "how far the limit may go is not known: no node is open to it" };
  return [node, ...limitRangeCaps(workload, container, view), ...quotaCaps(workload, container, view)];
}

/** Allocatable of the largest node that takes such pods, less what the pod's other containers ask for. */
function nodeCap(workload: Templated, container: Container, view: View): Cap | undefined {
  const sizes = view.all("Node").flatMap((node) => {
    const bytes = parseQuantity(node.status.allocatable["memory"]);
    return isOpenTo(workload.spec.template.spec, node) && bytes !== undefined ? [{ bytes, name: node.metadata.name }] : [];
  });
  const largest = sizes.toSorted((a, b) => b.bytes - a.bytes)[0];
  if (largest === undefined) return undefined;
  const others = sumOf(siblings(workload, container), requestOf);
  const less = others === 0 ? "" : `, less ${formatBytes(others)} of its other containers`;
  return { bytes: largest.bytes - others, why: `the largest node that is open to it, ${largest.name} (${formatBytes(largest.bytes)} allocatable${less})` };
}

function limitRangeCaps(workload: Templated, container: Container, view: View): readonly Cap[] {
  const others = siblings(workload, container);
  return view.inNamespace("LimitRange", workload.metadata.namespace).flatMap((range) =>
    range.spec.limits.flatMap((limit): readonly Cap[] => {
      if (limit.type !== "Container" && limit.type !== "Pod") return [];
      const beside = limit.type === "Pod" ? others : [];
      const per = limit.type.toLowerCase();
      const max = parseQuantity(limit.max?.["memory"]);
      const most =
        max === undefined ? [] : [{ bytes: max - sumOf(beside, limitOf), why: `LimitRange ${range.metadata.name} (at most ${formatBytes(max)} a ${per})` }];
      const ratio = parseQuantity(limit.maxLimitRequestRatio?.["memory"]);
      const request = followsLimit(container) ? undefined : parseQuantity(container.resources?.requests?.["memory"]);
      if (ratio === undefined || request === undefined) return most;
      const asked = request + sumOf(beside, requestOf);
      const why = `LimitRange ${range.metadata.name} (the limit at most ${ratio} x the request of ${formatBytes(asked)} a ${per})`;
      return [...most, { bytes: ratio * asked - sumOf(beside, limitOf), why }];
    }),
  );
}

/** A request that is not set becomes the limit when the pod is made; one that equals it is raised with it. */
function followsLimit(container: Container): boolean {
  const request = parseQuantity(container.resources?.requests?.["memory"]);
  return request === undefined || request === parseQuantity(limitOf(container));
}

/**
 * Every replica's raise must fit into what is left. Where a rollout takes no old pod away before a new one is ready, one new pod must fit beside
 * all of the old ones too: at the last of n replicas, limit + (left - limit) / n.
 */
function quotaCaps(workload: Templated, container: Container, view: View): readonly Cap[] {
  const limit = parseQuantity(limitOf(container)) ?? 0;
  const resources = ["limits.memory", ...(followsLimit(container) ? REQUEST_QUOTAS : [])];
  const replicas = Math.max(1, wantedReplicas(workload) ?? 1);
  const isAdditional = surges(workload, replicas);
  const others = siblings(workload, container);
  return view.inNamespace("ResourceQuota", workload.metadata.namespace).flatMap((quota) =>
    resources.flatMap((resource): readonly Cap[] => {
      const left = leftOf(quota, resource);
      if (left === undefined) return [];
      const beside = isAdditional ? limit + sumOf(others, resource === "limits.memory" ? limitOf : requestOf) : 0;
      const during = isAdditional ? ", one more of them during the rollout" : "";
      const why = `quota ${quota.metadata.name} (${formatBytes(left)} of ${resource} left for ${replicas} replicas${during})`;
      return [{ bytes: limit + (left - beside) / replicas, why }];
    }),
  );
}

/** True where the new pods come before the old ones go: rolling updates that may not lack a single pod (25% of it, rounded down, by default). */
function surges(workload: Templated, replicas: number): boolean {
  if (workload.kind !== "Deployment" || workload.spec.strategy === "Recreate") return false;
  const { maxUnavailable = "25%" } = workload.spec;
  const most = typeof maxUnavailable === "number" ? maxUnavailable : Math.floor((replicas * Number.parseFloat(maxUnavailable)) / 100);
  return most < 1;
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

function limitOf(container: Container): string | undefined {
  return container.resources?.limits?.["memory"];
}

function requestOf(container: Container): string | undefined {
  return container.resources?.requests?.["memory"] ?? limitOf(container);
}
