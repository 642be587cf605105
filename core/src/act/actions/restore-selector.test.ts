import { expect, test } from "vitest";
import { service } from "../../testing/more-objects.ts";
import { at, deployment, pod, ref, replicaSet } from "../../testing/objects.ts";
import { draftOf, reasonOf } from "../../testing/plans.ts";
import { restoreSelector } from "./restore-selector.ts";

const target = ref("Service", "cart");
const broken = service("cart", { spec: { selector: { app: "crat" } } });
const cart = deployment("cart");
const set = replicaSet(cart, 1);
const cartPod = pod("cart-1", { ownedBy: set });
const known = (selector: Record<string, string>, seconds: number) => ({ ref: target, firstSeen: at(0), lastSeen: at(seconds), spec: { selector, ports: [] } });

test("the last selector that was seen healthy and selects pods today comes back", () => {
  const knownGood = [known({ app: "basket" }, 200), known({ app: "cart" }, 100)];
  const draft = draftOf(restoreSelector, target, [broken, cart, set, cartPod], { knownGood });
  expect(draft.diff).toEqual([{ path: "/spec/selector", before: { app: "crat" }, after: { app: "cart" } }]);
  expect(draft.summary).toContain("app=cart selects 1 pod, app=crat selects 0");
});

test("a selector that selects nothing today is no cure", () => {
  expect(reasonOf(restoreSelector, target, [broken], { knownGood: [known({ app: "cart" }, 100)] })).toContain("selects a pod today");
});

test("nothing is guessed from the labels of pods", () => {
  expect(reasonOf(restoreSelector, target, [broken, cart, set, cartPod])).toContain("no other selector");
  expect(reasonOf(restoreSelector, target, [broken, cartPod], { knownGood: [known({ app: "crat" }, 100)] })).toContain("no other selector");
});

test("a Service without a selector is somebody else's business", () => {
  expect(reasonOf(restoreSelector, target, [service("cart", { spec: { selector: {} } })])).toContain("has no selector");
});
