/** JSON Patch for tests, as the API server applies it: all or nothing, and a test for null passes where the field is absent. */
import { canonicalJson } from "../model/canonical-json.ts";
import type { PatchOp } from "../model/step.ts";

type Json = Record<string, unknown> | unknown[];

/** The patched copy. Throws Error `test failed: PATH` or `no such path: PATH`. */
export function applyPatch(document: unknown, patch: readonly PatchOp[]): unknown {
  const copy: unknown = JSON.parse(JSON.stringify(document));
  for (const op of patch) {
    const tokens = op.path
      .slice(1)
      .split("/")
      .map((token) => token.replaceAll("~1", "/").replaceAll("~0", "~"));
    const last = tokens.pop() ?? "";
    const parent = tokens.reduce<unknown>((at, token) => (at as Json | undefined)?.[token as never], copy) as Json | undefined;
    if (typeof parent !== "object" || parent === null) throw new Error(`no such path: ${op.path}`);
    applyTo(parent, last, op);
  }
  return copy;
}

function applyTo(parent: Json, key: string, op: PatchOp): void {
  const held: unknown = parent[key as never];
  if (op.op === "test") {
    if (canonicalJson(held ?? null) !== canonicalJson(op.value ?? null)) throw new Error(`test failed: ${op.path}`);
    return;
  }
  if (op.op !== "add" && held === undefined) throw new Error(`no such path: ${op.path}`);
  if (op.op !== "remove") Object.assign(parent, { [key]: op.value });
  else if (Array.isArray(parent)) parent.splice(Number(key), 1);
  else delete parent[key];
}
