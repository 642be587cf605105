/** What assistants are offered: names that older clients know, nothing that is too long to be read, and hints that are true. */
import { describe, expect, it } from "vitest";
import { leanSchema } from "../lean-schema.ts";
import { ADDS, CHANGES, NARROWS, READS } from "../tool.ts";
import { TOOLS } from "./catalog.ts";

const REFERENCE = {
  "get-cluster-health": ["include_details"],
  "list-pods": ["namespace", "label_selector", "field_selector", "limit"],
  "calculate-pod-capacity": ["namespace", "pod_profile", "safety_margin", "include_trending"],
  "list-incidents": ["status", "severity", "limit", "offset"],
  "create-incident": ["title", "description", "severity", "target", "affected_resources", "correlation_id", "external_id", "labels", "confidence"],
  "trigger-remediation": ["incident_id", "namespace", "resource_name", "resource_kind", "issue_type", "severity", "description", "dry_run"],
  "get-remediation-recommendations": ["timeframe", "include_predictions", "confidence_threshold"],
  "predict-resource-usage": ["target_time", "target_date", "namespace", "deployment", "pod", "metric", "scope"],
  "analyze-scaling-impact": ["deployment", "namespace", "target_replicas", "current_replicas", "predict_at", "include_infrastructure"],
  "get-throttled-pods": ["namespace", "deployment", "pod", "threshold_pct"],
  "predict-disk-exhaustion": ["node", "mountpoint"],
  "get-rightsizing-recommendations": ["namespace", "pod", "window"],
  "analyze-anomalies": ["metric", "namespace", "deployment", "pod", "label_selector", "time_range", "threshold", "model_name"],
  "get-model-status": ["model_name", "include_endpoints"],
  "list-models": [],
} as const;

const HINTS = {
  ADDS: ["create-incident"],
  NARROWS: ["deny-remediation", "pause"],
  CHANGES: ["trigger-remediation", "propose-remediation", "undo-remediation"],
};

function named(name: string) {
  const found = TOOLS.find((one) => one.name === name);
  if (found === undefined) throw new Error(`there is no tool ${name}`);
  return found;
}

describe("the catalog", () => {
  it.each(Object.entries(REFERENCE))("has %s with the arguments that clients of the reference send", (name, wanted) => {
    expect(Object.keys(named(name).input.shape)).toEqual(expect.arrayContaining([...wanted]));
  });

  it("names each tool once, and refuses what it does not know in the arguments of any", () => {
    expect(new Set(TOOLS.map(({ name }) => name)).size).toBe(TOOLS.length);
    for (const { name, input } of TOOLS) {
      expect(leanSchema(input)["~standard"].jsonSchema.input({ target: "draft-2020-12" }), name).toMatchObject({ type: "object", additionalProperties: false });
    }
  });

  it("says truly what changes something", () => {
    for (const name of HINTS.ADDS) expect(named(name).hints).toEqual(ADDS);
    for (const name of HINTS.NARROWS) expect(named(name).hints).toEqual(NARROWS);
    for (const name of HINTS.CHANGES) expect(named(name).hints).toEqual(CHANGES);
    expect(named("approve-remediation").hints).toEqual({ ...CHANGES, idempotentHint: true });
    const others = TOOLS.filter(({ name }) => name !== "approve-remediation" && !Object.values(HINTS).flat().includes(name));
    expect(others).toHaveLength(TOOLS.length - 7);
    for (const { name, hints } of others) expect(hints, name).toEqual(READS);
  });
});

describe("what is advertised of a schema", () => {
  it("has the bounds and leaves out what nobody reads", () => {
    const { properties } = leanSchema(named("list-pods").input)["~standard"].jsonSchema.input({ target: "draft-2020-12" }) as { properties: object };
    expect(properties).toMatchObject({ limit: { type: "integer", minimum: 1, maximum: 200, default: 100 }, cursor: { type: "string", maxLength: 200 } });
    expect(
      JSON.stringify(
        TOOLS.map(({ input, output }) => [input, output].map((schema) => leanSchema(schema)["~standard"].jsonSchema.output({ target: "draft-2020-12" }))),
      ),
    ).not.toContain("$schema");
  });

  it("still refuses by the rules that are left out of it", async () => {
    const lean = leanSchema(named("list-pods").input)["~standard"];
    expect(await lean.validate({ namespace: "shop" })).toMatchObject({ value: { namespace: "shop", limit: 100 } });
    for (const wrong of [
      { namespace: "../kube-system" },
      { namespace: "a".repeat(64) },
      { label_selector: 'app="x"} or up{' },
      { limit: 0 },
      { limit: 1e9 },
      { fields: Array(21).fill("name") },
    ]) {
      expect((await lean.validate(wrong)).issues, JSON.stringify(wrong)).toBeDefined();
    }
  });
});
