import { describe, expect, test } from "vitest";
import type { Outcome } from "../../model/input.ts";
import type { FailureKind } from "../../model/step.ts";
import { broken, CART, cure } from "../../testing/cart-story.ts";
import type { EngineBench } from "../../testing/engine-bench.ts";

/** A cure that a person wants taken back; the inverse step is out. */
function undoing(): EngineBench {
  const bench = broken();
  bench.facts();
  bench.outcome({ type: "applied" });
  cure(bench);
  bench.command({ type: "undo", incident: "inc-1", why: "it was me" });
  expect(bench.phase(CART)).toBe("undoing");
  return bench;
}

const failed = (kind: FailureKind): Outcome => ({ type: "failed", failure: { kind, message: `it was ${kind}` } });

/** Answers whatever is sent or looked at, as time goes on. Returns how often the inverse was sent, the first time not counted. */
function pass(bench: EngineBench, seconds: number, sent: Outcome): number {
  const end = bench.now + seconds * 1_000;
  const seen = new Set<string>();
  let sends = -1;
  while (sends < 100) {
    const out = bench.effects.findLast((effect) => effect.type === "apply" || effect.type === "look");
    if (out !== undefined && "id" in out && !seen.has(out.id)) {
      seen.add(out.id);
      const object = bench.state.view.find(CART);
      if (out.type === "apply") sends += 1;
      bench.step({ type: "outcome", effect: out.id, outcome: out.type === "apply" ? sent : { type: "looked", ...(object === undefined ? {} : { object }) } });
      continue;
    }
    const wake = bench.last("wake").at;
    if (wake > end || bench.phase(CART) !== "undoing") break;
    bench.now = Math.max(bench.now, wake);
    bench.step({ type: "tick" });
  }
  return sends;
}

describe("what the API server calls a conflict although nobody has changed anything", () => {
  test("is sent again after a pause, not in the same moment", () => {
    const bench = undoing();
    const began = bench.now;
    bench.outcome(failed("conflict"));
    const cart = bench.state.view.find(CART);
    bench.outcome({ type: "looked", ...(cart === undefined ? {} : { object: cart }) }, "look");
    expect(bench.effects.filter((effect) => effect.type === "apply")).toHaveLength(2);
    bench.pass(11);
    expect(bench.effects.filter((effect) => effect.type === "apply")).toHaveLength(3);
    expect(bench.now).toBeGreaterThan(began);
  });

  test.each(["conflict", "uncertain"] as const)("is given to a person in the end (%s)", (kind) => {
    const bench = undoing();
    const sends = pass(bench, 3_600, failed(kind));
    expect(sends).toBe(bench.state.policy.spec.limits.rereads);
    const last = bench.effects.findLast((effect) => effect.type === "notify" && effect.notice.phase === "escalated");
    expect(last).toMatchObject({ notice: { text: expect.stringContaining("cannot be undone: it does not land") } });
  });
});

test.each(["unavailable", "throttled"] as const)("while the API server is %s it is sent less and less often, and never given up", (kind) => {
  const bench = undoing();
  const sends = pass(bench, 3_600, failed(kind));
  expect(sends).toBeGreaterThan(5);
  expect(sends).toBeLessThanOrEqual(16);
  expect(bench.phase(CART)).toBe("undoing");
  pass(bench, 600, { type: "applied" });
  expect(bench.phase(CART)).toBe("resolved");
});

test("without the Lease it waits, and does not look every second whether it has come", () => {
  const bench = undoing();
  bench.outcome(failed("unavailable"));
  bench.step({ type: "authority", authority: { type: "waiting", reason: "another holds the Lease" } });
  const before = bench.effects.filter((effect) => effect.type === "wake").length;
  bench.pass(600);
  expect(bench.effects.filter((effect) => effect.type === "wake").length - before).toBeLessThan(70);
  bench.lead();
  bench.pass(11);
  expect(bench.effects.filter((effect) => effect.type === "apply")).toHaveLength(3);
});
