import { expect, test } from "vitest";
import type { Asker } from "../model/actor.ts";
import type { Effect } from "../model/effect.ts";
import { broken, CART } from "../testing/cart-story.ts";
import { ACT, type EngineBench, policy } from "../testing/engine-bench.ts";

const ADA: Asker = { type: "person", name: "ada", proven: true };
const OBSERVE = policy({ mode: "observe" });

function put(bench: EngineBench, by: Asker, next = ACT) {
  const effects = bench.step({ type: "policy", policy: next, by });
  const policies = effects.filter((effect): effect is Extract<Effect, { type: "record" }> => effect.type === "record" && effect.body.type === "policy");
  return { reply: effects.find((effect) => effect.type === "reply")?.reply, policies };
}

test("a policy that a person puts in force is recorded with who it was, and decides from then on", () => {
  const bench = broken(OBSERVE);
  bench.facts();
  expect(bench.phase(CART)).toBe("held");
  const { reply, policies } = put(bench, ADA);
  expect(reply).toMatchObject({ ok: true });
  expect(policies).toMatchObject([{ actor: ADA, body: { name: "test", hash: ACT.hash } }]);
  bench.facts();
  expect(bench.phase(CART)).toBe("acting");
});

test("one that says the same is no change, and no record", () => {
  const bench = broken(OBSERVE);
  expect(put(bench, ADA, OBSERVE)).toMatchObject({ reply: { ok: true }, policies: [] });
});

test("an assistant changes none, whatever it was allowed before it came here", () => {
  const bench = broken(OBSERVE);
  const { reply, policies } = put(bench, { ...ADA, type: "assistant" });
  expect(reply).toMatchObject({ ok: false, code: "forbidden" });
  expect(policies).toEqual([]);
  expect(bench.state.policy).toBe(OBSERVE);
});
