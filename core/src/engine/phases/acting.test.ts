/** Stories of a step that is out: no answer, a person's second thought, and how often it counts. */
import { expect, test } from "vitest";
import type { IncidentIn } from "../../model/incident.ts";
import type { Outcome } from "../../model/input.ts";
import { acting, broken, brokenCart, CART, failed, restarted, wellCart } from "../../testing/cart-story.ts";
import { type EngineBench, policy } from "../../testing/engine-bench.ts";
import { container, template } from "../../testing/objects.ts";

/** A step was sent and nobody said what became of it; the look for it is out. */
function looking(): EngineBench {
  const bench = acting();
  bench.outcome(failed("uncertain"));
  expect(bench.phase(CART)).toBe("acting");
  return bench;
}

test.each(["throttled", "unavailable", "uncertain", "conflict"] as const)("while looking is %s it looks on: the step may have landed, and counts", (kind) => {
  const bench = looking();
  for (let tries = 1; tries < 7; tries += 1) {
    bench.outcome(failed(kind), "look");
    expect(bench.incident(CART)).toMatchObject({ phase: "acting", attempts: [{ outcome: "running" }] });
    bench.pass(6);
    expect(bench.effects.filter((effect) => effect.type === "look")).toHaveLength(tries + 1);
  }
  const [, , cart] = wellCart(3);
  bench.outcome({ type: "looked", ...(cart === undefined ? {} : { object: cart }) }, "look");
  expect(bench.phase(CART)).toBe("verifying");
  expect(bench.state.acts).toHaveLength(1);
  expect(bench.effects.filter((effect) => effect.type === "apply")).toHaveLength(1);
});

test("where it may not look, a person has to: the attempt is not taken for one that never was", () => {
  const bench = looking();
  bench.outcome(failed("denied"), "look");
  expect(bench.phase(CART)).toBe("escalated");
  expect(bench.state.acts).toHaveLength(1);
});

/** A person wants it undone while the step is out; then comes what became of it. */
const stopped = (outcome: Outcome) => {
  const bench = acting();
  expect(bench.command({ type: "undo", incident: "inc-1", why: "not now" }).ok).toBe(true);
  expect(bench.phase(CART)).toBe("acting");
  bench.outcome(outcome);
  return bench;
};

test("somebody else changed the object meanwhile: it may have landed, so it counts, and it is planned again from fresh state", () => {
  const bench = acting();
  bench.outcome(failed("uncertain"));
  const [cart] = brokenCart();
  const byHand = template({ labels: { app: "cart" }, containers: [container({ image: "registry.test/cart:by-hand" })] });
  if (cart?.kind === "Deployment") bench.outcome({ type: "looked", object: { ...cart, spec: { ...cart.spec, template: byHand } } }, "look");
  expect(bench.phase(CART)).toBe("diagnosed");
  expect(bench.incident(CART).attempts.at(-1)?.outcome).toBe("unknown");
  expect(bench.state.acts).toHaveLength(1);
});

test("without an answer it looks, and the object is gone: open again", () => {
  const bench = acting();
  bench.outcome(failed("uncertain"));
  bench.outcome({ type: "looked" }, "look");
  expect(bench.records().some(({ body }) => body.type === "incident" && body.from === "acting" && body.incident.phase === "open")).toBe(true);
  expect(bench.incident(CART).attempts.at(-1)?.outcome).toBe("unknown");
});

test("however often it is throttled it is one attempt, and counts once it is carried out, over a restart too", () => {
  const bench = acting();
  for (let tries = 0; tries < 14; tries += 1) {
    bench.outcome(failed("throttled", { retryAfterMs: 1_000 }));
    expect(bench.state.acts).toHaveLength(0);
    bench.pass(2);
    bench.facts();
  }
  expect(bench.incident(CART)).toMatchObject({ phase: "acting", attempts: [{ id: "inc-1/1", outcome: "running" }] });
  bench.outcome({ type: "applied" });
  expect(bench.state.acts).toHaveLength(1);
  expect(restarted(bench, 1).state.acts).toHaveLength(1);
  bench.pass(3_000);
  bench.outcome({ type: "applied" });
  expect(bench.incident(CART).attempts).toMatchObject([{ id: "inc-1/1", outcome: "undone" }]);
});

test.each([
  ["throttled", failed("throttled", { retryAfterMs: 5_000 })],
  ["met by a conflict", failed("conflict")],
  ["fenced", { type: "fenced", reason: "the Lease ran out" } as const],
])("what a person approved stays approved when it is %s and the plan stays the same", (_, outcome) => {
  const bench = broken(policy());
  bench.facts();
  const { proposal } = bench.incident(CART) as IncidentIn<"awaiting">;
  bench.command({ type: "approve", incident: "inc-1", planHash: proposal.plan.hash });
  bench.facts();
  expect(bench.phase(CART)).toBe("acting");
  bench.outcome(outcome);
  bench.pass(6);
  bench.facts();
  expect(bench.incident(CART)).toMatchObject({ phase: "acting", plan: { hash: proposal.plan.hash }, attempts: [{ approvedBy: "ada" }] });
});

test("a person's undo waits until it is known what was carried out, and then takes it back", () => {
  const bench = stopped({ type: "applied" });
  expect(bench.incident(CART)).toMatchObject({ phase: "undoing", by: "ada" });
  bench.outcome({ type: "applied" });
  expect(bench.incident(CART)).toMatchObject({ phase: "resolved", how: "undone" });
});

test.each(["throttled", "conflict", "denied", "gone"] as const)(
  "a person's undo of a step that was %s has nothing to take back, and is a person's no all the same",
  (kind) => {
    const bench = stopped(failed(kind));
    const undone = bench.records().find(({ body }) => body.type === "incident" && body.incident.phase === "resolved")?.body;
    expect(undone).toMatchObject({ incident: { how: "undone", detail: expect.stringContaining("nothing was carried out") } });
    expect(bench.records().some(({ body }) => body.type === "vetoed")).toBe(true);
    expect(bench.effects.filter((effect) => effect.type === "apply")).toHaveLength(1);
    expect(bench.state.acts).toHaveLength(0);
  },
);

test("a person's undo outlives a restart in the middle of the act", () => {
  const before = acting();
  before.command({ type: "undo", incident: "inc-1", why: "not now" });
  const after = restarted(before, 5);
  after.lead();
  const [, , cart] = wellCart(3);
  after.outcome({ type: "looked", ...(cart === undefined ? {} : { object: cart }) }, "look");
  expect(after.incident(CART)).toMatchObject({ phase: "undoing", by: "ada" });
});
