import type { Permission } from "@kintsugi/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ModelCatalogue } from "../../models/catalogue.ts";
import type { Model } from "../../models/model.ts";
import { type ApiUnderTest, apiUnderTest } from "../testing/api-under-test.ts";
import { seen } from "../testing/filled-view.ts";
import { modelHealth } from "./model-health.ts";

let api: ApiUnderTest;
let asked: Permission[];
let answer: (permission: Permission) => "allowed" | "denied" | "unknown" | Promise<never>;
beforeEach(async () => {
  api = await apiUnderTest();
  api.engine.seen.apply(seen([], { Application: "not-served", ClusterVersion: "not-served", MachineConfigPool: "not-served" }));
  api.engine.state = {
    ...api.engine.state,
    watches: [
      { kind: "Pod", health: "live" },
      { kind: "Application", health: "not-served" },
    ],
  };
  asked = [];
  answer = () => "allowed";
  Object.assign(api.engine.cluster, {
    review: async (permission: Permission) => {
      asked.push(permission);
      return answer(permission);
    },
  });
});
afterEach(() => api.close());

const health = async () => api.ask("GET", "/api/v1/health");

describe("health", () => {
  it("12.1 line 14: is healthy without any model, and says that none is configured", async () => {
    api.now += 60_000 - 1;
    const { status, json } = await health();
    expect(status).toBe(200);
    expect(json).toMatchObject({
      ...{ status: "healthy", version: "0.1.0", uptime_seconds: 60 },
      dependencies: {
        kubernetes: { name: "kubernetes", status: "ok", latency_ms: expect.any(Number), message: expect.stringContaining("a question was answered") },
        ml_service: { name: "ml_service", status: "ok", message: expect.stringContaining("not configured"), latency_ms: null },
      },
      rbac: { status: "ok", permissions_failed: 0, critical_ok: true },
      details: { acting: "off: started without --act", unseen: [], ledger: "ok", loop: "turning" },
    });
    expect(Date.parse(json.timestamp)).toBe(api.now);
  });

  it("12.1 line 14: tells of permissions once, under rbac, and hides nothing else among its details", async () => {
    const { json } = await health();
    expect(Object.keys(json.details)).toEqual(["cluster", "acting", "paused", "storm", "policy", "unseen", "ledger", "loop"]);
    for (const value of Object.values(json.details)) expect(typeof value === "string" || value === null || Array.isArray(value)).toBe(true);
  });

  it("12.1 line 7: asks for what watching needs everywhere, and a denial is a denial, not a proof that nothing is there", async () => {
    answer = ({ resource, verb }) => (resource === "nodes" && verb === "list" ? "denied" : "allowed");
    const { status, json } = await health();
    expect([status, json.status]).toEqual([200, "degraded"]);
    expect(json.rbac).toMatchObject({ status: "failed", permissions_failed: 1, critical_ok: false, message: "denied: list nodes" });
    expect(json.rbac.permissions_total).toBe(json.rbac.permissions_ok + 1);
    expect(asked.some(({ resource }) => resource === "applications")).toBe(false);
    expect(asked.some(({ resource, namespace }) => resource === "pods" && namespace === "")).toBe(true);
  });

  it("12.1 line 7: where acts may run it asks for what each action declares; one that is missing is no reason to see nothing", async () => {
    await health();
    expect(asked.some(({ verb }) => verb === "patch")).toBe(false);
    api.engine.state = { ...api.engine.state, authority: { type: "leading", epoch: 1, actFrom: 0 } };
    api.now += 61_000;
    api.engine.state = { ...api.engine.state, lastStepAt: api.now };
    answer = ({ verb }) => (verb === "patch" ? "denied" : "allowed");
    expect((await health()).json).toMatchObject({
      status: "degraded",
      rbac: { status: "degraded", critical_ok: true, message: expect.stringContaining("patch deployments.apps") },
    });
  });

  it("asks the API server once a minute, however many ask", async () => {
    await Promise.all([health(), health(), health()]);
    const first = asked.length;
    await health();
    expect(asked.length).toBe(first);
    api.now += 3_000;
    await health();
    expect(asked.length).toBe(first + 1);
    api.now += 60_000;
    await health();
    expect(asked.length).toBeGreaterThan(first + 10);
  });

  it("an API server that does not answer while nothing is seen is unhealthy, with 503", async () => {
    answer = () => "unknown";
    expect(await health()).toMatchObject({
      status: 200,
      json: { status: "degraded", dependencies: { kubernetes: { status: "degraded", latency_ms: null } }, rbac: { status: "unknown", critical_ok: false } },
    });
    api.engine.seen.apply(seen([], { Pod: "stale", Node: "stale" }));
    api.now += 3_000;
    expect(await health()).toMatchObject({ status: 503, json: { status: "unhealthy", dependencies: { kubernetes: { status: "down" } } } });
  });

  it.each([
    ["the loop stands still", { lastStepAt: 0 }, { loop: expect.stringContaining("has not turned since") }],
    ["the loop has not begun", { lastStepAt: undefined }, { loop: "has not turned yet" }],
    ["records cannot be written", { storeTrouble: "disk full" }, { ledger: "disk full" }],
  ])("is unhealthy when %s", async (_what, state, details) => {
    api.engine.state = { ...api.engine.state, ...state } as never;
    expect(await health()).toMatchObject({ status: 503, json: { status: "unhealthy", details } });
  });

  it("is degraded, and not more, while a kind is out of sight", async () => {
    api.engine.state = { ...api.engine.state, synced: false, watches: [{ kind: "Pod", health: "stale", reason: "connection reset" }] };
    expect(await health()).toMatchObject({
      status: 200,
      json: { status: "degraded", dependencies: { kubernetes: { message: expect.stringContaining("Pod: stale: connection reset") } } },
    });
  });

  it("12.1 line 14: asks the models that are named, and is degraded by those that do not answer", async () => {
    const model = (name: string, status: "ready" | "unavailable"): Model => ({
      ...{ name, place: { type: "kserve", service: name, namespace: "ml" } },
      state: async () => ({ status, message: `${name} is ${status}` }),
      detect: async () => ({ predictions: [], version: "" }),
    });
    for (const [states, expected] of [
      [["ready"], { status: "ok", message: "ready: m0" }],
      [["ready", "unavailable"], { status: "degraded", message: "m1: m1 is unavailable" }],
      [["unavailable"], { status: "down" }],
    ] as const) {
      const models = new ModelCatalogue(states.map((status, index) => model(`m${index}`, status)));
      expect(await modelHealth(models, () => 0)()).toMatchObject({ ...expected, latency_ms: expect.any(Number) });
    }
  });
});
