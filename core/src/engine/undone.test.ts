/** A person has taken back what was done: what comes of it is theirs until they say otherwise. */
import { expect, test } from "vitest";
import { brokenCart, CART, cure, undoneByAda } from "../testing/cart-story.ts";
import { explain } from "./explain.ts";

test("the trouble that comes back with it is theirs: nothing is opened or told before the veto ends, then it is a new incident", () => {
  const bench = undoneByAda();
  const told = bench.effects.filter(({ type }) => type === "notify").length;
  bench.pass(23 * 3_600);
  expect(bench.state.bySubject.size).toBe(0);
  expect(bench.effects.filter(({ type }) => type === "notify")).toHaveLength(told);
  expect(explain(bench.state, CART).lines.join("\n")).toContain("inc-1 was undone by a person, so it is left alone until");
  bench.pass(2 * 3_600);
  expect(bench.incident(CART).id).toBe("inc-2");
});

test("another trouble, hours later, is opened all the same, and held by the person's word", () => {
  const bench = undoneByAda();
  cure(bench);
  bench.pass(3 * 3_600);
  bench.see(...brokenCart(3 * 3_600 + 500));
  bench.pass(120);
  bench.facts();
  const incident = bench.incident(CART);
  expect(incident.phase === "held" && incident.why).toContain("ada undid it");
});

test("proposed again, the person's no is lifted: a new incident, for which the same cure may be proposed", () => {
  const bench = undoneByAda();
  expect(bench.command({ type: "propose", incident: "inc-1" }).ok).toBe(true);
  bench.facts();
  const incident = bench.incident(CART);
  expect(incident).toMatchObject({ id: "inc-2", phase: "held", attempts: [] });
  expect(incident.phase === "held" && incident.plan?.action).toBe("roll-back");
  expect(incident.phase === "held" && incident.why).not.toContain("ada undid it");
});
