/** Each tool once and more against a whole engine that watches a simulated cluster with a bad rollout: what it finds, or exactly what it lacks. */
import type { Client } from "@modelcontextprotocol/client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type SimulatedPlatform, simulatedPlatform } from "../../testing/simulated-platform.ts";
import { connectHttp, textOf } from "../testing/connect.ts";
import { TOOLS } from "./catalog.ts";

let platform: SimulatedPlatform;
let client: Client;
/** The Deployment that is broken, and its incident. */
let broken: { readonly id: string; readonly namespace: string; readonly name: string };
const called = new Set<string>();

beforeAll(async () => {
  platform = await simulatedPlatform({ faults: ["bad-rollout"], policy: { rules: [] } });
  const { id, subject } = await platform.reaches("awaiting");
  broken = { id, namespace: subject.namespace, name: subject.name };
  client = await connectHttp(platform.url, platform.mcpToken, "2026-07-28");
});
afterAll(async () => {
  await client.close();
  await platform[Symbol.asyncDispose]();
});

/** Requests to change something that the engine has sent, dry ones too. */
function askedOfTheCluster(): number {
  return platform.play.cluster.world.audit.entries().filter(({ actor }) => actor.kind === "engine").length;
}

async function ask(name: string, args: object = {}) {
  called.add(name);
  return client.callTool({ name, arguments: args as { [key: string]: unknown } });
}
// biome-ignore lint/suspicious/noExplicitAny: answers of many shapes are looked into
async function call(name: string, args: object = {}): Promise<any> {
  const result = await ask(name, args);
  expect(result.isError, textOf(result)).not.toBe(true);
  return result.structuredContent;
}
/** What it says when it refuses. */
async function refusal(name: string, args: object = {}): Promise<string> {
  const result = await ask(name, args);
  expect(result.isError, JSON.stringify(result.structuredContent)).toBe(true);
  return textOf(result);
}

describe("the cluster", () => {
  it("has a health, with what cannot be seen", async () => {
    expect(await call("get-cluster-health")).toMatchObject({
      status: "degraded",
      nodes: { total: 13, ready: 13, not_ready: 0 },
      details: { incidents: { live: 1 }, unseen: [] },
    });
    expect(await call("get-cluster-health", { include_details: false })).not.toHaveProperty("details");
  });

  it("has pods, page by page, each once, with the fields that were asked for", async () => {
    const names: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await call("list-pods", {
        namespace: broken.namespace,
        limit: 7,
        fields: ["name", "age_seconds", "created_at"],
        ...(cursor === undefined ? {} : { cursor }),
      });
      for (const pod of page.pods) expect(Object.keys(pod).toSorted()).toEqual(["age_seconds", "created_at", "name"]);
      names.push(...page.pods.map(({ name }: { name: string }) => name));
      cursor = page.next_cursor;
    } while (cursor !== undefined);
    const whole = await call("list-pods", { namespace: broken.namespace, limit: 200 });
    expect(names).toEqual(whole.pods.map(({ name }: { name: string }) => name));
    expect(new Set(names).size).toBe(whole.count);
    expect(
      (await call("list-pods", { namespace: broken.namespace, label_selector: `app=${broken.name}`, field_selector: "status.phase=Running" })).count,
    ).toBeGreaterThan(1);
    expect(await refusal("list-pods", { field_selector: "spec.secret=x" })).toMatch(/^field_selector: [\s\S]*Next: correct the argument/);
    expect(textOf(await ask("list-pods", { limit: 1, fields: ["name", "colour"] }))).toMatch(/None has colour; they have [a-z, ]*name, /);
  });

  it("has findings, and things that hang together", async () => {
    const { findings } = await call("list-anomalies", { namespace: broken.namespace, kind: "Deployment" });
    expect(findings.map(({ incident }: { incident: string }) => incident)).toContain(broken.id);
    expect(findings[0].since).toMatch(/^2\d{3}-\d\d-\d\dT[\d:.]+Z$/);
    const { nodes, edges } = await call("get-topology", { kind: "Deployment", namespace: broken.namespace, name: broken.name });
    expect(nodes).toContainEqual(expect.objectContaining({ kind: "Deployment", name: broken.name, incident: broken.id }));
    expect(edges.map(({ type }: { type: string }) => type)).toContain("owns");
  });

  it("says of its signals what can be asked, and what not and why", async () => {
    const { items } = await call("query-signal");
    expect(Object.fromEntries(items.map(({ signal, available }: { signal: string; available: boolean }) => [signal, available]))).toEqual({
      ...{ object: true, events: true, logs: true, findings: true, metrics: false, "cpu-throttling": false },
    });
    expect((await call("query-signal", { signal: "events", namespace: broken.namespace, limit: 5 })).items.length).toBeGreaterThan(0);
    expect((await call("query-signal", { signal: "findings", namespace: broken.namespace })).items.length).toBeGreaterThan(0);
    expect(JSON.stringify(await call("query-signal", { signal: "object", kind: "Deployment", namespace: broken.namespace, name: broken.name }))).toContain(
      broken.name,
    );
    expect(await refusal("query-signal", { signal: "metrics" })).toMatch(/^PROMETHEUS_UNAVAILABLE: /);
  });
});

