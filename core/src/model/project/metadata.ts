import type { Condition, FieldManager, LabelSelector, Meta, OwnerReference, Quantities } from "../kube.ts";
import { redactNamed, redactText } from "../redact.ts";
import type { Kind } from "../ref.ts";
import { projectManagers } from "./field-managers.ts";
import { count, flag, type Raw, raw, rawList, text, textList, textMap } from "./raw.ts";

/** Kinds whose fields nobody but their controller is asked about, and of which there are too many to keep this for. */
const WITHOUT_MANAGERS: ReadonlySet<Kind> = new Set<Kind>(["Pod", "Event", "EndpointSlice", "ControllerRevision"]);

/** Holds the whole manifest again, literals included. */
const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";
/** Longer annotations are data of other tools; none that the engine reads comes near. */
const MAX_ANNOTATION = 4096;

const NO_OWNERS: readonly OwnerReference[] = Object.freeze([]);
const NO_TEXTS: readonly string[] = Object.freeze([]);
const NO_MANAGERS: readonly FieldManager[] = Object.freeze([]);

/** Object metadata, or undefined where it has no name or uid and so names nothing. */
export function projectMeta(kind: Kind, value: unknown): Meta | undefined {
  const meta = raw(value);
  const name = text(meta["name"]);
  const uid = text(meta["uid"]);
  if (name === "" || uid === "") return undefined;
  const deleted = text(meta["deletionTimestamp"]);
  const finalizers = textList(meta["finalizers"]);
  return {
    name,
    namespace: text(meta["namespace"]),
    uid,
    resourceVersion: text(meta["resourceVersion"]),
    ...(typeof meta["generation"] === "number" ? { generation: meta["generation"] } : {}),
    creationTimestamp: text(meta["creationTimestamp"]),
    ...(deleted === "" ? {} : { deletionTimestamp: deleted }),
    labels: textMap(meta["labels"]),
    annotations: projectAnnotations(meta["annotations"]),
    ownerReferences: projectOwners(meta["ownerReferences"]),
    finalizers: finalizers.length === 0 ? NO_TEXTS : finalizers,
    managers: WITHOUT_MANAGERS.has(kind) ? NO_MANAGERS : projectManagers(meta["managedFields"]),
  };
}

/** A checksum of a Secret, which Helm charts write to roll pods on its change, is none. */
export function projectAnnotation(key: string, value: string): string {
  return key.startsWith("checksum/") ? value : redactNamed(key, value);
}

function projectAnnotations(value: unknown): Readonly<Record<string, string>> {
  const result: Record<string, string> = {};
  for (const [key, item] of Object.entries(raw(value))) {
    if (typeof item !== "string" || key === LAST_APPLIED || item.length > MAX_ANNOTATION) continue;
    result[key] = projectAnnotation(key, item);
  }
  return result;
}

function projectOwners(value: unknown): readonly OwnerReference[] {
  const owners = rawList(value);
  if (owners.length === 0) return NO_OWNERS;
  return owners.map((owner) => ({
    apiVersion: text(owner["apiVersion"]),
    kind: text(owner["kind"]),
    name: text(owner["name"]),
    uid: text(owner["uid"]),
    controller: flag(owner["controller"]),
  }));
}

export function projectConditions(value: unknown): readonly Condition[] {
  return rawList(value).map((condition) => {
    const updated = text(condition["lastUpdateTime"]);
    return {
      type: text(condition["type"]),
      status: text(condition["status"]),
      reason: text(condition["reason"]),
      message: redactText(text(condition["message"])),
      lastTransitionTime: text(condition["lastTransitionTime"]),
      ...(updated === "" ? {} : { lastUpdateTime: updated }),
    };
  });
}

export function projectSelector(value: unknown): LabelSelector {
  const selector = raw(value);
  const expressions = rawList(selector["matchExpressions"]);
  return {
    ...(selector["matchLabels"] === undefined ? {} : { matchLabels: textMap(selector["matchLabels"]) }),
    ...(expressions.length === 0
      ? {}
      : {
          matchExpressions: expressions.map((expression) => ({
            key: text(expression["key"]),
            operator: text(expression["operator"]),
            ...(expression["values"] === undefined ? {} : { values: textList(expression["values"]) }),
          })),
        }),
  };
}

export function quantities(value: unknown): Quantities {
  return textMap(value);
}

/** A number of a status, where absent means zero as the API omits it. */
export function numbers<K extends string>(value: Raw, ...fields: readonly K[]): Readonly<Record<K, number>> {
  return Object.fromEntries(fields.map((field) => [field, count(value[field])])) as Record<K, number>;
}
