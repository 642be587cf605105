import { PolicySpec, PortError, type Preview, policyOf } from "@kintsugi/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { awaiting, PLAN, resolved, T0 } from "../../adapters/testing/records.ts";
import { type ApiUnderTest, apiUnderTest, MCP_TOKEN } from "../testing/api-under-test.ts";

let api: ApiUnderTest;
beforeEach(async () => {
  api = await apiUnderTest();
});
afterEach(() => api.close());

const JSON_TYPE = { "content-type": "application/json" };
const MATCH = { ...JSON_TYPE, "if-match": '"p1"' };
const document = (spec: object, name = "strict") => JSON.stringify({ apiVersion: "kintsugi.dev/v1alpha1", kind: "Policy", metadata: { name }, spec });
const put = (body: string, headers: Record<string, string | undefined> = MATCH, query = "") => api.ask("PUT", `/api/v2/policy${query}`, { body, headers });

describe("another policy", () => {
  it("is put in force instead of the one that was seen, and kept as it was written", async () => {
    const seen = await api.ask("GET", "/api/v2/policy");
    expect(seen.headers["etag"]).toBe('"p1"');
    const text = document({ mode: "observe" });
    const { status, json } = await put(text, { ...JSON_TYPE, "if-match": String(seen.headers["etag"]), "x-kintsugi-actor": "ada" });
    expect(status).toBe(200);
    expect(json).toMatchObject({
      name: "strict",
      previous: { hash: "p1" },
      changes: [{ path: "spec.mode", before: "suggest", after: "observe" }],
      text: "done",
    });
    expect(api.engine.put).toMatchObject([
      { document: text, by: "ada", policy: { name: "strict", hash: policyOf("", PolicySpec.parse({ mode: "observe" })).hash } },
    ]);
  });

  it("may be written as YAML, with its comments", async () => {
    const text = "# hands off\napiVersion: kintsugi.dev/v1alpha1\nkind: Policy\nmetadata: { name: quiet }\nspec:\n  windows: { veto: 48h }\n";
    const { json } = await put(text, { "content-type": "application/yaml", "if-match": "p1" });
    expect(json.changes).toEqual([{ path: "spec.windows.veto", before: 86_400_000, after: 172_800_000 }]);
    expect(api.engine.put[0]?.document).toBe(text);
  });

  it.each([
    ["without If-Match", JSON_TYPE, 428],
    ["over one that was not seen", { ...JSON_TYPE, "if-match": '"p0"' }, 412],
    ["over just anything", { ...JSON_TYPE, "if-match": "*" }, 412],
    ["by an assistant", { ...MATCH, authorization: `Bearer ${MCP_TOKEN}` }, 403],
    ["as plain text", { ...MATCH, "content-type": "text/plain" }, 415],
  ])("is refused %s", async (_, headers, status) => {
    expect((await put(document({ mode: "act" }), headers)).status).toBe(status);
    expect(api.engine.put).toEqual([]);
  });

  it("is refused with every problem, and where it is", async () => {
    const { status, json } = await put("apiVersion: kintsugi.dev/v1alpha1\nkind: Policy\nmetadata: { name: a }\nspec:\n  mood: act\n  mode: never\n", {
      ...MATCH,
      "content-type": "application/yaml",
    });
    expect(status).toBe(400);
    expect(json.errors).toMatchObject([{ where: "body:5:3 spec.mood", message: expect.stringContaining("mode") }, { where: "body:6:9 spec.mode" }]);
  });

  it.each(["", "[]", "null", "{", "&a [*a]", `"${"x".repeat(1_000)}"`, '{"__proto__": {"mode": "act"}}'])("that is none is refused: %s", async (text) => {
    expect((await put(text)).status).toBe(400);
    expect(api.engine.put).toEqual([]);
  });

  it("is not put in force where it cannot be kept", async () => {
    api.engine.putPolicy = async () => Promise.reject(new PortError({ kind: "unavailable", message: "policy.yaml cannot be written, so nothing was changed" }));
    expect((await put(document({ mode: "act" }))).json).toMatchObject({
      status: 503,
      code: "POLICY_UNKEPT",
      detail: expect.stringContaining("nothing was changed"),
    });
  });

  it("is refused where a file owns it, by name", async () => {
    api.engine.policyFile = "policy.yaml";
    expect((await put(document({ mode: "act" }))).json).toMatchObject({ status: 409, detail: expect.stringContaining("policy.yaml") });
    expect((await put(document({ mode: "act" }), JSON_TYPE, "?dryRun=true")).json.text).toContain("policy.yaml");
    expect(api.engine.put).toEqual([]);
  });
});

describe("a dry run", () => {
  it("says what would change and which live incidents would be decided otherwise, and changes nothing", async () => {
    api.engine.list = [awaiting("inc-2"), awaiting("inc-3"), resolved("inc-1", T0)];
    const decided = (verdict: "act" | "ask", answer: "pass" | "ask"): Preview => ({
      incident: awaiting("inc-2"),
      diagnosis: { candidates: [], changes: [], at: T0 },
      next: {
        plan: PLAN,
        decision: {
          verdict,
          gates: [
            { gate: "policy-mode", answer, reason: verdict },
            { gate: "pause", answer: "pass", reason: "" },
          ],
          at: T0,
        },
      },
    });
    api.engine.previews.set("inc-2", ({ policy }) => (policy?.spec.mode === "act" ? decided("act", "pass") : decided("ask", "ask")));
    api.engine.previews.set("inc-3", () => decided("ask", "ask"));
    const { status, json } = await put(document({ mode: "act" }), JSON_TYPE, "?dryRun=true");
    expect(status).toBe(200);
    expect(json).toMatchObject({ dryRun: true, changes: [{ path: "spec.mode", after: "act" }] });
    expect(json.decisions).toMatchObject([
      {
        incident: "inc-2",
        before: { verdict: "ask", gates: [{ gate: "policy-mode", answer: "ask" }] },
        after: { verdict: "act", action: "roll-back", gates: [{ gate: "policy-mode", answer: "pass" }] },
      },
    ]);
    expect([api.engine.put, api.engine.told]).toEqual([[], []]);
  });
});
