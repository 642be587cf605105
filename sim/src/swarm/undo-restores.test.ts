import type { Attempt, Deployment, Record } from "@kintsugi/core";
import { expect, test } from "vitest";
import { ADMIN } from "../scenario/objects.ts";
import type { Run } from "./run.ts";
import { CART, Culprit } from "./testing/culprit.ts";
import { undoRestores } from "./undo-restores.ts";

const LIMIT = "/spec/template/spec/containers/0/resources/limits/memory";

/** An engine raised a limit, something followed, and the engine says that it has taken the act back. */
function told(after: (engine: Culprit, before: string) => void): readonly string[] {
  const engine = new Culprit();
  const { timeline } = engine.stage.cluster;
  const startedAt = timeline.now();
  const before = engine.get<Deployment>(CART).spec.template.spec.containers[0]?.resources?.limits?.["memory"] ?? "";
  engine.set(CART, LIMIT, "999Mi");
  engine.wait(1);
  after(engine, before);
  const target = { ...CART, uid: engine.get(CART).metadata.uid };
  const step = { verb: "patch", target, patch: [{ op: "replace", path: LIMIT, value: "999Mi" }] } as const;
  const plan = { inverse: { type: "exact", steps: [] } } as unknown as Attempt["plan"];
  const attempt: Attempt = { id: "inc-1/1", plan, startedAt, outcome: "undone", detail: "", endedAt: timeline.now() };
  const act = { type: "act", incident: "inc-1", attempt: attempt.id, step, index: 0, undo: false, target, owner: CART } as const;
  const record = { at: startedAt, body: act } as unknown as Record;
  return undoRestores({ stage: engine.stage, records: [record], incidents: [{ attempts: [attempt] }] } as unknown as Run).map(({ detail }) => detail);
}

test("an act whose every field is given back is undone", () => {
  expect(told((engine, before) => engine.set(CART, LIMIT, before))).toEqual([]);
});

test("one that is only said to be is found", () => {
  expect(told(() => {})).toEqual([`inc-1/1 says that Deployment/shop/cart is as it was, but ${LIMIT} was "256Mi" and is "999Mi"`]);
});

test("one that is given another value is found", () => {
  expect(told((engine) => engine.set(CART, LIMIT, "300Mi"))).toHaveLength(1);
});

test("what a person has changed since is the person's", () => {
  expect(told((engine) => engine.set(CART, LIMIT, "512Mi", ADMIN))).toEqual([]);
});
