import { viewOf } from "@kintsugi/core/testing/array-view";
import { describe, expect, it } from "vitest";
import { T0 } from "../adapters/testing/records.ts";
import { contractHealth, type HealthGiven, type Reviewed } from "./health.ts";

const WELL: HealthGiven = {
  status: {
    ...{ version: "0.1.0", cluster: "test", now: T0, startedAt: T0, lastStepAt: T0 + 89_000, synced: true },
    ...{ authority: { type: "read-only" }, policy: { name: "default", hash: "p1", mode: "suggest" }, watches: [{ kind: "Pod", health: "live" }] },
  },
  view: viewOf([]),
  asked: { answered: true, latencyMs: 3.14 },
  reviewed: [{ text: "list pods", critical: true, answer: "allowed" }],
  ml: { status: "ok", message: "not configured", latency_ms: null },
  now: T0 + 90_000,
};
const BLIND = viewOf([], { health: { Pod: "stale", Node: "stale" } });
const health = (given: Partial<HealthGiven> = {}, status: Partial<HealthGiven["status"]> = {}) =>
  contractHealth({ ...WELL, ...given, status: { ...WELL.status, ...status } });

it("is well where everything is seen, answered and allowed", () => {
  expect(health()).toMatchObject({
    ...{ status: "healthy", uptime_seconds: 90, rbac: { status: "ok", permissions_total: 1, permissions_ok: 1, critical_ok: true } },
    dependencies: { kubernetes: { status: "ok", latency_ms: 3.1, checked_at: new Date(T0 + 90_000).toISOString() } },
  });
});

it("tells which kind is forbidden, which people have chosen and is no trouble; one that is not served is not missed", () => {
  const watches = [{ kind: "Application", health: "not-served" } as const, { kind: "Node", health: "forbidden", reason: "no" } as const];
  const { status, dependencies, details } = health({}, { watches });
  expect([status, dependencies.kubernetes.message, details.unseen]).toEqual(["healthy", "seen, but for Node: forbidden: no", ["Node: forbidden: no"]]);
});

describe("it is degraded", () => {
  it("where a question stays without an answer while the watches live", () => {
    expect(health({ asked: { answered: false, latencyMs: 5_000 } })).toMatchObject({
      ...{ status: "degraded", dependencies: { kubernetes: { status: "degraded", latency_ms: null } } },
    });
  });

  it("where something that decisions need is not seen, and says what", () => {
    const { status, dependencies } = health({}, { synced: false, watches: [{ kind: "Pod", health: "stale", reason: "timeout" }] });
    expect([status, dependencies.kubernetes.message]).toEqual(["degraded", "not seen: Pod: stale: timeout"]);
  });

  it("where the model that was configured does not answer", () => {
    expect(health({ ml: { status: "down", message: "refused", latency_ms: null } }).status).toBe("degraded");
  });
});

describe("it is unhealthy", () => {
  it("where nobody answers and nothing is seen: one of the two alone is not enough", () => {
    expect(health({ view: BLIND, asked: { answered: false, latencyMs: 5_000 } })).toMatchObject({
      ...{ status: "unhealthy", dependencies: { kubernetes: { status: "down" } } },
    });
    expect(health({ view: BLIND }, { synced: false }).status).toBe("degraded");
  });

  it("where the loop does not turn any more, or has never turned", () => {
    expect(health({}, { lastStepAt: T0 + 30_000 })).toMatchObject({
      status: "unhealthy",
      details: { loop: `has not turned since ${new Date(T0 + 30_000).toISOString()}` },
    });
    const { lastStepAt: _, ...young } = WELL.status;
    expect(contractHealth({ ...WELL, status: young })).toMatchObject({ status: "unhealthy", details: { loop: "has not turned yet" } });
  });

  it("where records cannot be written", () => {
    expect(health({}, { storeTrouble: "the disk is full" })).toMatchObject({ status: "unhealthy", details: { ledger: "the disk is full" } });
  });
});

describe("permissions", () => {
  const need = (text: string, critical: boolean, answer: Reviewed["answer"]): Reviewed => ({ text, critical, answer });
  const rbac = (...reviewed: readonly Reviewed[]) => health({ reviewed }).rbac;

  it("fail where one is denied without which nothing can be watched; another one that is denied degrades", () => {
    expect(rbac(need("list pods", true, "denied"), need("get pods/log", false, "denied"))).toMatchObject({
      ...{ status: "failed", permissions_ok: 0, permissions_failed: 2, critical_ok: false, message: "denied: list pods, get pods/log" },
    });
    expect(rbac(need("list pods", true, "allowed"), need("get pods/log", false, "denied"))).toMatchObject({ status: "degraded", critical_ok: true });
  });

  it("that nobody answered for are unknown: neither denied nor taken for granted", () => {
    expect(rbac(need("list pods", true, "unknown"))).toMatchObject({
      ...{ status: "unknown", permissions_ok: 0, permissions_failed: 0, critical_ok: false, message: "1 of 1 has no answer" },
    });
  });
});
