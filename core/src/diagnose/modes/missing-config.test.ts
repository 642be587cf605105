import { expect, test } from "vitest";
import { configMap } from "../../testing/more-objects.ts";
import { container, pod, waiting } from "../../testing/objects.ts";
import { bornAt, caseOf, findingsOf, rollout, settled } from "../../testing/scenes.ts";
import { patternOf } from "../evidence.ts";
import { missingConfig } from "./missing-config.ts";

const needs = (name: string, key = "app.conf") => ({ containers: [container({ env: [{ name: "CONF", valueFrom: { configMapKeyRef: { name, key } } }] })] });
const refused = (message: string) => ({ phase: "Pending", statuses: [waiting("CreateContainerConfigError", message)] });
const scene = (message: string, more: Parameters<typeof caseOf>[0]["objects"] = []) => ({
  objects: [
    ...settled({ template: needs("cart-conf"), pods: (set) => [pod("cart-1-a", { ownedBy: set, metadata: bornAt(9_000), ...refused(message) })] }),
    ...more,
  ],
  now: 9_200,
});
const pattern = (given: ReturnType<typeof caseOf>) => patternOf(missingConfig.examine(given) ?? []);

test("a deleted ConfigMap is named, and nothing is made up in its place", () => {
  const given = caseOf(scene('configmap "cart-conf" not found'));
  expect(pattern(given)).toBe("+named-missing +still-missing");
  expect(missingConfig.remedies(given)).toEqual([]);
});

test("a lost key is named too; of a Secret nobody looks whether it is there", () => {
  const lost = caseOf(scene("couldn't find key app.conf in ConfigMap shop/cart-conf", [configMap("cart-conf", ["other"])]));
  expect(pattern(lost)).toBe("+named-missing +still-missing");
  expect(pattern(caseOf(scene('secret "cart-keys" not found')))).toBe("+named-missing");
});

test("what its owner brought back heals by itself: nothing is left to claim against it", () => {
  const given = caseOf(scene('configmap "cart-conf" not found', [configMap("cart-conf")]));
  expect(pattern(given)).toBe("+named-missing -still-missing");
});

test("a reference that only the new revision has is taken back with it", () => {
  const objects = rollout({
    next: needs("cart-conf-v2"),
    newPods: (set) => [pod("cart-2-a", { ownedBy: set, metadata: bornAt(3_600), ...refused('configmap "cart-conf-v2" not found') })],
  });
  const given = caseOf({ objects, now: 3_800 });
  expect(pattern(given)).toBe("+named-missing +reference-new +still-missing");
  expect(missingConfig.remedies(given)).toEqual([{ action: "roll-back", target: given.subject, params: {} }]);
});

test("a rollout that only met what had been deleted before is not taken back", () => {
  const next = { containers: [{ ...needs("cart-conf").containers[0], name: "app", image: "registry.test/cart:2" }] };
  const objects = rollout({
    old: needs("cart-conf"),
    next,
    newPods: (set) => [pod("cart-2-a", { ownedBy: set, metadata: bornAt(3_600), ...refused('configmap "cart-conf" not found') })],
  });
  const given = caseOf({ objects, now: 3_800 });
  expect(pattern(given)).toBe("+named-missing +reference-old +still-missing");
  expect(missingConfig.remedies(given)).toEqual([]);
});

test("a volume without its ConfigMap is found by looking", () => {
  const template = { spec: { volumes: [{ name: "conf", configMap: { name: "cart-conf" } }] } };
  const objects = settled({ template, pods: (set) => [pod("cart-1-a", { ownedBy: set, phase: "Pending", statuses: [waiting("ContainerCreating")] })] });
  expect(pattern(caseOf({ objects, now: 200 }))).toBe("+named-missing +still-missing");
});

test("a manifest applied before its ConfigMap, and an optional one, are silent", () => {
  expect(findingsOf({ ...scene('configmap "cart-conf" not found'), now: 9_030 })).toEqual([]);
  const optional = { spec: { volumes: [{ name: "conf", configMap: { name: "cart-conf", optional: true } }] } };
  expect(findingsOf({ objects: settled({ template: optional }), now: 9_000 })).toEqual([]);
});
