/** What every plan of every action must keep, checked wherever a test makes one. */
import { expect } from "vitest";
import { pointer } from "../engine/landed.ts";
import type { Action, Draft, Planned } from "../model/action.ts";
import type { KnownGood } from "../model/known-good.ts";
import type { ClusterObject } from "../model/kube.ts";
import { type Ref, sameRef } from "../model/ref.ts";
import { type PatchOp, permissionText, type Step } from "../model/step.ts";
import { applyPatch } from "./apply-patch.ts";
import { viewOf } from "./array-view.ts";
import { at } from "./objects.ts";

export interface PlanGiven {
  readonly params?: Readonly<Record<string, unknown>>;
  readonly knownGood?: readonly KnownGood[];
  /** Seconds after the epoch. */
  readonly now?: number;
}

export function plan(action: Action, target: Ref, objects: readonly ClusterObject[], given: PlanGiven = {}): Planned {
  const view = viewOf(objects, given.knownGood === undefined ? {} : { knownGood: given.knownGood });
  return action.plan(target, given.params ?? {}, { view, now: at(given.now ?? 600) });
}

/** The draft, after checking what holds for every plan. */
export function draftOf(action: Action, target: Ref, objects: readonly ClusterObject[], given: PlanGiven = {}): Draft {
  const planned = plan(action, target, objects, given);
  if (planned.type === "impossible") throw new Error(`impossible: ${planned.reason}`);
  const { draft } = planned;
  const inverse = draft.inverse.type === "none" ? [] : draft.inverse.steps;
  const declared = action.permissions.map((permission) => permissionText({ ...permission, namespace: "", name: "" }));
  for (const permission of draft.permissions) expect(declared).toContain(permissionText({ ...permission, namespace: "", name: "" }));
  expect(draft.action).toBe(action.id);
  expect(draft.risk).toBe(action.risk);
  for (const step of [...draft.steps, ...inverse]) if (step.verb === "patch") expectGuarded(step.patch, step.target.uid);
  for (const step of draft.steps) if (step.verb === "patch") expectUndone(step, inverse, objects);
  return draft;
}

export function reasonOf(action: Action, target: Ref, objects: readonly ClusterObject[], given: PlanGiven = {}): string {
  const planned = plan(action, target, objects, given);
  if (planned.type === "plan") throw new Error(`planned: ${planned.draft.summary}`);
  return planned.reason;
}

function expectGuarded(patch: readonly PatchOp[], uid: string): void {
  expect(patch[0]).toEqual({ op: "test", path: "/metadata/uid", value: uid });
}

/** Applies the patch and then the inverse to the object, which must be what it was; and the inverse must refuse a field that was changed since. */
function expectUndone(step: Step & { verb: "patch" }, inverse: readonly Step[], objects: readonly ClusterObject[]): void {
  const back = inverse.find((candidate) => candidate.verb === "patch" && sameRef(candidate.target, step.target));
  if (back?.verb !== "patch") return;
  const before = objects.find((object) => object.metadata.uid === step.target.uid);
  const after = applyPatch(before, step.patch);
  expect(after).not.toEqual(before);
  expect(applyPatch(after, back.patch)).toEqual(before);
  for (const { op, path } of step.patch) if (op !== "test") expectRefused(after, path, back.patch);
}

/** Somebody has changed the field since. What was taken from a list's end cannot be tested for: there, what somebody has added stays beside it. */
function expectRefused(after: unknown, path: string, inverse: readonly PatchOp[]): void {
  const tokens = path.split("/").slice(1);
  const token = tokens.pop() ?? "";
  const parent = tokens.length === 0 ? after : pointer(after, `/${tokens.join("/")}`);
  if (Array.isArray(parent) && Number(token) >= parent.length) return;
  const changed = applyPatch(after, [{ op: "add", path, value: { changed: "since" } }]);
  expect(() => applyPatch(changed, inverse), `the inverse takes no notice of a later change of ${path}`).toThrow("test failed");
}
