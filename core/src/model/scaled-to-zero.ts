/** A workload without replicas that somebody still calls, and whether something other than a person keeps it so. */
import type { Deployment, Service, StatefulSet } from "./kube.ts";
import { refOf } from "./kube.ts";
import { isActive } from "./pod-state.ts";
import { selects } from "./selector.ts";
import { timeOf } from "./time.ts";
import type { View } from "./view.ts";

/** The newest record of it with replicas: how many, and when it was last seen so, ms. */
export function lastReplicas(view: View, owner: Deployment | StatefulSet): { readonly replicas: number; readonly seen: number } | undefined {
  const { kind, namespace, name } = refOf(owner);
  for (const good of view.knownGood({ kind, namespace, name })) {
    if ((good.spec.replicas ?? 0) > 0) return { replicas: good.spec.replicas ?? 0, seen: good.lastSeen };
  }
  return undefined;
}

/** When it was scaled, by whoever set the field; undefined when managedFields do not say. */
export function scaledAt(owner: Deployment | StatefulSet): { readonly at: number; readonly by: string } | undefined {
  let newest: { at: number; by: string } | undefined;
  for (const manager of owner.metadata.managers) {
    const at = manager.paths.includes("/spec/replicas") ? timeOf(manager.time) : undefined;
    if (at !== undefined && (newest === undefined || at >= newest.at)) newest = { at, by: manager.manager };
  }
  return newest;
}

/** Services that would select its pods and have no other pod to turn to. */
export function unservedServices(view: View, owner: Deployment | StatefulSet): readonly Service[] {
  const { namespace } = owner.metadata;
  const labels = owner.spec.template.metadata.labels ?? {};
  return view
    .inNamespace("Service", namespace)
    .filter((service) => selects(service.spec.selector, labels) && !view.podsSelected(namespace, service.spec.selector).some(isActive));
}

const SCALERS = /(keda\.sh|downscaler|hibernat|sleep-?mode|kube-green|knative|autoscaling\.)/i;

/** What scales it by itself (HPA, KEDA, Knative, a downscaler), or undefined. */
export function scalerOf(view: View, owner: Deployment | StatefulSet): string | undefined {
  const { namespace, name, labels, annotations } = owner.metadata;
  const hpa = view.inNamespace("HorizontalPodAutoscaler", namespace).find((h) => h.spec.target.kind === owner.kind && h.spec.target.name === name);
  if (hpa !== undefined) return `HorizontalPodAutoscaler ${hpa.metadata.name}`;
  const around = view.get("Namespace", "", namespace)?.metadata;
  for (const bag of [annotations, labels, around?.annotations ?? {}, around?.labels ?? {}]) {
    const key = Object.keys(bag).find((k) => SCALERS.test(k));
    if (key !== undefined) return key;
  }
  const by = scaledAt(owner)?.by ?? "";
  return SCALERS.test(by) || /(keda|downscaler|kube-green|autoscaler)/i.test(by) ? `field manager ${by}` : undefined;
}
