/** managedFields (`fieldsV1`, structured-merge-diff) -> who owns which paths. */
import type { FieldManager } from "../kube.ts";
import { isRaw, type Raw, raw, rawList, text } from "./raw.ts";

/** Paths kept of one manager; a manager of more is cut off, parents first. */
const MAX_PATHS = 400;

/** Pointers already built, as a tree by path segment: thousands of objects share the same few hundred strings. */
interface Branch {
  readonly pointer: string;
  readonly children: Map<string, Branch>;
}
let known: Branch = { pointer: "", children: new Map() };
let branches = 0;
const MAX_BRANCHES = 50_000;

/** Managers that own something in `spec`, or labels and annotations; the others (status writers) are left out. */
export function projectManagers(managedFields: unknown): readonly FieldManager[] {
  const managers: FieldManager[] = [];
  for (const entry of rawList(managedFields)) {
    const paths = pathsOf(raw(entry["fieldsV1"]));
    if (paths.length === 0) continue;
    managers.push({
      manager: text(entry["manager"]),
      operation: text(entry["operation"]),
      time: text(entry["time"]),
      subresource: text(entry["subresource"]),
      paths,
    });
  }
  return managers;
}

/** JSON Pointers of the leaves under `/spec` and under `/metadata` (labels and annotations); list items are `*`. */
function pathsOf(fields: Raw): readonly string[] {
  if (branches > MAX_BRANCHES) {
    known = { pointer: "", children: new Map() };
    branches = 0;
  }
  const paths = new Set<string>();
  const spec = fields["f:spec"];
  if (isRaw(spec)) collect(spec, branch(known, "spec"), paths);
  const metadata = raw(fields["f:metadata"]);
  for (const part of ["labels", "annotations"]) {
    const owned = metadata[`f:${part}`];
    if (isRaw(owned)) collect(owned, branch(branch(known, "metadata"), part), paths);
  }
  return [...paths];
}

function collect(fields: Raw, at: Branch, paths: Set<string>): void {
  let leaf = true;
  for (const [key, inner] of Object.entries(fields)) {
    if (key === ".") continue;
    leaf = false;
    if (paths.size >= MAX_PATHS) return;
    // f: a field, k: a list item by key, v: a set item by value, i: a list item by index.
    if (isRaw(inner)) collect(inner, branch(at, key.startsWith("f:") ? key.slice(2) : "*"), paths);
  }
  if (leaf) paths.add(at.pointer);
}

function branch(parent: Branch, segment: string): Branch {
  const found = parent.children.get(segment);
  if (found !== undefined) return found;
  const made: Branch = { pointer: `${parent.pointer}/${segment.replaceAll("~", "~0").replaceAll("/", "~1")}`, children: new Map() };
  parent.children.set(segment, made);
  branches++;
  return made;
}
