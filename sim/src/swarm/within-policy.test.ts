/** Each rule of the second reading must be able to find a write that breaks it: an engine does it on purpose. */
import type { Deployment, Node } from "@kintsugi/core";
import { describe, expect, test } from "vitest";
import { ADMIN } from "../scenario/objects.ts";
import { CART, Culprit } from "./testing/culprit.ts";

const SHOP = { kind: "Namespace", namespace: "", name: "shop" } as const;
const worker = (number: number) => ({ kind: "Node", namespace: "", name: `worker-${number}` }) as const;

describe("what the policy says", () => {
  test("where all may be done, nothing is found", () => {
    const engine = new Culprit();
    engine.rollBack();
    engine.evict(engine.readyPod({ kind: "Deployment", namespace: "shop", name: "frontend" }));
    expect(engine.reasons()).toEqual([]);
  });

  test("the strictest rule that fits wins, whatever fits by: pattern, kind, name, label, action", () => {
    const engine = new Culprit();
    engine.rollBack();
    const asked = { mode: "suggest" } as const;
    expect(engine.reasons([{ name: "watched", match: { namespaces: ["sh*p"] }, mode: "observe" }])).toEqual(["the policy says observe"]);
    expect(engine.reasons([{ ...asked, name: "by kind and label", match: { kinds: ["Deployment"], labels: { app: "cart" } } }])).toEqual([
      "the policy says suggest",
    ]);
    expect(engine.reasons([{ ...asked, name: "by name and action", match: { names: ["ca*"], actions: ["roll-back"] } }])).toEqual(["the policy says suggest"]);
    expect(engine.reasons([{ ...asked, name: "of another", match: { kinds: ["StatefulSet"], labels: { app: "cart" } } }])).toEqual([]);
    expect(engine.reasons([{ ...asked, name: "by label of the namespace", match: { namespaceLabels: { "kubernetes.io/metadata.name": "shop" } } }])).toEqual([
      "the policy says suggest",
    ]);
  });

  test("the default counts where no rule fits", () => {
    const engine = new Culprit();
    engine.rollBack();
    expect(engine.reasons([], { rules: [{ name: "elsewhere", match: { namespaces: ["data"] }, mode: "act" }] })).toEqual(["the policy says suggest"]);
  });

  test("what a person may have meant has to be named", () => {
    const engine = new Culprit();
    engine.set(CART, "/spec/replicas", 5);
    expect(engine.reasons()).toEqual([]);
    expect(engine.reasons([], { rules: [{ name: "all", match: {}, mode: "act" }] })).toEqual(["a person may have meant it, and no rule names scaled-to-zero"]);
  });
});

describe("marks of people", () => {
  test.each(["off", "observe", "suggest", "nonsense"])("kintsugi.dev/mode: %s on namespace, owner or node", (value) => {
    const annotation = { "kintsugi.dev/mode": value };
    const engine = new Culprit();
    engine.mark(CART, {}, annotation);
    engine.evict(engine.readyPod());
    engine.mark(CART, {}, { "kintsugi.dev/mode": "act" });
    const pod = engine.readyPod({ kind: "Deployment", namespace: "payments", name: "payment" });
    engine.mark(engine.nodeOf(pod), {}, annotation);
    engine.evict(pod);
    engine.mark(SHOP, {}, annotation);
    engine.rollBack({ kind: "Deployment", namespace: "shop", name: "ad" });
    expect(engine.reasons()).toEqual([
      `kintsugi.dev/mode is ${value} on Deployment cart`,
      `kintsugi.dev/mode is ${value} on Node ${pod.spec.nodeName}`,
      `kintsugi.dev/mode is ${value} on Namespace shop`,
    ]);
  });

  test.each([
    ["a tracking id of Argo CD", {}, { "argocd.argoproj.io/tracking-id": "cart:apps/Deployment:shop/cart" }],
    ["a label of Argo CD", { "argocd.argoproj.io/instance": "cart" }, {}],
    ["a label of Flux", { "kustomize.toolkit.fluxcd.io/name": "shop" }, {}],
  ])("%s on the owner", (_, labels, annotations) => {
    const engine = new Culprit();
    engine.mark(CART, labels, annotations);
    engine.evict(engine.readyPod());
    expect(engine.reasons()).toEqual(["Deployment cart is kept by GitOps"]);
  });

  test("of Helm only what leaves the rendered spec alone; of another manager nothing", () => {
    const engine = new Culprit();
    engine.mark(CART, { "app.kubernetes.io/managed-by": "Helm" });
    engine.evict(engine.readyPod());
    engine.set(CART, "/spec/template/metadata/annotations", { "kintsugi.dev/restartedAt": "2026-01-05T08:15:00Z" });
    expect(engine.reasons()).toEqual([]);
    engine.wait(15);
    engine.rollBack();
    expect(engine.reasons()).toEqual(["Deployment cart is installed by Helm, and roll-back changes what it rendered"]);
    engine.mark(CART, { "app.kubernetes.io/managed-by": "shop-operator" });
    engine.wait(15);
    engine.evict(engine.readyPod());
    expect(engine.reasons()).toContain("Deployment cart is kept by shop-operator");
  });

  test("the pause stops even what would take something back", () => {
    const engine = new Culprit();
    const image = engine.get<Deployment>(CART).spec.template.spec.containers[0]?.image ?? "";
    engine.rollBack();
    engine.stage.cluster.world.api.create(ADMIN, { kind: "ConfigMap", metadata: { name: "kintsugi-pause", namespace: "kintsugi" }, keys: [] });
    engine.rollBack(CART, image);
    expect(engine.reasons()).toEqual(["the ConfigMap kintsugi-pause was there"]);
  });
});

