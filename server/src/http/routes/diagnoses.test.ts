import type { Diagnosis, Incident, Preview, Record } from "@kintsugi/core";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { act, awaiting, draft, incident, openIncident, PLAN, T0 } from "../../adapters/testing/records.ts";
import { type ApiUnderTest, apiUnderTest } from "../testing/api-under-test.ts";

let api: ApiUnderTest;
beforeEach(async () => {
  api = await apiUnderTest();
});
afterEach(() => api.close());

const get = (path: string) => api.ask("GET", `/api/v2/incidents/${path}`);
const DIAGNOSIS: Diagnosis = {
  candidates: [
    {
      mode: "image-not-found",
      pattern: "",
      confidence: { type: "measured", share: 0.98, cases: 200 },
      evidence: [
        { id: "said", favours: true, text: "the registry says: not found", refs: [] },
        { id: "old", favours: false, text: "the image ran before", refs: [] },
      ],
    },
    { mode: "bad-rollout", pattern: "", confidence: { type: "unproven", cases: 3 }, evidence: [] },
  ],
  changes: [{ id: "revision", favours: true, text: "revision 4 came 2 min before", refs: [] }],
  at: T0,
};

function escalated(id: string, why: string): Incident {
  const { deadline: _, ...base } = incident(id) as Extract<Incident, { phase: "open" }>;
  return { ...base, phase: "escalated", escalatedAt: T0, why, waitsFor: "a person" };
}

describe("the diagnosis", () => {
  it("ranks causes, with what speaks for and against each, how sure that is, and where to read on", async () => {
    api.engine.list = [{ ...awaiting("inc-2"), diagnosis: DIAGNOSIS }];
    const { json } = await get("inc-2/diagnosis");
    expect(json).toMatchObject({
      incident: "inc-2",
      phase: "awaiting",
      changes: [{ text: "revision 4 came 2 min before" }],
      candidates: [
        {
          mode: "image-not-found",
          confidence: { share: 0.98, cases: 200 },
          for: [{ id: "said" }],
          against: [{ id: "old" }],
          runbook: "docs/runbooks/image-not-found.md",
        },
        { mode: "bad-rollout", confidence: { type: "unproven" }, confidenceText: expect.stringContaining("unproven") },
      ],
    });
    expect(json.text).toContain("right in 98 % of 200 cases");
  });

  it("is the one of this moment where none has been kept, and says so where nothing can be proven", async () => {
    api.engine.list = [incident("inc-1"), incident("inc-3")];
    api.engine.previews.set("inc-1", () => ({ incident: incident("inc-1"), diagnosis: DIAGNOSIS, next: { why: "not yet" } }));
    expect((await get("inc-1/diagnosis")).json.candidates[0].mode).toBe("image-not-found");
    expect((await get("inc-3/diagnosis")).json).toMatchObject({ candidates: [], text: "not provable from what is visible" });
  });
});

describe("the plan", () => {
  it("shows what changes, how it is taken back, every gate's reason, and what an approval is bound to", async () => {
    api.engine.list = [awaiting("inc-2")];
    expect((await get("inc-2/plan")).json).toMatchObject({
      phase: "awaiting",
      plan: { action: "roll-back", risk: "medium", permissions: ["patch deployments.apps in shop"], steps: [{ verb: "patch" }] },
      diff: [{ path: "/spec/template/spec/containers/0/image", before: "shop/cart:broken", after: "shop/cart:1.2" }],
      inverse: { type: "none", why: "for this test" },
      gates: [{ gate: "mode", answer: "ask", reason: "policy says suggest" }],
      verdict: "ask",
      planHash: PLAN.hash,
      expiresAt: T0 + 3_600_000,
    });
  });

  it("is what would be planned now where none is in hand; what only a dry run could tell is not claimed", async () => {
    api.engine.list = [escalated("inc-4", "nothing helped")];
    const gates = [{ gate: "dry-run", answer: "pass" as const, reason: "the API server would accept it" }];
    const preview: Preview = { incident: api.engine.list[0]!, diagnosis: DIAGNOSIS, next: { plan: PLAN, decision: { verdict: "act", gates, at: T0 } } };
    api.engine.previews.set("inc-4", () => preview);
    const { json } = await get("inc-4/plan");
    expect(json).toMatchObject({ planHash: PLAN.hash, verdict: "act", gates: [{ gate: "dry-run", answer: "unknown" }] });
    expect(json.expiresAt).toBeUndefined();
  });

  it("that is not there is 404, and why", async () => {
    api.engine.list = [escalated("inc-4", "no remedy is safe"), incident("inc-1")];
    api.engine.previews.set("inc-1", () => ({ incident: incident("inc-1"), diagnosis: DIAGNOSIS, next: { why: "the history holds no earlier revision" } }));
    expect((await get("inc-4/plan")).json).toMatchObject({ status: 404, detail: "inc-4 is escalated and has no plan: no remedy is safe" });
    expect((await get("inc-1/plan")).json.detail).toContain("the history holds no earlier revision");
    expect((await get("inc-9/plan")).status).toBe(404);
  });
});

describe("the timeline", () => {
  it("comes whole and once in pages of any size, oldest first, and goes on with what came meanwhile", async () => {
    const bodies = Array.from({ length: 7 }, (_, i) => [openIncident("inc-1"), act(i % 2 === 0 ? "inc-1" : "inc-2")]).flat();
    await api.ledger.append(bodies.map((body) => draft(body)));
    const all = (await api.ledger.find({ incident: "inc-1", order: "oldest-first", limit: 100 })).map(({ seq }) => seq);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 12 }), async (limit) => {
        const found: number[] = [];
        let cursor: string | undefined;
        do {
          const { json } = await get(`inc-1/timeline?limit=${limit}${cursor === undefined ? "" : `&cursor=${cursor}`}`);
          found.push(...json.items.map(({ seq }: Record) => seq));
          cursor = json.next;
        } while (cursor !== undefined);
        expect(found).toEqual(all);
      }),
      { numRuns: 12 },
    );
    expect((await get("inc-9/timeline")).status).toBe(404);
  });
});
