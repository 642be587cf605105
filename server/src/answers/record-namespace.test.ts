import { expect, it } from "vitest";
import { act, CART, knownGood, openIncident, silenced, T0 } from "../adapters/testing/records.ts";
import { namespaceOfRecord } from "./record-namespace.ts";

it("is that of the incident, the act, the veto, the spec or the silence", () => {
  const vetoed = { type: "vetoed", owner: CART, until: T0, reason: "" } as const;
  for (const body of [openIncident("inc-1"), act("inc-1"), vetoed, knownGood("cart", 2), silenced("a", T0)])
    expect(namespaceOfRecord(body), body.type).toBe("shop");
});

it("is none for what is about the cluster, or about more than one", () => {
  const silence = { id: "a", by: "ada", why: "", from: 0, until: 1 };
  const node = { kind: "Node", namespace: "", name: "w1" } as const;
  for (const body of [
    { type: "paused", reason: "" },
    { type: "storm", state: "begun", reason: "" },
    { type: "unsilenced", id: "a" },
    { type: "silenced", silence },
    { type: "silenced", silence: { ...silence, namespace: "shop-*" } },
    { ...act("inc-1"), target: node },
    { type: "vetoed", owner: node, until: 0, reason: "" },
  ] as const)
    expect(namespaceOfRecord(body as Parameters<typeof namespaceOfRecord>[0]), body.type).toBe("");
});
