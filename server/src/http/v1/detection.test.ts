import { deployment } from "@kintsugi/core/testing/objects";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type ApiUnderTest, apiUnderTest } from "../testing/api-under-test.ts";
import { seen } from "../testing/filled-view.ts";

let api: ApiUnderTest;
beforeEach(async () => {
  api = await apiUnderTest();
});
afterEach(() => api.close());

const detect = async (url = "deployment/shop/cart") => api.ask("GET", `/api/v1/detect/${url}`);
let version = 0;
function see(...annotations: readonly Record<string, string>[]): void {
  const labels = { "helm.sh/chart": "shop-1.4.0" };
  api.engine.seen.apply(seen(annotations.map((one) => deployment("cart", { metadata: { annotations: one, labels, resourceVersion: `${++version}` } }))));
}

describe("a deployment method", () => {
  it("is told in the contract's shape, with what shows it", async () => {
    see({ "meta.helm.sh/release-name": "shop", "meta.helm.sh/release-namespace": "prod" });
    const { status, json } = await detect();
    expect(status).toBe(200);
    expect(json).toMatchObject({
      ...{ success: true, message: "Deployment shop/cart: helm, by annotation:meta.helm.sh/release-name" },
      data: {
        ...{
          method: "helm",
          confidence: 0.9,
          source: "annotation:meta.helm.sh/release-name",
          namespace: "shop",
          resource_name: "cart",
          resource_kind: "Deployment",
        },
        details: { release: "shop", release_namespace: "prod", chart: "shop-1.4.0", root: "Deployment shop/cart" },
      },
    });
    expect(Date.parse(json.data.detected_at)).toBe(api.engine.state.now);
  });

  it("is not found with 404, in the shape of detection and of errors alike", async () => {
    see();
    const { status, json } = await detect();
    expect(status).toBe(404);
    expect(json).toMatchObject({ status: "error", success: false, code: "NOT_FOUND", error: json.message, message: expect.stringContaining("no such object") });
  });

  it("is 503 while the kind cannot be seen, and never guessed", async () => {
    api.engine.seen.apply(seen([], { StatefulSet: "stale" }));
    expect(await detect("statefulset/shop/db")).toMatchObject({ status: 503, json: { success: false, code: "KUBERNETES_UNAVAILABLE" } });
  });

  it.each(["deployment/Shop/cart", "deployment/shop/..%2fcart", "pod/shop/cart", "deployment/shop"])("is asked for by names alone: %s", async (url) => {
    expect([400, 404]).toContain((await detect(url)).status);
  });
});

it("the cache is gone: it can be cleared, holds nothing, and what changed is seen at once", async () => {
  see({});
  expect((await detect()).json.data.method).toBe("manual");
  see({ "argocd.argoproj.io/tracking-id": "shop:apps/Deployment:shop/cart" });
  expect((await detect()).json.data).toMatchObject({ method: "argocd", confidence: 0.95, details: { application: "shop" } });
  expect(await api.ask("POST", "/api/v1/detect/cache/clear")).toMatchObject({
    status: 200,
    json: { success: true, message: expect.stringContaining("no cache") },
  });
  // A client that says JSON of every request and then sends none.
  expect((await api.ask("POST", "/api/v1/detect/cache/clear", { headers: { "content-type": "application/json", "content-length": "0" } })).status).toBe(200);
  expect((await api.ask("GET", "/api/v1/detect/cache/stats")).json.data).toEqual({ total_entries: 0, valid_entries: 0, expired_entries: 0, ttl_seconds: 0 });
});
