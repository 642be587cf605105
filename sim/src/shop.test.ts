import { conditionOf, refKey } from "@kintsugi/core";
import { expect, test } from "vitest";
import { createRandom } from "./random.ts";
import { isWell, neededBy, podsOf, somebody, takeApp } from "./scenario/stage.ts";
import { buildShop } from "./shop.ts";

const MINUTE_MS = 60_000;
const CHECKOUT = { kind: "Deployment", namespace: "shop", name: "checkout" } as const;
const PAYMENT = { kind: "Deployment", namespace: "payments", name: "payment" } as const;
const REDIS = { kind: "StatefulSet", namespace: "data", name: "redis-cart" } as const;

function openShop() {
  const stage = buildShop("calls");
  const { timeline } = stage.cluster;
  const wait = (minutes: number) => timeline.advanceTo(timeline.now() + minutes * MINUTE_MS);
  wait(10);
  return { stage, wait };
}

test("an application is not ready while what it needs has no endpoint, and is so again by itself", () => {
  const { stage, wait } = openShop();
  expect(stage.apps.every((app) => isWell(stage, app.ref))).toBe(true);
  const person = somebody(stage, createRandom("calls"));
  person.scale(PAYMENT, 0);
  wait(2);
  const pods = podsOf(stage, CHECKOUT);
  expect(pods.map((pod) => conditionOf(pod.status.conditions, "Ready")?.status)).toEqual(["False", "False", "False"]);
  expect(pods.every((pod) => pod.status.containerStatuses[0]?.restartCount === 0)).toBe(true);
  const unhealthy = stage.cluster.world.store.list("Event").filter((event) => event.reason === "Unhealthy" && event.involved.name === pods[0]?.metadata.name);
  expect(unhealthy.at(-1)?.message).toContain("statuscode: 503");
  person.scale(PAYMENT, 3);
  wait(2);
  expect(isWell(stage, CHECKOUT)).toBe(true);
});

test("some of the endpoints are enough", () => {
  const { stage, wait } = openShop();
  somebody(stage, createRandom("calls")).scale(PAYMENT, 1);
  wait(3);
  expect(isWell(stage, CHECKOUT)).toBe(true);
});

test("who is needed by whom goes on from one to the next, and where one has a part the others have none", () => {
  const { stage } = openShop();
  expect(neededBy(stage.apps, REDIS).map((ref) => ref.name)).toEqual(["cart", "frontend"]);
  expect(takeApp(stage, createRandom("calls"), (app) => app.ref.name === "cart")).toBeDefined();
  const names = ["frontend", "redis-cart", "checkout"];
  expect(names.map((name) => takeApp(stage, createRandom("calls"), (app) => app.ref.name === name)?.ref.name)).toEqual([undefined, undefined, "checkout"]);
  expect([...stage.taken].toSorted()).toEqual([refKey({ kind: "Deployment", namespace: "shop", name: "cart" }), refKey(CHECKOUT)]);
});
