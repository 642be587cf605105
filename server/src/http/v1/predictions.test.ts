import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ApiUnderTest, apiUnderTest } from "../testing/api-under-test.ts";

let api: ApiUnderTest;
beforeAll(async () => {
  api = await apiUnderTest();
});
afterAll(() => api.close());

const PREDICT = { hour: 14, day_of_week: 2 };
const refused = (code: string, error: unknown = expect.any(String)) => expect.objectContaining({ status: "error", code, error });

describe("without a metrics source", () => {
  it.each([
    ["8", "GET", "/api/v1/recommendations/rightsizing?namespace=shop&pod=cart-1&window=30d", undefined],
    ["9", "POST", "/api/v1/predict", PREDICT],
    ["10", "GET", "/api/v1/predict/disk-exhaustion?node=worker-1&mountpoint=/var/lib/kubelet", undefined],
    ["11", "GET", "/api/v1/predict/memory-leak?namespace=shop", undefined],
    ["12", "POST", "/api/v1/anomalies/analyze", { time_range: "24h", namespace: "shop", label_selector: "app in (cart,web),!canary" }],
  ] as const)("12.1 lines 10, 12 and 13, 12.2 line 24: route %s answers 503 and not one number", async (_route, method, url, body) => {
    const { status, json, text } = await api.ask(method, url, body === undefined ? {} : { body });
    expect(status).toBe(503);
    expect(json).toEqual({ ...refusedFields, code: "PROMETHEUS_UNAVAILABLE" });
    expect(text).not.toMatch(/\d/);
  });

  const refusedFields = { status: "error", error: expect.stringContaining("no metrics source"), details: expect.stringContaining("the request is valid") };
});

describe("a prediction", () => {
  it.each([
    [{}, "hour"],
    [{ hour: 14 }, "day_of_week"],
    [{ ...PREDICT, hour: 24 }, "hour"],
    [{ ...PREDICT, hour: -1 }, "hour"],
    [{ ...PREDICT, hour: 1.5 }, "hour"],
    [{ ...PREDICT, day_of_week: 7 }, "day_of_week"],
    [{ ...PREDICT, hour: "14" }, "hour"],
    [{ ...PREDICT, scope: "pod", namespace: "shop" }, "pod"],
    [{ ...PREDICT, scope: "galaxy" }, "scope"],
    [{ ...PREDICT, deployment: "cart" }, "namespace"],
    [{ ...PREDICT, model: "../../etc/passwd" }, "model"],
  ])("12.1 line 9: is checked before it is refused: %j", async (body, where) => {
    const { status, json } = await api.ask("POST", "/api/v1/predict", { body });
    expect([status, json]).toEqual([400, refused("INVALID_REQUEST", expect.stringContaining(where))]);
  });

  it("understands the older client's names", async () => {
    expect((await api.ask("POST", "/api/v1/predict", { body: { hour: 3, dayOfWeek: 0 } })).status).toBe(503);
    const body = { timeRange: "7d", modelName: "anomaly-detector", labelSelector: "app=cart" };
    expect((await api.ask("POST", "/api/v1/anomalies/analyze", { body })).status).toBe(503);
    expect((await api.ask("POST", "/api/v1/anomalies/analyze", { body: { ...body, timeRange: "8d" } })).json).toEqual(
      refused("INVALID_REQUEST", expect.stringContaining("time_range")),
    );
  });
});

describe("12.1 line 13: what looks like a query of its own is refused as a name", () => {
  const HOSTILE = [
    'shop",pod=~".*',
    'x"} or vector(1) #',
    "shop|kube-system",
    "..",
    "a/b",
    "shop\n",
    "Shop",
    "",
    "x".repeat(64),
    "{__name__=~'.+'}",
    "$(id)",
    "%22",
  ];

  it.each(HOSTILE)("namespace %j", async (namespace) => {
    for (const url of ["/api/v1/recommendations/rightsizing", "/api/v1/predict/memory-leak"])
      expect((await api.ask("GET", `${url}?${new URLSearchParams({ namespace })}`)).json).toEqual(refused("INVALID_REQUEST"));
    expect((await api.ask("POST", "/api/v1/predict", { body: { ...PREDICT, namespace } })).json).toEqual(refused("INVALID_REQUEST"));
    expect((await api.ask("POST", "/api/v1/anomalies/analyze", { body: { namespace } })).json).toEqual(refused("INVALID_REQUEST"));
  });

  it.each([...HOSTILE.filter((name) => name.length < 64), "x".repeat(254)])("pod, node, deployment %j", async (name) => {
    expect((await api.ask("GET", `/api/v1/recommendations/rightsizing?${new URLSearchParams({ namespace: "shop", pod: name })}`)).status).toBe(400);
    expect((await api.ask("GET", `/api/v1/predict/disk-exhaustion?${new URLSearchParams({ node: name })}`)).status).toBe(400);
    expect((await api.ask("POST", "/api/v1/anomalies/analyze", { body: { namespace: "shop", deployment: name } })).status).toBe(400);
  });

  it.each(['app="cart"', "app=~cart", "app in (cart", "app=cart}", "app=cart,", "=cart", "a b c"])("label selector %j", async (label_selector) => {
    expect((await api.ask("POST", "/api/v1/anomalies/analyze", { body: { label_selector } })).json).toEqual(
      refused("INVALID_REQUEST", expect.stringContaining("label_selector")),
    );
  });

  it.each(['/var"', "var", "/var/../etc", "/var//log", "/a b", "/{}"])("mount point %j", async (mountpoint) => {
    expect((await api.ask("GET", `/api/v1/predict/disk-exhaustion?${new URLSearchParams({ mountpoint })}`)).status).toBe(400);
  });

  it.each(["30", "0d", "91d", "9999h", "30d[5m:]", "1.5h", "-7d"])("window %j", async (window) => {
    expect((await api.ask("GET", `/api/v1/recommendations/rightsizing?${new URLSearchParams({ window })}`)).status).toBe(400);
    expect((await api.ask("GET", `/api/v1/capacity/namespace/shop?${new URLSearchParams({ window })}`)).status).toBe(400);
  });

  it.each([{ threshold: 2 }, { threshold: -0.1 }, { threshold: "0.5" }, { pod: "a", deployment: "b", namespace: "shop" }, { model_name: "a b" }])(
    "analysis %j",
    async (body) => {
      expect((await api.ask("POST", "/api/v1/anomalies/analyze", { body })).status).toBe(400);
    },
  );
});
