import { expect, test } from "vitest";
import { viewOf } from "../testing/array-view.ts";
import { statefulSet } from "../testing/more-objects.ts";
import { pod, stamp, waiting } from "../testing/objects.ts";
import { unblockSteps } from "./broken-ordinal.ts";

const set = statefulSet("store", { spec: { replicas: 12 }, status: { updateRevision: "store-2" } });
const broken = (ordinal: number, deleted = false) =>
  pod(`store-${ordinal}`, {
    ownedBy: set,
    statuses: [waiting("CrashLoopBackOff")],
    metadata: { labels: { "controller-revision-hash": "store-2" }, ...(deleted ? { deletionTimestamp: stamp(1) } : {}) },
  });

test("the lowest ordinal that is not ready is the one waited for, by number and not by text", () => {
  expect(unblockSteps(set, viewOf([set, broken(10), broken(9)]))).toMatchObject([{ verb: "delete", target: { name: "store-9" } }]);
});

test("nothing is deleted where all are ready, or the one waited for is going already", () => {
  expect(unblockSteps(set, viewOf([set, pod("store-0", { ownedBy: set })]))).toEqual([]);
  expect(unblockSteps(set, viewOf([set, broken(0, true), broken(1)]))).toEqual([]);
});
