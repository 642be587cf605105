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
    const items = itemsByName(old, fresh);
    if (items === undefined) changes.push({ path: at, before: old ?? null, after: fresh ?? null });
    for (const [index, item] of (items ?? []).entries()) {
      const changed = changes.length;
      collect(item.old, item.fresh, `${at}/${index}`);
      if (changes.length > changed && item.old !== undefined && item.fresh !== undefined) guards.push({ path: `${at}/${index}/name`, name: item.name });
    }
  }
}

/** All tests first, then the writes, removals from the end of a list on: nothing is written unless everything is as it was read. */
export function patchOf(difference: Difference): readonly PatchOp[] {
  const guards = difference.guards.map((guard): PatchOp => ({ op: "test", path: guard.path, value: guard.name }));
  // The API server takes a test beyond a list's end for an error and not for absence.
  const tests = difference.changes.filter((change) => change.before !== null || !isItem(change));
  const [removed, written] = [difference.changes.filter((change) => change.after === null), difference.changes.filter((change) => change.after !== null)];
  return [
    ...guards,
    ...tests.map((change): PatchOp => ({ op: "test", path: change.path, value: change.before })),
    ...[...written, ...removed.toReversed()].map(writeOf),
  ];
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

/** Ends in a list index; a field of that name would at worst go untested for being absent. */
function isItem({ path }: Change): boolean {
  return /\/\d+$/.test(path);
}

interface Item {
  readonly name: string;
  /** Absent from one side where the list ends sooner there. */
  readonly old: unknown;
  readonly fresh: unknown;
}

/** The items of two lists that carry the same names in the same order (containers, env, volumes, ports) as far as the shorter one goes. */
function itemsByName(old: unknown, fresh: unknown): readonly Item[] | undefined {
  if (!Array.isArray(old) || !Array.isArray(fresh) || old.length === 0 || fresh.length === 0) return undefined;
  const items: Item[] = [];
  for (let index = 0; index < Math.max(old.length, fresh.length); index++) {
    const [one, other]: readonly unknown[] = [old[index], fresh[index]];
    const name = nameOf(one) ?? nameOf(other);
    if (name === undefined || (one !== undefined && nameOf(one) !== name) || (other !== undefined && nameOf(other) !== name)) return undefined;
    items.push({ name, old: one, fresh: other });
  }
  return items;
}

function nameOf(item: unknown): string | undefined {
  return isFields(item) && typeof item["name"] === "string" ? item["name"] : undefined;
}
