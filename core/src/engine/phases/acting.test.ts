import { expect, test } from "vitest";
import type { Outcome } from "../../model/input.ts";
import type { FailureKind } from "../../model/step.ts";
import { broken, CART, wellCart } from "../../testing/bad-image.ts";
import type { EngineBench } from "../../testing/engine-bench.ts";

const failed = (kind: FailureKind): Outcome => ({ type: "failed", failure: { kind, message: `it was ${kind}` } });

/** A step was sent and nobody said what became of it; the look for it is out. */
function looking(): EngineBench {
  const bench = broken();
  bench.facts();
  bench.outcome(failed("uncertain"));
  expect(bench.phase(CART)).toBe("acting");
  return bench;
}

test.each(["throttled", "unavailable", "uncertain"] as const)("while looking is %s it looks on: the step may have landed, and counts", (kind) => {
  const bench = looking();
  bench.outcome(failed(kind), "look");
  expect(bench.phase(CART)).toBe("acting");
  expect(bench.state.acts).toHaveLength(1);
  bench.pass(6);
  const [, , cart] = wellCart(3);
  bench.outcome({ type: "looked", ...(cart === undefined ? {} : { object: cart }) }, "look");
  expect(bench.phase(CART)).toBe("verifying");
  expect(bench.state.acts).toHaveLength(1);
});

test("where it may not look, a person has to: the attempt is not taken for one that never was", () => {
  const bench = looking();
  bench.outcome(failed("denied"), "look");
  expect(bench.phase(CART)).toBe("escalated");
  expect(bench.state.acts).toHaveLength(1);
});
