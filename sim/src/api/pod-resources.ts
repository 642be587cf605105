/** What a pod asks for: the scheduler and quotas count the same numbers. */
import { type PodSpec, parseQuantity, type Quantities } from "@kintsugi/core";

export interface Resources {
  readonly cpu: number;
  readonly memory: number;
}

const cache = new WeakMap<PodSpec, { readonly requests: Resources; readonly limits: Resources }>();

/** Sum over containers, at least the largest init container (k8s.io/component-helpers resource.PodRequests). Cores and bytes. */
export function podResources(spec: PodSpec): { readonly requests: Resources; readonly limits: Resources } {
  const known = cache.get(spec);
  if (known !== undefined) return known;
  const total = { requests: sum(spec, "requests"), limits: sum(spec, "limits") };
  cache.set(spec, total);
  return total;
}

function sum(spec: PodSpec, which: "requests" | "limits"): Resources {
  let [cpu, memory] = [0, 0];
  for (const container of spec.containers) {
    cpu += amount(container.resources?.[which], "cpu");
    memory += amount(container.resources?.[which], "memory");
  }
  for (const container of spec.initContainers ?? []) {
    cpu = Math.max(cpu, amount(container.resources?.[which], "cpu"));
    memory = Math.max(memory, amount(container.resources?.[which], "memory"));
  }
  return { cpu, memory };
}

function amount(quantities: Quantities | undefined, name: string): number {
  return parseQuantity(quantities?.[name]) ?? 0;
}
