/**
 * Equal parts of many objects become one object in memory. Replicas repeat their template: ten thousand pods have a few hundred
 * different container specs, and JSON.parse makes each of them anew.
 */
import type { ClusterObject, PodSpec } from "@kintsugi/core";

/** Parts kept before the older half is forgotten; forgetting costs memory only, never correctness. */
const MAX_PARTS = 20_000;
const SHARED_SPEC_FIELDS = ["containers", "initContainers", "volumes", "tolerations", "affinity", "nodeSelector", "topologySpreadConstraints"];

export class Sharer {
  #young = new Map<string, unknown>();
  #old = new Map<string, unknown>();

  /** The same object, with its repeated parts replaced by equal ones seen before. */
  share(object: ClusterObject): ClusterObject {
    switch (object.kind) {
      case "Pod": {
        const { metadata } = object;
        return {
          ...object,
          metadata: { ...metadata, labels: this.#one(metadata.labels), ownerReferences: this.#one(metadata.ownerReferences) },
          spec: this.#spec(object.spec),
        };
      }
      case "ReplicaSet":
      case "Deployment":
      case "StatefulSet":
      case "DaemonSet":
      case "Job": {
        const template = { ...object.spec.template, spec: this.#spec(object.spec.template.spec) };
        return { ...object, spec: { ...object.spec, template } } as ClusterObject;
      }
      case "ControllerRevision":
        return object.template === undefined ? object : { ...object, template: { ...object.template, spec: this.#spec(object.template.spec) } };
      default:
        return object;
    }
  }

  #spec(spec: PodSpec): PodSpec {
    const result: Record<string, unknown> = { ...spec };
    for (const field of SHARED_SPEC_FIELDS) if (result[field] !== undefined) result[field] = this.#one(result[field]);
    return result as unknown as PodSpec;
  }

  #one<T>(part: T): T {
    const key = JSON.stringify(part);
    const young = this.#young.get(key);
    if (young !== undefined) return young as T;
    const kept = (this.#old.get(key) as T | undefined) ?? part;
    if (this.#young.size >= MAX_PARTS / 2) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(key, kept);
    return kept;
  }
}