describe("incidents", () => {
  it("are listed by what is asked, whole and in sentences", async () => {
    const listed = await call("list-incidents", { status: "active", fields: ["id", "status"] });
    expect(listed).toMatchObject({ incidents: [{ id: broken.id, status: "active" }], count: 1, total: 1, summary: { by_status: { active: 1 } } });
    expect(await call("list-incidents", { status: "failed" })).toMatchObject({ incidents: [], total: 0 });
    expect(await call("get-incident", { incident_id: broken.id, fields: ["id", "mode"], timeline: 2 })).toMatchObject({
      incident: { id: broken.id, mode: "bad-rollout" },
      timeline: [{}, { to: "awaiting" }],
    });
    const { candidates, sections } = await call("explain-incident", { incident_id: broken.id });
    expect(candidates[0]).toMatchObject({ mode: "bad-rollout", confidence: { type: "measured" } });
    expect(sections.map(({ title }: { title: string }) => title)).toContain("What the gates say");
    expect((await call("get-audit", { incident_id: broken.id, limit: 2 })).next_cursor).toBeDefined();
  });

  it("can be reported, and are then correlated with what the engine found", async () => {
    const report = { title: "Carts are slow", description: "since noon", severity: "low" };
    const reported = await ask("create-incident", { ...report, affected_resources: [`Deployment/${broken.namespace}/${broken.name}`] });
    expect(textOf(reported)).toMatch(new RegExp(`^Reported as tic-1; it is about ${broken.id}`));
    expect(reported.structuredContent).toMatchObject({ incident_id: "tic-1", incident: { correlated_incidents: [broken.id] } });
    expect(await call("list-incidents", { limit: 1, offset: 1 })).toMatchObject({ count: 1, total: 2 });
    expect(await call("get-incident", { incident_id: "tic-1", fields: ["id", "source"] })).toEqual({
      incident: { id: "tic-1", source: "manual" },
      timeline: [],
    });
    expect(await refusal("get-incident", { incident_id: "tic-9" })).toMatch(/^NOT_FOUND/);
    expect(await refusal("create-incident", { title: "x", description: "y", severity: "low" })).toMatch(/^INVALID_REQUEST: .*target/);
  });
});

describe("room", () => {
  it("is reckoned from what is asked for and allowed", async () => {
    const all = await call("calculate-pod-capacity");
    expect(all).toMatchObject({ namespace: null, usage: null, trending: null, usage_reason: expect.any(String), per_pod: { profile: "medium" } });
    expect(all.recommended_limit.safe_count).toBeLessThanOrEqual(all.recommended_limit.max_count);
    const large = await call("calculate-pod-capacity", {
      namespace: broken.namespace,
      pod_profile: "custom",
      custom: { cpu: "2", memory: "4Gi" },
      include_trending: false,
    });
    expect(large.recommended_limit.max_count).toBeLessThan(all.recommended_limit.max_count);
    expect(large).not.toHaveProperty("trending");
    expect(await refusal("calculate-pod-capacity", { pod_profile: "custom" })).toContain("custom");
    const scaling = { deployment: broken.name, namespace: broken.namespace };
    expect(await call("analyze-scaling-impact", { ...scaling, target_replicas: 3, current_replicas: 7 })).toMatchObject({
      recommendation: "fits",
      projected_state: { replicas: 3 },
      warnings: [expect.stringContaining("not 7")],
    });
    expect(await call("analyze-scaling-impact", { ...scaling, target_replicas: 10_000, include_infrastructure: true })).toMatchObject({
      recommendation: "does-not-fit",
      infrastructure_impact: { fits: false },
    });
  });
});

