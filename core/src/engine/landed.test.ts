import { expect, test } from "vitest";
import type { Deployment } from "../model/kube.ts";
import { refOf } from "../model/kube.ts";
import { CREATED_UID, type PatchOp, type Step } from "../model/step.ts";
import { deployment, pod, ref, stamp } from "../testing/objects.ts";
import { landed, pointer } from "./landed.ts";

const CART = deployment("cart", { spec: { replicas: 2 } });

function scaled(replicas: number): Deployment {
  return deployment("cart", { spec: { replicas } });
}

function patch(...ops: readonly PatchOp[]): Step {
  const target = refOf(CART);
  return { verb: "patch", target, patch: [{ op: "test", path: "/metadata/uid", value: target.uid }, ...ops] };
}

const SCALE = patch({ op: "test", path: "/spec/replicas", value: 2 }, { op: "replace", path: "/spec/replicas", value: 4 });

test.each([
  [4, "landed"],
  [2, "untouched"],
  [7, "changed"],
] as const)("a patch from 2 to 4 replicas that leaves %i behind is %s", (replicas, expected) => {
  expect(landed(SCALE, scaled(replicas))).toBe(expected);
});

test("a patch of an object that is gone, or was made anew, meets a changed world", () => {
  expect(landed(SCALE, undefined)).toBe("changed");
  expect(landed(SCALE, { ...scaled(4), metadata: { ...CART.metadata, uid: "another" } })).toBe("changed");
});

test("a test of null means that the field was absent", () => {
  const path = "/metadata/annotations/kintsugi.dev~1restarted";
  const step = patch({ op: "test", path, value: null }, { op: "add", path, value: "now" });
  const marked = (value: string) => ({ ...CART, metadata: { ...CART.metadata, annotations: { "kintsugi.dev/restarted": value } } });
  expect(landed(step, CART)).toBe("untouched");
  expect(landed(step, marked("now"))).toBe("landed");
  expect(landed(step, marked("earlier"))).toBe("changed");
});

test("a removal has landed once the field is absent", () => {
  const path = "/metadata/labels/old";
  const step = patch({ op: "test", path, value: "x" }, { op: "remove", path });
  expect(landed(step, CART)).toBe("landed");
  expect(landed(step, { ...CART, metadata: { ...CART.metadata, labels: { old: "x" } } })).toBe("untouched");
});

test("a flag that the API leaves out reads as false, and is absent all the same", () => {
  const path = "/spec/paused";
  const pause = patch({ op: "test", path, value: null }, { op: "add", path, value: true });
  expect(landed(pause, CART)).toBe("untouched");
  expect(landed(pause, { ...CART, spec: { ...CART.spec, paused: true } })).toBe("landed");
});

test.each(["delete", "evict"] as const)("%s has landed when that incarnation is gone or on its way out", (verb) => {
  const there = pod("cart-a");
  const step: Step = { verb, target: refOf(there) };
  expect(landed(step, there)).toBe("untouched");
  expect(landed(step, undefined)).toBe("landed");
  expect(landed(step, { ...there, metadata: { ...there.metadata, uid: "another" } })).toBe("landed");
  expect(landed(step, { ...there, metadata: { ...there.metadata, deletionTimestamp: stamp(9) } })).toBe("landed");
});

test("the deletion of what the plan itself made means whatever carries the name", () => {
  const step: Step = { verb: "delete", target: { ...ref("Pod", "cart-a"), uid: CREATED_UID } };
  expect(landed(step, pod("cart-a"))).toBe("untouched");
  expect(landed(step, undefined)).toBe("landed");
});

test("a creation has landed when the name is there", () => {
  const step: Step = { verb: "create", ref: ref("Pod", "cart-a"), manifest: {} };
  expect(landed(step, undefined)).toBe("untouched");
  expect(landed(step, pod("cart-a"))).toBe("landed");
});

test("a pointer reads escaped names, and nothing below a plain value", () => {
  expect(pointer({ "a/b": { "c~d": 1 } }, "/a~1b/c~0d")).toBe(1);
  expect(pointer({ a: 1 }, "/a/b")).toBeUndefined();
});
