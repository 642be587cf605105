/**
 * The difference of two JSON values as JSON Patch (RFC 6902) with a `test` of every previous value.
 *
 * Only what changed is written and tested: a field that somebody else changed meanwhile is left alone.
 * Absence is written as null. The API server's JSON Patch agrees: a `test` for null passes where the field is absent
 * (gopkg.in/evanphx/json-patch.v4, `Patch.test`), and Kubernetes keeps no nulls in a spec.
 */
import { sameCanonical } from "../model/canonical-json.ts";
import type { PatchOp } from "../model/step.ts";

/** One changed field; `before` or `after` is null where the field is absent. */
export interface Change {
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
}

export interface Difference {
  readonly changes: readonly Change[];
  /** Names of the list items that were entered by index: tested too, so that an index cannot come to mean another item. */
  readonly guards: readonly { readonly path: string; readonly name: string }[];
}

/** One reference token of a JSON Pointer (RFC 6901). */
function escapeToken(token: string): string {
  return token.replaceAll("~", "~0").replaceAll("/", "~1");
}

/** What turns `before` into `after`, both found at `path`. */
export function diffJson(before: unknown, after: unknown, path: string): Difference {
  const changes: Change[] = [];
  const guards: { path: string; name: string }[] = [];
  collect(before, after, path);
  return { changes, guards };

  function collect(old: unknown, fresh: unknown, at: string): void {
    if (sameCanonical(old ?? null, fresh ?? null)) return;
    if (isFields(old) && isFields(fresh)) {
      for (const key of [...new Set([...Object.keys(old), ...Object.keys(fresh)])].sort()) collect(old[key], fresh[key], `${at}/${escapeToken(key)}`);
      return;
    }
    const pairs = pairsByName(old, fresh);
    if (pairs === undefined) changes.push({ path: at, before: old ?? null, after: fresh ?? null });
    for (const [index, pair] of (pairs ?? []).entries()) {
      const changed = changes.length;
      collect(pair.old, pair.fresh, `${at}/${index}`);
      if (changes.length > changed) guards.push({ path: `${at}/${index}/name`, name: pair.name });
    }
  }
}

/** All tests first, then the writes: nothing is written unless everything is as it was read. */
export function patchOf(difference: Difference): readonly PatchOp[] {
  const guards = difference.guards.map((guard): PatchOp => ({ op: "test", path: guard.path, value: guard.name }));
  const tests = difference.changes.map((change): PatchOp => ({ op: "test", path: change.path, value: change.before }));
  return [...guards, ...tests, ...difference.changes.map(writeOf)];
}

/** The difference that leads back. */
export function inverted(difference: Difference): Difference {
  return { ...difference, changes: difference.changes.map(({ path, before, after }) => ({ path, before: after, after: before })) };
}

function writeOf({ path, before, after }: Change): PatchOp {
  if (after === null) return { op: "remove", path };
  return { op: before === null ? "add" : "replace", path, value: after };
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The items of two lists that carry the same names in the same order (containers, env, volumes, ports). */
function pairsByName(old: unknown, fresh: unknown): readonly { readonly name: string; readonly old: unknown; readonly fresh: unknown }[] | undefined {
  if (!Array.isArray(old) || !Array.isArray(fresh) || old.length !== fresh.length) return undefined;
  const pairs: { name: string; old: unknown; fresh: unknown }[] = [];
  for (const [index, item] of (old as readonly unknown[]).entries()) {
    const other: unknown = fresh[index];
    if (!isFields(item) || !isFields(other) || typeof item["name"] !== "string" || item["name"] !== other["name"]) return undefined;
    pairs.push({ name: item["name"], old: item, fresh: other });
  }
  return pairs;
}
