/** What the API server checks before it stores: validation of the fields that people and engines change, LimitRange, quota. */
import { type ClusterObject, type Container, type LimitRange, type Pod, type PodSpec, parseQuantity, refOf } from "@kintsugi/core";
import { sameJson } from "../world/same.ts";
import type { Store } from "../world/store.ts";
import { forbidden, invalid } from "./errors.ts";
import { quotaRefusal } from "./quota.ts";

/** Throws PortError `invalid` where the API server would answer 422. */
export function validate(before: ClusterObject | undefined, after: ClusterObject): void {
  const ref = refOf(after);
  if (!/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(after.metadata.name)) throw invalid(ref, `metadata.name: Invalid value: "${after.metadata.name}"`);
  if (before !== undefined) validateUpdate(before, after);
  if ("spec" in after && "replicas" in after.spec) {
    const replicas: unknown = after.spec.replicas;
    if (typeof replicas !== "number" || !Number.isInteger(replicas) || replicas < 0) {
      throw invalid(ref, `spec.replicas: Invalid value: ${String(replicas)}: must be greater than or equal to 0`);
    }
  }
  const podSpec = podSpecOf(after);
  if (podSpec !== undefined && (before === undefined || podSpecOf(before) !== podSpec)) validatePodSpec(after, podSpec);
}

function validateUpdate(before: ClusterObject, after: ClusterObject): void {
  const ref = refOf(after);
  if (after.metadata.uid !== before.metadata.uid) throw invalid(ref, `metadata.uid: Invalid value: "${after.metadata.uid}": field is immutable`);
  if (after.metadata.name !== before.metadata.name) throw invalid(ref, "metadata.name: Invalid value: field is immutable");
  if ((after.kind === "Deployment" || after.kind === "StatefulSet" || after.kind === "DaemonSet") && "selector" in after.spec) {
    const old = before as typeof after;
    if (!sameJson(old.spec.selector, after.spec.selector)) throw invalid(ref, "spec.selector: Invalid value: field is immutable");
  }
  if (after.kind === "Job" && !sameJson((before as typeof after).spec.template, after.spec.template)) {
    throw invalid(ref, "spec.template: Invalid value: field is immutable");
  }
}

function validatePodSpec(object: ClusterObject, spec: PodSpec): void {
  const ref = refOf(object);
  if (!Array.isArray(spec.containers) || spec.containers.length === 0) throw invalid(ref, "spec.containers: Required value");
  for (const container of spec.containers) validateContainer(object, container);
}

function validateContainer(object: ClusterObject, container: Container): void {
  const ref = refOf(object);
  if (typeof container.image !== "string" || container.image === "") throw invalid(ref, `spec.containers[${container.name}].image: Required value`);
  for (const resource of ["cpu", "memory"]) {
    const request = container.resources?.requests?.[resource];
    const limit = container.resources?.limits?.[resource];
    const [asked, allowed] = [parseQuantity(request), parseQuantity(limit)];
    if ((request !== undefined && asked === undefined) || (limit !== undefined && allowed === undefined)) {
      throw invalid(ref, "spec.containers.resources: quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'");
    }
    if (asked !== undefined && allowed !== undefined && asked > allowed) {
      throw invalid(ref, `spec.containers.resources.requests: Invalid value: "${request}": must be less than or equal to ${resource} limit of ${limit}`);
    }
  }
}

function podSpecOf(object: ClusterObject): PodSpec | undefined {
  if (object.kind === "Pod") return object.spec;
  return "spec" in object && "template" in object.spec ? object.spec.template.spec : undefined;
}

/** Throws PortError `denied` where the namespace's LimitRange or quota refuses the pod. */
export function admitPod(store: Store, pod: Pod): void {
  for (const range of store.inNamespace("LimitRange", pod.metadata.namespace)) {
    const refusal = limitRangeRefusal(range, pod.spec);
    if (refusal !== undefined) throw forbidden(refOf(pod), refusal);
  }
  const refusal = quotaRefusal(store, pod.metadata.namespace, pod.spec);
  if (refusal !== undefined) throw forbidden(refOf(pod), refusal);
}

function limitRangeRefusal(range: LimitRange, spec: PodSpec): string | undefined {
  for (const item of range.spec.limits) {
    if (item.type !== "Container") continue;
    for (const [name, max] of Object.entries(item.max ?? {})) {
      for (const container of spec.containers) {
        const limit = container.resources?.limits?.[name];
        const value = parseQuantity(limit);
        if (value !== undefined && value > (parseQuantity(max) ?? Number.POSITIVE_INFINITY)) {
          return `maximum ${name} usage per Container is ${max}, but limit is ${limit}`;
        }
      }
    }
  }
  return undefined;
}
