/** An object as its fields: what a write changed, field by field. Only what people and engines write; status and the API server's own marks are not theirs. */
import type { ClusterObject } from "@kintsugi/core";

/** Path as JSON Pointer, to the value's JSON. An empty list or map is no field: the API server drops what is empty. */
export type Fields = ReadonlyMap<string, string>;

/** Of `metadata` only these are written by anybody but the API server. */
const WRITTEN = ["labels", "annotations", "finalizers", "ownerReferences"] as const;

export function fieldsOf(object: ClusterObject): Fields {
  const { metadata, status: _, kind: __, ...rest } = object as ClusterObject & { readonly status?: unknown };
  const fields = new Map<string, string>();
  for (const name of WRITTEN) collect(metadata[name], `/metadata/${name}`, fields);
  collect(rest, "", fields);
  return fields;
}

function collect(value: unknown, path: string, into: Map<string, string>): void {
  if (typeof value !== "object" || value === null) {
    if (value !== undefined) into.set(path, JSON.stringify(value));
    return;
  }
  for (const [key, inner] of Object.entries(value)) collect(inner, `${path}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`, into);
}

/** Fields that are there in one and not in the other, or differ. */
export function changedFields(before: ClusterObject, after: ClusterObject): ReadonlySet<string> {
  const [a, b] = [fieldsOf(before), fieldsOf(after)];
  return new Set([...a.keys(), ...b.keys()].filter((field) => a.get(field) !== b.get(field)));
}
