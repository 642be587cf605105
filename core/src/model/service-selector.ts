/** Why a Service selects no pod: what its selector was when it worked, and which workload it misses by one label. */
import type { DaemonSet, Deployment, Pod, Service, StatefulSet } from "./kube.ts";
import { refOf } from "./kube.ts";
import { isActive } from "./pod-state.ts";
import type { Ref } from "./ref.ts";
import { sameLabels, selects, unmetKeys } from "./selector.ts";
import { timeOf } from "./time.ts";
import type { View } from "./view.ts";
import { wantedReplicas } from "./workload.ts";

type Labels = Readonly<Record<string, string>>;

/** A recorded selector that the Service worked with, is not the present one, and finds running pods today. */
export function workingSelector(view: View, service: Service): Labels | undefined {
  const { namespace, name } = refOf(service);
  for (const good of view.knownGood({ kind: "Service", namespace, name })) {
    const was = good.spec.selector;
    if (was !== undefined && !sameLabels(was, service.spec.selector) && view.podsSelected(namespace, was).some(isActive)) return was;
  }
  return undefined;
}

/** Pods that a Service is served by, ready or not; undefined where the API server does not show who serves it: no selector, or a name outside of the cluster. */
export function servingPods(view: View, service: Service): readonly Pod[] | undefined {
  const { selector, type } = service.spec;
  if (type === "ExternalName" || Object.keys(selector).length === 0) return undefined;
  return view.podsSelected(service.metadata.namespace, selector).filter(isActive);
}

export type ServedWorkload = Deployment | StatefulSet | DaemonSet;

/** The object, where it is of a kind whose pods Services are for and is there. */
export function servedWorkload(view: View, { kind, namespace, name }: Ref): ServedWorkload | undefined {
  return kind === "Deployment" || kind === "StatefulSet" || kind === "DaemonSet" ? view.get(kind, namespace, name) : undefined;
}

export function workloadsIn(view: View, namespace: string): readonly ServedWorkload[] {
  return [...view.inNamespace("Deployment", namespace), ...view.inNamespace("StatefulSet", namespace), ...view.inNamespace("DaemonSet", namespace)];
}

/** Workloads whose pods the present selector would find, running or not. */
export function selectedWorkloads(view: View, service: Service): readonly ServedWorkload[] {
  return workloadsIn(view, service.metadata.namespace).filter((w) => selects(service.spec.selector, w.spec.template.metadata.labels ?? {}));
}

/**
 * A running workload that has every key of the selector, one of them with another value, and that no other Service serves. A key that no
 * template has is no near miss: leaders are labelled while they run.
 */
export function nearMiss(view: View, service: Service): { readonly workload: ServedWorkload; readonly key: string } | undefined {
  const { namespace } = service.metadata;
  const services = view.inNamespace("Service", namespace);
  for (const workload of workloadsIn(view, namespace)) {
    const labels = workload.spec.template.metadata.labels ?? {};
    const unmet = unmetKeys(service.spec.selector, labels);
    const key = unmet[0];
    if (key === undefined || unmet.length > 1 || labels[key] === undefined || (wantedReplicas(workload) ?? 0) === 0) continue;
    if (Object.keys(service.spec.selector).length > 1 || resembles(service.spec.selector[key] ?? "", labels[key])) {
      if (!services.some((other) => selects(other.spec.selector, labels))) return { workload, key };
    }
  }
  return undefined;
}

/** With a single key nothing but the value tells who was meant: one is the other with something added or cut off. */
function resembles(a: string, b: string): boolean {
  return a.startsWith(b) || b.startsWith(a);
}

/** When the selector was last set, ms: by managedFields, else the Service's creation. */
export function selectorSetAt(service: Service): { readonly at: number; readonly by: string } {
  let newest = { at: timeOf(service.metadata.creationTimestamp) ?? 0, by: "" };
  for (const manager of service.metadata.managers) {
    const at = manager.paths.some((path) => path.startsWith("/spec/selector")) ? timeOf(manager.time) : undefined;
    if (at !== undefined && at >= newest.at) newest = { at, by: manager.manager };
  }
  return newest;
}
