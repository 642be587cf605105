import { expect, it } from "vitest";
import { awaiting, resolved, T0 } from "../adapters/testing/records.ts";
import { type IncidentFilter, incidentMatches, unknownFields, withFields } from "./incident-fields.ts";

const CART = awaiting("inc-2");

it.each<[IncidentFilter, boolean]>([
  [{}, true],
  [{ phase: ["live"] }, true],
  [{ phase: ["resolved"] }, false],
  [{ kind: ["Deployment"], name: "cart" }, true],
  [{ kind: ["Node"] }, false],
  [{ name: "orders" }, false],
  [{ openedFrom: T0 }, true],
  [{ openedFrom: T0 + 1 }, false],
  [{ q: "NO READY" }, true],
  [{ q: "shop/cart" }, true],
  [{ q: "bad-roll" }, true],
  [{ q: "inc-2" }, true],
  [{ q: "orders" }, false],
  [{ mode: ["bad-rollout"], severity: ["high"], namespace: ["shop"] }, true],
  [{ mode: ["crash-loop"] }, false],
])("matches %j: %s", (filter, expected) => {
  expect(incidentMatches(CART, filter)).toBe(expected);
});

it("answers with the fields that were asked for, as far as the phase has them, and always the id", () => {
  expect(withFields(CART, ["title", "proposal", "resolvedAt"])).toEqual({
    id: "inc-2",
    title: CART.title,
    proposal: CART.phase === "awaiting" && CART.proposal,
  });
  expect(withFields(resolved("inc-1", T0), ["how"])).toEqual({ id: "inc-1", how: "healed" });
});

it("knows which fields there are, and what only looks like one", () => {
  expect(unknownFields(["title", "resolvedAt", "titel", "constructor", "__proto__", ""])).toEqual(["titel", "constructor", "__proto__", ""]);
});
