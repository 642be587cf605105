import { expect, test } from "vitest";
import { viewOf } from "../testing/array-view.ts";
import { cronJob, job, node } from "../testing/more-objects.ts";
import { deployment, owner, pod, ref, replicaSet } from "../testing/objects.ts";
import { ownerChain, podsOfRoot, rootOf } from "./owner-chain.ts";

const cart = deployment();
const first = replicaSet(cart, 1);
const second = replicaSet(cart, 2);
const a = pod("a", { ownedBy: first });
const b = pod("b", { ownedBy: second });

test("a pod of a Deployment answers to the Deployment, one of a CronJob's Job to the CronJob", () => {
  const cron = cronJob();
  const run = job("nightly-1", { metadata: { ownerReferences: [owner(cron)] } });
  const c = pod("c", { ownedBy: run });
  const view = viewOf([cart, first, a, cron, run, c]);
  expect(ownerChain(a, view).map((object) => object.kind)).toEqual(["Pod", "ReplicaSet", "Deployment"]);
  expect(rootOf(c, view)).toMatchObject({ kind: "CronJob", name: "nightly", uid: cron.metadata.uid });
  expect(podsOfRoot(view, ref("CronJob", "nightly"))).toEqual([c]);
});

test("an owner that is gone, was made anew, or is not observed ends the chain", () => {
  expect(rootOf(a, viewOf([first, a]))).toMatchObject({ kind: "ReplicaSet", name: "cart-1" });
  const reborn = { ...first, metadata: { ...first.metadata, uid: "another" } };
  expect(rootOf(a, viewOf([reborn, a]))).toMatchObject({ kind: "Pod", name: "a" });
  const foreign = pod("f", { metadata: { ownerReferences: [{ apiVersion: "example.test/v1", kind: "Widget", name: "w", uid: "w", controller: true }] } });
  expect(rootOf(foreign, viewOf([foreign]))).toMatchObject({ kind: "Pod", name: "f" });
});

test("a static pod answers for itself: its node only runs it", () => {
  const worker = node();
  const mirror = pod("etcd-worker-1", { metadata: { ownerReferences: [owner(worker)] } });
  expect(rootOf(mirror, viewOf([worker, mirror]))).toMatchObject({ kind: "Pod" });
});

test("owners in a circle end", () => {
  const one = replicaSet(cart, 1, { metadata: { ownerReferences: [owner(second)] } });
  const two = replicaSet(cart, 2, { metadata: { ownerReferences: [owner(first)] } });
  expect(ownerChain(one, viewOf([one, two])).length).toBeLessThanOrEqual(8);
});

test("the pods of a Deployment are those of all its ReplicaSets; of what is gone, none", () => {
  const view = viewOf([cart, first, second, a, b]);
  expect(podsOfRoot(view, ref("Deployment", "cart"))).toEqual([a, b]);
  expect(podsOfRoot(view, ref("Pod", "a"))).toEqual([a]);
  expect(podsOfRoot(view, ref("Deployment", "no-such"))).toEqual([]);
});
