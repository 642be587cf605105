/** URL paths of the Kubernetes API. */
import { type Kind, RESOURCES, type Ref } from "@kintsugi/core";

export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

/** `/api/v1` or `/apis/<group>/<version>`. */
export function groupPath(kind: Kind): string {
  const { group, version } = RESOURCES[kind];
  return group === "" ? `/api/${version}` : `/apis/${group}/${version}`;
}

/** All objects of a kind, or those of one namespace. */
export function collectionPath(kind: Kind, namespace: string, query: Query = {}): string {
  const { plural, namespaced } = RESOURCES[kind];
  const scope = namespaced && namespace !== "" ? `/namespaces/${encodeURIComponent(namespace)}` : "";
  return `${groupPath(kind)}${scope}/${plural}${queryText(query)}`;
}

/** One object, or a subresource of it. */
export function objectPath(ref: Ref, query: Query = {}, subresource = ""): string {
  const tail = subresource === "" ? "" : `/${subresource}`;
  return `${collectionPath(ref.kind, ref.namespace)}/${encodeURIComponent(ref.name)}${tail}${queryText(query)}`;
}

export function queryText(query: Query): string {
  const parts = Object.entries(query).flatMap(([key, value]) => (value === undefined ? [] : [`${key}=${encodeURIComponent(value)}`]));
  return parts.length === 0 ? "" : `?${parts.join("&")}`;
}
