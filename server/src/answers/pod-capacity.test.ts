import { viewOf } from "@kintsugi/core/testing/array-view";
import { node, quota } from "@kintsugi/core/testing/more-objects";
import { container, pod } from "@kintsugi/core/testing/objects";
import { expect, test } from "vitest";
import { PROFILES, podCapacity } from "./pod-capacity.ts";

const LARGE = { profile: "large", ...PROFILES.large } as const;
const taken = (on: string, cpu: string) =>
  pod(`p-${on}`, { spec: { nodeName: on, containers: [container({ resources: { requests: { cpu, memory: "1Gi" } } })] } });

test("each worker is filled by itself: two halves of a pod are none", () => {
  const view = viewOf([node("w1"), node("w2"), taken("w1", "3700m"), taken("w2", "3700m")]);
  expect(podCapacity(view, { perPod: LARGE, safetyMargin: 15 })).toMatchObject({
    ...{ namespace: null, estimates: { byQuota: null, byNodes: 0 }, recommended: { maxCount: 0, safeCount: 0, limitingFactor: "node cpu" } },
    free: { cpu: expect.closeTo(0.6) },
    ...{ usage: null, trending: null, trendingReason: expect.stringContaining("no metrics source") },
  });
});

test("the scarcest of quota and nodes limits, and is named; the margin is left free", () => {
  const view = viewOf([node("w1"), node("w2"), quota("q", { pods: "10", memory: "7Gi" }, { pods: "1", memory: "0" })]);
  expect(podCapacity(view, { namespace: "shop", perPod: LARGE, safetyMargin: 15 })).toMatchObject({
    ...{ quota: { cpu: null, memory: 7 * 2 ** 30, pods: 10 }, quotaUsed: { pods: 1 } },
    ...{ estimates: { byQuota: 7, byNodes: 16 }, recommended: { maxCount: 7, safeCount: 5, limitingFactor: "quota memory" } },
  });
  expect(podCapacity(view, { namespace: "bank", perPod: LARGE, safetyMargin: 0 })).toMatchObject({
    ...{ estimates: { byQuota: null, byNodes: 16 }, recommended: { maxCount: 16, safeCount: 16 } },
  });
});

test("12.2 line 24: what is not seen is not estimated", () => {
  for (const kind of ["Node", "Pod", "ResourceQuota"] as const)
    expect(podCapacity(viewOf([node()], { health: { [kind]: "forbidden" } }), { namespace: "shop", perPod: LARGE, safetyMargin: 15 }), kind).toBeUndefined();
  expect(podCapacity(viewOf([node()], { health: { ResourceQuota: "forbidden" } }), { perPod: LARGE, safetyMargin: 15 })).toBeDefined();
});
