import type { Incident } from "@kintsugi/core";
import { viewOf } from "@kintsugi/core/testing/array-view";
import { namespaceObject, node } from "@kintsugi/core/testing/more-objects";
import { deployment, pod } from "@kintsugi/core/testing/objects";
import { describe, expect, it } from "vitest";
import { awaiting, resolved, T0 } from "../adapters/testing/records.ts";
import { aliveIn, incidentsFor, namespaceOfReport, parseNamed, resourceNamed } from "./named-objects.ts";

describe("a name in a report", () => {
  it.each([
    ["Deployment/shop/cart", { kind: "Deployment", namespace: "shop", name: "cart" }],
    ["Deployment shop/cart", { kind: "Deployment", namespace: "shop", name: "cart" }],
    ["deploy/cart", { kind: "Deployment", name: "cart" }],
    ["shop/cart", { namespace: "shop", name: "cart" }],
    ["cart", { name: "cart" }],
    ["node", { name: "node" }],
    ["no/worker-1", { kind: "Node", name: "worker-1" }],
    ["Widget/shop/cart", { namespace: "shop", name: "cart" }],
  ])("%j is read as %j", (text, named) => {
    expect(parseNamed(text)).toEqual(named);
  });
});

describe("a report is about one namespace", () => {
  it.each([
    [["shop/cart"], undefined, "shop"],
    [["cart", "Pod/shop/a"], undefined, "shop"],
    [["cart"], "shop", "shop"],
    [["cart"], undefined, ""],
    [["shop/cart", "bank/ledger"], undefined, ""],
    [["bank/ledger"], "shop", ""],
    [["Node/worker-1"], "shop", ""],
  ])("%j with %j: %j", (texts, given, namespace) => {
    expect(namespaceOfReport(texts, given)).toBe(namespace);
  });
});

describe("what it names", () => {
  const view = viewOf([namespaceObject("shop"), deployment("cart"), pod("cart-a"), node("worker-1"), pod("both"), deployment("both")]);
  const list: Incident[] = [awaiting("inc-1")];
  const engine = {
    view: () => view,
    incidents: () => list,
    explain: (ref: { kind: string }) =>
      ({ observed: true, findings: [], silent: [], lines: [], subject: ref.kind === "Pod" ? list[0]!.subject : ref }) as never,
  };

  it("is what answers for it, the likeliest kind first", () => {
    expect(resourceNamed("Pod/shop/cart-a", "", engine)).toMatchObject({ kind: "Pod", name: "cart-a", subject: { kind: "Deployment", name: "cart" } });
    expect(resourceNamed("both", "shop", engine)).toMatchObject({ kind: "Deployment", subject: { kind: "Deployment", name: "both" } });
  });

  it("without a namespace is a node, or the one thing of that name that has an incident", () => {
    expect(resourceNamed("worker-1", "", engine)).toMatchObject({ kind: "Node", namespace: "" });
    expect(resourceNamed("cart", "", engine)).toMatchObject({ kind: "Deployment", namespace: "shop" });
    expect(resourceNamed("both", "", engine)).toEqual({ kind: "", namespace: "", name: "both", issue: "" });
  });

  it("in a namespace is never a node: who may report there alone learns nothing of nodes", () => {
    expect(resourceNamed("worker-1", "shop", engine)).toEqual({ kind: "", namespace: "shop", name: "worker-1", issue: "" });
  });

  it("has the incident that is alive for it, and each once", () => {
    const cart = resourceNamed("cart", "shop", engine);
    expect(incidentsFor([cart, resourceNamed("Pod/shop/cart-a", "", engine)], aliveIn(list))).toEqual(["inc-1"]);
    expect(incidentsFor([cart], aliveIn([resolved("inc-2", T0)]))).toEqual([]);
  });
});
