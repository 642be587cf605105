/** A plan's change as YAML that its owner can commit: a strategic merge patch, as Kustomize takes it, list items by name. */
import { stringify } from "yaml";
import type { Plan } from "../model/action.ts";
import { apiVersion } from "../model/ref.ts";
import type { Step } from "../model/step.ts";

interface Branch {
  [key: string]: unknown;
}

/** Lists that a strategic merge joins by `name`: what is to go must be named as going. */
const MERGED_BY_NAME = /\/(containers|initContainers|env|volumes)$/;

/** Undefined for plans that patch nothing: there is nothing to commit then. */
export function offerPatch(plan: Plan, where: string): string | undefined {
  const patches = plan.steps.flatMap((step) => (step.verb === "patch" ? [documentOf(step)] : []));
  if (patches.length === 0) return undefined;
  // Names from the cluster: only a comment, and on one line.
  const header = `# ${`${plan.summary}. To commit in: ${where}`.replaceAll(/\s+/g, " ")}\n`;
  return header + patches.map((document) => stringify(document, { lineWidth: 0 })).join("---\n");
}

function documentOf({ target, patch }: Step & { verb: "patch" }): Branch {
  const { kind, namespace, name } = target;
  const document: Branch = { apiVersion: apiVersion(kind), kind, metadata: { name, ...(namespace === "" ? {} : { namespace }) } };
  const tested = new Map(patch.flatMap((op) => (op.op === "test" ? [[op.path, op.value] as const] : [])));
  for (const op of patch) {
    if (op.op === "test") continue;
    const value = op.op === "remove" ? null : withDeletions(op.path, tested.get(op.path), op.value);
    put(document, op.path.split("/").slice(1), value, "", tested);
  }
  return document;
}

/** Writes a value at a path; items of a list are entered by index in the path and by name in the document. */
function put(at: Branch, tokens: readonly string[], value: unknown, path: string, tested: ReadonlyMap<string, unknown>): void {
  const [token, next, ...rest] = tokens;
  if (token === undefined) return;
  const key = token.replaceAll("~1", "/").replaceAll("~0", "~");
  if (next === undefined) {
    at[key] = value;
    return;
  }
  const here = `${path}/${token}`;
  const name = /^\d+$/.test(next) ? tested.get(`${here}/${next}/name`) : undefined;
  if (typeof name === "string") put(itemOf(at, key, name), rest, value, `${here}/${next}`, tested);
  else put(branchOf(at, key), [next, ...rest], value, here, tested);
}

function branchOf(at: Branch, key: string): Branch {
  const held = at[key];
  if (typeof held === "object" && held !== null) return held as Branch;
  const made: Branch = {};
  at[key] = made;
  return made;
}

function itemOf(at: Branch, key: string, name: string): Branch {
  const held = at[key];
  const list = (Array.isArray(held) ? held : []) as Branch[];
  at[key] = list;
  const found = list.find((item) => item["name"] === name);
  if (found !== undefined) return found;
  const made: Branch = { name };
  list.push(made);
  return made;
}

function withDeletions(path: string, before: unknown, after: unknown): unknown {
  if (!MERGED_BY_NAME.test(path) || !Array.isArray(before) || !Array.isArray(after)) return after;
  const kept = new Set(after.map(nameOf));
  const gone = before.map(nameOf).filter((name) => typeof name === "string" && !kept.has(name));
  return [...(after as readonly unknown[]), ...gone.map((name) => ({ name, $patch: "delete" }))];
}

function nameOf(item: unknown): unknown {
  return typeof item === "object" && item !== null ? (item as Branch)["name"] : undefined;
}
