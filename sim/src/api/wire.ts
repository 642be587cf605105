/**
 * The object as the API server's JSON would hold it, where that differs from the model: what is empty there is absent.
 * Patches are applied to this form, so a patch that would fail on a real server fails here too.
 */
import type { ClusterObject, Meta } from "@kintsugi/core";

type Record_ = Record<string, unknown>;

const EMPTY_META: Readonly<Record_> = { labels: {}, annotations: {}, ownerReferences: [], finalizers: [] };

export function toWire(object: ClusterObject): Record_ {
  const { managers: _, ...meta } = object.metadata;
  const metadata: Record_ = { ...meta };
  for (const field of Object.keys(EMPTY_META)) if (isEmpty(metadata[field])) delete metadata[field];
  if (metadata["namespace"] === "") delete metadata["namespace"];
  const wire: Record_ = { ...(object as unknown as Record_), metadata };
  if ("spec" in object) wire["spec"] = specToWire(object);
  return wire;
}

function specToWire(object: ClusterObject): Record_ {
  const spec: Record_ = { ...("spec" in object ? (object.spec as unknown as Record_) : {}) };
  if (object.kind === "Node") {
    if (spec["unschedulable"] === false) delete spec["unschedulable"];
    if (isEmpty(spec["taints"])) delete spec["taints"];
  }
  if (object.kind === "Deployment") {
    if (spec["paused"] === false) delete spec["paused"];
    if (spec["minReadySeconds"] === 0) delete spec["minReadySeconds"];
    spec["strategy"] = { type: spec["strategy"] };
  }
  if (object.kind === "Service" && isEmpty(spec["selector"])) delete spec["selector"];
  return spec;
}

/** Back to the model. Immutable metadata and the field managers are those of `before`. */
export function fromWire(wire: Record_, before: ClusterObject): ClusterObject {
  const meta = wire["metadata"] as Record_;
  const metadata = { ...EMPTY_META, ...meta, namespace: before.metadata.namespace, managers: before.metadata.managers } as unknown as Meta;
  const out: Record_ = { ...wire, metadata };
  if ("spec" in before) out["spec"] = specFromWire(wire["spec"] as Record_, before);
  return out as unknown as ClusterObject;
}

function specFromWire(wire: Record_, before: ClusterObject): Record_ {
  if (before.kind === "Node") return { unschedulable: false, taints: [], ...wire };
  if (before.kind === "Service") return { selector: {}, ...wire };
  if (before.kind !== "Deployment") return wire;
  const strategy = wire["strategy"] as { type?: string } | undefined;
  return { paused: false, minReadySeconds: 0, ...wire, strategy: strategy?.type ?? "RollingUpdate" };
}

function isEmpty(value: unknown): boolean {
  return value === undefined || (typeof value === "object" && value !== null && Object.keys(value).length === 0);
}
