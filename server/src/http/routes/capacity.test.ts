import { quota } from "@kintsugi/core/testing/more-objects";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type ApiUnderTest, apiUnderTest } from "../testing/api-under-test.ts";
import { SHOP, seen } from "../testing/filled-view.ts";

let api: ApiUnderTest;
beforeEach(async () => {
  api = await apiUnderTest();
  api.engine.seen.apply(seen([...SHOP, quota("q", { pods: "5" }, { pods: "2" })]));
});
afterEach(() => api.close());

const ask = (path: string) => api.ask("GET", `/api/v2/capacity/${path}`);

it("tells how many pods of a size fit", async () => {
  expect((await ask("pods?namespace=shop&profile=small")).json).toMatchObject({
    ...{ namespace: "shop", perPod: { profile: "small", cpu: "50m", memory: "128Mi" }, estimates: { byQuota: 3 } },
    recommended: { maxCount: 3, safeCount: 2, limitingFactor: "quota pods" },
  });
  expect((await ask("pods?profile=custom&cpu=2&memory=1Gi&safetyMargin=0")).json).toMatchObject({
    namespace: null,
    recommended: { maxCount: 4, safeCount: 4, limitingFactor: "node cpu" },
  });
});

it("tells what scaling would mean", async () => {
  expect((await ask("scaling?namespace=shop&deployment=cart&targetReplicas=9")).json).toMatchObject({
    ...{ current: { replicas: 2 }, projected: { replicas: 9 }, recommendation: "does-not-fit", alternatives: [{ replicas: 5 }] },
  });
});

it.each([
  ["pods?profile=custom&cpu=2", 400, "memory: is missing"],
  ["pods?cpu=2", 400, "profile custom alone"],
  ["pods?profile=custom&cpu=-1&memory=1Gi", 400, "cpu"],
  ["pods?safetyMargin=91", 400, "safetyMargin"],
  ["pods?namespace=nowhere", 404, "no namespace nowhere"],
  ["scaling?namespace=shop&deployment=none&targetReplicas=1", 404, "no Deployment shop/none"],
  ["scaling?namespace=shop&deployment=cart&targetReplicas=-1", 400, "targetReplicas"],
])("%s is answered with %i: %s", async (path, status, detail) => {
  expect(await ask(path)).toMatchObject({ status, json: { detail: expect.stringContaining(detail) } });
});

it.each(["pods", "scaling?namespace=shop&deployment=elsewhere&targetReplicas=1"])("%s is 503 with its code while the cluster is not seen", async (path) => {
  api.engine.seen.apply(seen([], { Node: "stale", Deployment: "stale" }));
  expect(await ask(path)).toMatchObject({ status: 503, json: { code: "CLUSTER_UNSEEN" } });
});