describe("what is never done", () => {
  test("nothing in protected namespaces, nor on control-plane nodes, unless the policy names them", () => {
    const engine = new Culprit();
    engine.set({ kind: "Node", namespace: "", name: "control-1" }, "/spec/unschedulable", true);
    expect(engine.reasons()).toEqual(["control-plane node control-1 is protected"]);
    expect(engine.reasons([], { unprotect: { nodes: ["control-*"] } })).toEqual([]);
  });

  test("no pod that nothing would make again, and no last ready one", () => {
    const engine = new Culprit();
    engine.evict(engine.barePod());
    expect(engine.reasons()).toContain("nothing would make this pod again");
    engine.evict(engine.readyPod({ kind: "Deployment", namespace: "messaging", name: "notifier" }));
    expect(engine.reasons()).toContain("it was the last ready pod");
  });

  test("no write that no action makes", () => {
    const engine = new Culprit();
    engine.set({ kind: "ConfigMap", namespace: "shop", name: "cart-config" }, "/metadata/labels", { touched: "yes" });
    engine.remove(engine.get(CART));
    expect(engine.reasons()).toEqual(["no action writes so: patch ConfigMap", "no action writes so: delete Deployment"]);
  });

  test("no node given back while more than its pool's share is out of use", () => {
    const engine = new Culprit();
    for (const number of [1, 2, 3]) engine.stage.cluster.world.api.update(ADMIN, cordoned(engine.get<Node>(worker(number))));
    engine.set(worker(1), "/spec/unschedulable", false);
    expect(engine.reasons()).toEqual(["2 nodes of the pool are out of use, 1 may be"]);
  });

  test("nothing in a storm, nor in the calm that has to follow", () => {
    const engine = new Culprit();
    for (const number of [1, 2, 3]) engine.stage.cluster.silenceNode(`worker-${number}`);
    engine.wait(4);
    engine.rollBack();
    expect(engine.reasons()).toEqual([expect.stringMatching(/^a storm raged until /)]);
    engine.wait(1);
    for (const number of [1, 2, 3]) engine.stage.cluster.reviveNode(`worker-${number}`);
    engine.wait(10);
    engine.rollBack({ kind: "Deployment", namespace: "shop", name: "ad" });
    expect(engine.reasons()).toHaveLength(2);
    engine.wait(10);
    engine.rollBack({ kind: "Deployment", namespace: "shop", name: "currency" });
    expect(engine.reasons()).toHaveLength(2);
  });
});

test("a zone that is lost is a storm, however few its nodes are", () => {
  const engine = new Culprit();
  const names = engine.stage.zones.get("zone-c") ?? [];
  for (const name of names.slice(1)) engine.stage.cluster.silenceNode(name);
  engine.wait(4);
  engine.rollBack();
  const few = { storm: { nodeShare: 0.9 } };
  expect(engine.reasons([], few)).toEqual([]);
  engine.stage.cluster.silenceNode(names[0] ?? "");
  engine.wait(4);
  engine.rollBack({ kind: "Deployment", namespace: "shop", name: "ad" });
  expect(engine.reasons([], few)).toEqual([expect.stringMatching(/^a storm raged until /)]);
});

describe("how much", () => {
  test("more acts in an hour than its owner, namespace and cluster may have", () => {
    const engine = new Culprit();
    for (let i = 0; i < 4; i += 1) {
      engine.evict(engine.readyPod({ kind: "Deployment", namespace: "shop", name: "catalogue" }));
      engine.wait(1);
    }
    expect(engine.reasons()).toEqual(["at most 3 acts an hour per owner"]);
    for (const name of ["frontend", "shipping", "currency"]) engine.evict(engine.readyPod({ kind: "Deployment", namespace: "shop", name }));
    expect(engine.reasons()).toContain("at most 6 acts an hour per namespace");
    expect(engine.reasons([], { limits: { actsPerClusterPerHour: 6 } })).toContain("at most 6 acts an hour per cluster");
  });

  test("the same target again before it has rested, and twice as long after the second act", () => {
    const engine = new Culprit();
    engine.rollBack(CART, "registry.shop.example/shop/cart:1.8.0");
    engine.wait(11);
    engine.rollBack(CART, "registry.shop.example/shop/cart:1.7.0");
    expect(engine.reasons()).toEqual([]);
    engine.wait(11);
    engine.rollBack(CART, "registry.shop.example/shop/cart:1.6.0");
    expect(engine.reasons()).toEqual(["a target rests after an act"]);
  });

  test("taking back is no act of its own, and finished pods deleted together are one", () => {
    const engine = new Culprit();
    engine.set(CART, "/spec/replicas", 5);
    engine.set(CART, "/spec/replicas", 3);
    expect(engine.reasons()).toEqual([]);
    engine.set(CART, "/spec/replicas", 6);
    expect(engine.reasons()).toEqual(["a target rests after an act"]);
  });
});

function cordoned(node: Node): Node {
  return { ...node, spec: { ...node.spec, unschedulable: true } };
}