describe("what needs metrics or models", () => {
  it.each([
    ["get-rightsizing-recommendations", {}],
    ["get-throttled-pods", {}],
    ["predict-disk-exhaustion", {}],
    ["analyze-anomalies", { metric: "cpu_usage" }],
    ["predict-resource-usage", { scope: "cluster" }],
  ])("%s says that there is no source, and gives no number", async (name, args) => {
    expect(await refusal(name, args)).toMatch(/^PROMETHEUS_UNAVAILABLE: [\s\S]*\nNext: /);
  });

  it("still recommends what diagnoses say, and what would be forecast is missing with its reason", async () => {
    expect(await call("get-remediation-recommendations", { confidence_threshold: 0.5 })).toMatchObject({
      ...{ predicted_issues: [], predictions: null, predictions_reason: expect.any(String), summary: { total: 1, reactive: 1 } },
      recommendations: [{ related_incident_id: broken.id, issue_type: "bad-rollout" }],
    });
  });

  it("knows that there are no models", async () => {
    expect(await call("list-models")).toEqual({ models: [], count: 0 });
    expect(await refusal("get-model-status", { model_name: "anomaly-detector" })).toMatch(/^MODEL_NOT_FOUND: /);
  });
});

describe("remedies", () => {
  const trigger = () => ({
    ...{ incident_id: broken.id, namespace: broken.namespace, resource_name: broken.name },
    ...{ resource_kind: "Deployment", issue_type: "pod_crash", severity: "high" },
  });

  it("are looked at ahead without a trace, in the cluster or in the ledger", async () => {
    const before = [askedOfTheCluster(), (await platform.opened.records()).length];
    expect(await call("trigger-remediation", { ...trigger(), dry_run: true })).toMatchObject({
      dry_run: true,
      status: "pending",
      plan: { action: "roll-back" },
    });
    expect(await call("propose-remediation", { incident_id: broken.id, dry_run: true })).toMatchObject({ dryRun: true, plan: { action: "roll-back" } });
    expect(await call("propose-remediation", { kind: "Deployment", namespace: broken.namespace, name: broken.name, dry_run: true })).toMatchObject({
      incident: broken.id,
    });
    expect([askedOfTheCluster(), (await platform.opened.records()).length]).toEqual(before);
  });

  it("are asked for, told where they are decided, denied, and not begun while paused", async () => {
    expect(await call("trigger-remediation", { ...trigger(), wait_seconds: 5 })).toMatchObject({ workflow_id: `wf-${broken.id.slice(4)}`, phase: "awaiting" });
    const { plan_hash } = await call("approve-remediation", { incident_id: broken.id });
    expect(await refusal("approve-remediation", { incident_id: broken.id, plan_hash: "0".repeat(12) })).toContain(plan_hash.slice(0, 12));
    expect(await refusal("undo-remediation", { incident_id: broken.id, why: "no" })).toMatch(/Next: as things stand/);
    expect(await call("deny-remediation", { incident_id: broken.id, why: "we are debugging it" })).toMatchObject({ text: expect.stringContaining("held") });
    expect(await refusal("approve-remediation", { incident_id: broken.id })).toContain("nothing waits for a decision");
    expect(await call("get-remediation")).toEqual({ remediations: [] });
    expect(await call("pause", { why: "storm" })).toMatchObject({ text: expect.stringContaining("paused") });
    expect(platform.opened.platform.engine.status().paused).toContain("storm");
  });
});

it("no tool was left out", () => {
  expect([...called].toSorted()).toEqual(TOOLS.map(({ name }) => name).toSorted());
});
