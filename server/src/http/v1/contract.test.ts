import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type ApiUnderTest, apiUnderTest } from "../testing/api-under-test.ts";

let api: ApiUnderTest;
beforeEach(async () => {
  api = await apiUnderTest();
});
afterEach(() => api.close());

describe("the reference contract", () => {
  it.each([
    ["get", "/health"],
    ["get", "/api/v1/health"],
    ["post", "/api/v1/remediation/trigger"],
    ["get", "/api/v1/workflows/{id}"],
    ["get", "/api/v1/incidents"],
    ["post", "/api/v1/incidents"],
    ["post", "/api/v1/recommendations"],
    ["get", "/api/v1/recommendations/rightsizing"],
    ["post", "/api/v1/predict"],
    ["get", "/api/v1/predict/disk-exhaustion"],
    ["get", "/api/v1/predict/memory-leak"],
    ["post", "/api/v1/anomalies/analyze"],
    ["get", "/api/v1/detect/deployment/{namespace}/{name}"],
    ["get", "/api/v1/detect/statefulset/{namespace}/{name}"],
    ["get", "/api/v1/detect/daemonset/{namespace}/{name}"],
    ["post", "/api/v1/detect/cache/clear"],
    ["get", "/api/v1/detect/cache/stats"],
    ["post", "/api/v1/coordination/trigger"],
    ["get", "/api/v1/coordination/workflows"],
    ["get", "/api/v1/coordination/workflows/{id}"],
    ["get", "/api/v1/capacity/namespace/{namespace}"],
    ["get", "/api/v1/capacity/cluster"],
  ])("12.1 line 18: %s %s is served, and described with a tag and a summary", async (method, path) => {
    const operation = (await api.ask("GET", "/api/v2/openapi.json")).json.paths[path]?.[method];
    expect(operation).toMatchObject({ summary: expect.any(String), tags: [expect.stringMatching(/^v1: /)] });
  });

  it.each([
    ["/api/v1/capacity/trends", "/api/v1/capacity/namespace/{namespace}"],
    ["/api/v1/capacity/trends?window=7d", "/api/v1/capacity/namespace/{namespace}"],
    ["/api/v1/cluster/status", "/api/v1/health"],
    ["/api/v1/anomaly/analyze", "/api/v1/anomalies/analyze"],
    ["/api/v1/nothing", "docs/contract.md"],
  ])("12.2 line 20: %s does not exist, and the answer names what does: %s", async (path, right) => {
    const { status, json, type } = await api.ask("GET", path);
    expect([status, type]).toEqual([404, "application/json"]);
    expect(json).toEqual({ status: "error", code: "NOT_FOUND", error: expect.stringContaining(right) });
  });

  it("needs a token, and says so in its own form; the word for probes needs none", async () => {
    const headers = { authorization: undefined };
    for (const path of ["/api/v1/incidents", "/api/v1/nothing"]) {
      expect(await api.ask("GET", path, { headers })).toMatchObject({ status: 401, json: { status: "error", error: expect.stringContaining("Bearer") } });
    }
    expect(await api.ask("GET", "/health", { headers })).toMatchObject({ status: 200, json: { status: "ok", version: "0.1.0" } });
  });

  it("says in its own form what is wrong with a body that is no JSON, or too large", async () => {
    const given = { headers: { host: "localhost", authorization: `Bearer ${"t".repeat(43)}`, "content-type": "application/json" }, payload: "{nonsense" };
    const broken = await api.app.inject({ method: "POST", url: "/api/v1/incidents", ...given });
    expect([broken.statusCode, broken.json()]).toEqual([400, { status: "error", code: "INVALID_REQUEST", error: expect.any(String) }]);
    const large = await api.ask("POST", "/api/v1/incidents", { body: { title: "x".repeat(2_000_000) } });
    expect(large).toMatchObject({ status: 413, json: { status: "error" } });
  });
});
