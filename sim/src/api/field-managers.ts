/**
 * What `metadata.managedFields` would say, as the model keeps it: the leaves under `/spec`, `/metadata/labels` and
 * `/metadata/annotations` that each writer set last. An update takes the changed leaves from whoever had them.
 */
import type { ClusterObject, FieldManager, Kind } from "@kintsugi/core";
import { sameJson } from "../world/same.ts";
import { isoTime } from "../world/time.ts";
import type { Actor } from "./actor.ts";

/** Kinds whose fields nobody is asked about; the model keeps no managers for them. */
const UNTRACKED: readonly Kind[] = ["Pod", "Event", "EndpointSlice", "ControllerRevision"];

/** The field managers after `actor` has turned `before` into `after`. */
export function trackManagers(
  before: ClusterObject | undefined,
  after: ClusterObject,
  actor: Actor,
  now: number,
  subresource: string,
): readonly FieldManager[] {
  const known = before?.metadata.managers ?? [];
  if (UNTRACKED.includes(after.kind) || subresource === "status") return known;
  const changed = new Set<string>();
  collect(specOf(before), specOf(after), "/spec", changed);
  collect(before?.metadata.labels, after.metadata.labels, "/metadata/labels", changed);
  collect(before?.metadata.annotations, after.metadata.annotations, "/metadata/annotations", changed);
  if (changed.size === 0) return known;
  const isMine = (entry: FieldManager) => entry.manager === actor.manager && entry.subresource === subresource;
  const others = known
    .filter((entry) => !isMine(entry))
    .map((entry) => (entry.paths.some((path) => changed.has(path)) ? { ...entry, paths: entry.paths.filter((path) => !changed.has(path)) } : entry))
    .filter((entry) => entry.paths.length > 0);
  const paths = [...new Set([...(known.find(isMine)?.paths ?? []), ...changed])].sort();
  return [...others, { manager: actor.manager, operation: "Update", time: isoTime(now), subresource, paths }];
}

/** Pointers of the leaves of `after` that differ from `before`; list items are `*`. Absent, false and empty are the same: the API omits them. */
function collect(before: unknown, after: unknown, pointer: string, out: Set<string>): void {
  if (before === after || after === undefined || after === false || sameJson(before, after)) {
    if (after === false && before === true) out.add(pointer);
    return;
  }
  if (typeof after !== "object" || after === null) {
    out.add(pointer);
    return;
  }
  const isList = Array.isArray(after);
  for (const [key, value] of Object.entries(after)) {
    const old = typeof before === "object" && before !== null ? (before as Readonly<Record<string, unknown>>)[key] : undefined;
    collect(old, value, `${pointer}/${isList ? "*" : key.replaceAll("~", "~0").replaceAll("/", "~1")}`, out);
  }
}

function specOf(object: ClusterObject | undefined): unknown {
  return object !== undefined && "spec" in object ? object.spec : undefined;
}
