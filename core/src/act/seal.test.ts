import { expect, test } from "vitest";
import type { Draft } from "../model/action.ts";
import { ref } from "../testing/objects.ts";
import { seal } from "./seal.ts";

const draft: Draft = {
  action: "evict-pod",
  target: ref("Pod", "cart-1"),
  summary: "Evict it",
  steps: [{ verb: "evict", target: { ...ref("Pod", "cart-1"), uid: "u1" } }],
  inverse: { type: "none", why: "gone is gone" },
  risk: "low",
  permissions: [],
  changesSpec: false,
  fields: [],
  diff: [],
};
const context = { mode: "crash-loop", owner: ref("Deployment", "cart") };

test("the same plan has the same hash, whatever the order of its keys", () => {
  const reversed = Object.fromEntries(Object.entries(draft).reverse()) as unknown as Draft;
  expect(seal(reversed, context).hash).toBe(seal(draft, context).hash);
  expect(seal(draft, context).hash).toMatch(/^[0-9a-f]{64}$/);
});

test("any difference is another plan", () => {
  const { hash } = seal(draft, context);
  expect(seal({ ...draft, steps: [{ verb: "evict", target: { ...ref("Pod", "cart-1"), uid: "u2" } }] }, context).hash).not.toBe(hash);
  expect(seal(draft, { ...context, mode: "bad-rollout" }).hash).not.toBe(hash);
  expect(seal(draft, { ...context, owner: ref("Deployment", "pay") }).hash).not.toBe(hash);
});

test("a plan read back from the ledger is the same plan", () => {
  const { hash, mode, owner, ...read } = JSON.parse(JSON.stringify(seal(draft, context))) as ReturnType<typeof seal>;
  expect(seal(read, { mode, owner }).hash).toBe(hash);
});

test("the words about it may change while the plan stays the same", () => {
  expect(seal({ ...draft, summary: "Evict it: 3 others are ready" }, context).hash).toBe(seal(draft, context).hash);
});
