import type { Incident } from "@kintsugi/core";
import { describe, expect, it } from "vitest";
import { awaiting, resolved, T0 } from "../adapters/testing/records.ts";
import { type RecommendationsAsked, recommendationsFor } from "./recommendations.ts";

const NOW = T0 + 7 * 3_600_000;
const ASKED: RecommendationsAsked = { timeframe: "6h", includePredictions: true, confidenceThreshold: 0, namespace: "", now: NOW };
const HOUR = 3_600_000;

function diagnosed<I extends Incident>(incident: I, share: number | undefined): I {
  const confidence = share === undefined ? { type: "unproven" as const, cases: 3 } : { type: "measured" as const, share, cases: 200 };
  const evidence = [
    { id: "new-revision", favours: true, text: "revision 4 was rolled out just before", refs: [] },
    { id: "probe", favours: false, text: "the probe is unchanged", refs: [] },
  ];
  const changes = [{ id: "image", favours: true, text: "image 1.2 became 1.3", refs: [] }];
  return { ...incident, diagnosis: { candidates: [{ mode: "bad-rollout", evidence, pattern: "p", confidence }], changes, at: T0 } };
}
const held = (id: string): Incident => ({ ...diagnosed(awaiting(id), 0.9), phase: "held", candidate: 0, why: "a storm", rereads: 0 }) as Incident;
const escalated = (id: string): Incident =>
  ({ ...awaiting(id), phase: "escalated", escalatedAt: T0, why: "no remedy is left", waitsFor: "a person" }) as Incident;
const ids = (incidents: readonly Incident[], given: Partial<RecommendationsAsked> = {}) =>
  recommendationsFor(incidents, { ...ASKED, ...given }).recommendations.map(({ id }) => id);

describe("12.1 line 11: a recommendation", () => {
  it("comes from a diagnosis and a decision that were really made, with the measured share and the evidence for and against", () => {
    const found = recommendationsFor([diagnosed(awaiting("inc-17"), 0.97)], ASKED);
    expect(found.recommendations).toEqual([
      {
        ...{ id: "rec-17", type: "reactive", issue_type: "bad-rollout", target: "Deployment shop/cart", namespace: "shop", severity: "high" },
        ...{ confidence: 0.97, predicted_time: null, source: "pattern_detection", related_incident_id: "inc-17" },
        recommended_actions: ["Roll shop/cart back to revision 3: a person decides with kintsugi approve inc-17, or kintsugi deny inc-17 --why TEXT"],
        evidence: ["revision 4 was rolled out just before", "against it: the probe is unchanged", "changed shortly before: image 1.2 became 1.3"],
      },
    ]);
    expect(found).toMatchObject({ status: "success", total_recommendations: 1, ml_enabled: false });
  });

  it("says what holds it, and what waits for a person", () => {
    const [first, second] = recommendationsFor([held("inc-1"), escalated("inc-2")], ASKED).recommendations;
    expect(first?.recommended_actions).toEqual(["no plan: held: a storm"]);
    expect(second).toMatchObject({
      confidence: null,
      recommended_actions: ["for a person: a person: no remedy is left", "runbook: docs/runbooks/bad-rollout.md"],
    });
  });

  it("is not made where nobody has to do anything", () => {
    expect(ids([resolved("inc-1", NOW - HOUR), { ...awaiting("inc-2"), phase: "open", deadline: NOW } as Incident])).toEqual([]);
  });
});

describe("every parameter", () => {
  it("timeframe: what went away by itself counts as far back, what is alive always", () => {
    const past = [resolved("inc-1", NOW - 2 * HOUR, "unaided"), resolved("inc-2", NOW - 7 * HOUR, "unaided"), awaiting("inc-3")];
    expect(ids(past, { timeframe: "1h" })).toEqual(["rec-3"]);
    expect(ids(past, { timeframe: "6h" })).toEqual(["rec-1", "rec-3"]);
    expect(ids(past, { timeframe: "24h" })).toEqual(["rec-1", "rec-2", "rec-3"]);
    expect(recommendationsFor(past, ASKED).recommendations[0]).toMatchObject({ source: "historical_analysis" });
  });

  it("confidence_threshold: what is unproven has no number and reaches none but 0; how many were left out is said", () => {
    const all = [diagnosed(awaiting("inc-1"), 0.97), diagnosed(awaiting("inc-2"), 0.6), diagnosed(awaiting("inc-3"), undefined)];
    expect(ids(all)).toEqual(["rec-1", "rec-2", "rec-3"]);
    expect(ids(all, { confidenceThreshold: 0.7 })).toEqual(["rec-1"]);
    expect(recommendationsFor(all, { ...ASKED, confidenceThreshold: 0.7 }).message).toContain("2 more with a confidence below 0.7, or unproven");
  });

  it("namespace, and the gravest first", () => {
    const all = [
      awaiting("inc-1"),
      { ...awaiting("inc-2"), severity: "critical" as const },
      { ...awaiting("inc-3"), subject: { kind: "Pod", namespace: "bank", name: "x" } as const },
    ];
    expect(ids(all)).toEqual(["rec-2", "rec-1", "rec-3"]);
    expect(ids(all, { namespace: "bank" })).toEqual(["rec-3"]);
  });

  it("include_predictions: none are made up where there is no metrics source, and that is said only to who asked", () => {
    expect(recommendationsFor([], ASKED)).toMatchObject({ predictions: null, predictions_reason: expect.stringContaining("no metrics source") });
    expect(recommendationsFor([], { ...ASKED, includePredictions: false })).toMatchObject({
      predictions: null,
      predictions_reason: null,
      message: "nothing to recommend",
    });
  });
});
