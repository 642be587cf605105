/** ResourceQuota: what is used, and admission of pods against it. */
import { formatBytes, type Pod, type PodSpec, parseQuantity, type ResourceQuota } from "@kintsugi/core";
import type { Store } from "../world/store.ts";
import { podResources } from "./pod-resources.ts";

type Amounts = Record<string, number>;

/** Pods that still count: all but those that have ended. */
export function countsForQuota(pod: Pod): boolean {
  return pod.status.phase !== "Succeeded" && pod.status.phase !== "Failed";
}

function usageOf(spec: PodSpec): Amounts {
  const { requests, limits } = podResources(spec);
  return {
    pods: 1,
    "count/pods": 1,
    cpu: requests.cpu,
    memory: requests.memory,
    "requests.cpu": requests.cpu,
    "requests.memory": requests.memory,
    "limits.cpu": limits.cpu,
    "limits.memory": limits.memory,
  };
}

/** Usage of the quota's namespace now, for the resources that it limits. */
export function quotaUsed(store: Store, quota: ResourceQuota): Readonly<Record<string, string>> {
  const total: Amounts = {};
  for (const pod of store.inNamespace("Pod", quota.metadata.namespace)) {
    // The number of objects counts them all, ended or not.
    total["count/pods"] = (total["count/pods"] ?? 0) + 1;
    if (!countsForQuota(pod)) continue;
    for (const [name, value] of Object.entries(usageOf(pod.spec))) if (name !== "count/pods") total[name] = (total[name] ?? 0) + value;
  }
  const used: Record<string, string> = {};
  for (const name of Object.keys(quota.spec.hard)) used[name] = quantityText(name, total[name] ?? 0);
  return used;
}

/** Why the pod may not be created, in the API server's words; undefined when it may. */
export function quotaRefusal(store: Store, namespace: string, spec: PodSpec): string | undefined {
  const asked = usageOf(spec);
  for (const quota of store.inNamespace("ResourceQuota", namespace)) {
    const used = quotaUsed(store, quota);
    const over = Object.keys(quota.spec.hard)
      .filter((name) => asked[name] !== undefined)
      .filter((name) => (parseQuantity(used[name]) ?? 0) + (asked[name] ?? 0) > (parseQuantity(quota.spec.hard[name]) ?? 0) + 1e-9)
      .sort();
    if (over.length === 0) continue;
    const list = (values: (name: string) => string) => over.map((name) => `${name}=${values(name)}`).join(",");
    const requested = list((name) => quantityText(name, asked[name] ?? 0));
    const limited = list((name) => quota.spec.hard[name] ?? "0");
    return `exceeded quota: ${quota.metadata.name}, requested: ${requested}, used: ${list((name) => used[name] ?? "0")}, limited: ${limited}`;
  }
  return undefined;
}

function quantityText(name: string, value: number): string {
  if (name.endsWith("memory")) return formatBytes(value);
  if (!name.endsWith("cpu")) return String(value);
  const milli = Math.round(value * 1000);
  return milli % 1000 === 0 ? String(milli / 1000) : `${milli}m`;
}
