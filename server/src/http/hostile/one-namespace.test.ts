/** What somebody with rights in one namespace learns of the others: nothing, not even by how they are refused. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { awaiting, CART, draft, PLAN, reported } from "../../adapters/testing/records.ts";
import { type ApiUnderTest, apiUnderTest, MCP_TOKEN } from "../testing/api-under-test.ts";
import { onlyIn } from "../testing/narrow-access.ts";

const BANK = { ...CART, namespace: "bank", name: "ledger" };

let api: ApiUnderTest;
beforeEach(async () => {
  api = await apiUnderTest({ access: onlyIn("shop") });
  api.engine.list = [awaiting("inc-1"), { ...awaiting("inc-2"), subject: BANK }];
  api.engine.reported = [reported("tic-3"), reported("tic-4", { namespace: "bank" }), reported("cwf-4", { namespace: "bank", purpose: "coordination" })];
  api.engine.muted = [{ id: "s-bank", namespace: "bank", by: "ada", why: "migration", from: 0, until: 2 ** 50 }];
  api.engine.explanation = { ref: CART, subject: CART, observed: true, findings: [], silent: [], lines: [], incident: awaiting("inc-1") };
});
afterEach(() => api.close());

const trigger = (incident_id: string) => ({ incident_id, namespace: "shop", resource: { kind: "Deployment", name: "cart" }, issue: { type: "x" } });

describe("an id of another namespace is answered like one that nobody has", () => {
  it.each([
    ["GET", "/api/v2/incidents/ID", "inc-2", undefined],
    ["GET", "/api/v2/incidents/ID/plan", "inc-2", undefined],
    ["POST", "/api/v2/incidents/ID/approve", "inc-2", { planHash: PLAN.hash }],
    ["POST", "/api/v2/incidents/ID/deny", "inc-2", { why: "no" }],
    ["POST", "/api/v2/remediations", "inc-2", { incident: "ID" }],
    ["GET", "/api/v2/remediations/ID/1", "inc-2", undefined],
    ["DELETE", "/api/v2/silences/ID", "s-bank", undefined],
    ["GET", "/api/v1/incidents/ID", "inc-2", undefined],
    ["GET", "/api/v1/incidents/ID", "tic-4", undefined],
    ["PATCH", "/api/v1/incidents/ID", "tic-4", { severity: "low" }],
    ["POST", "/api/v1/incidents/ID/close", "tic-4", {}],
    ["POST", "/api/v1/incidents/tic-3/correlate", "inc-2", { incident_id: "ID" }],
    ["GET", "/api/v1/workflows/ID", "wf-2", undefined],
    ["GET", "/api/v1/coordination/workflows/ID", "cwf-4", undefined],
    ["POST", "/api/v1/remediation/trigger", "inc-2", trigger("ID")],
    ["POST", "/api/v1/remediation/trigger", "tic-4", trigger("ID")],
  ] as const)("%s %s", async (method, path, id, body) => {
    const ask = async (named: string) => {
      const given = body === undefined ? {} : { body: JSON.parse(JSON.stringify(body).replace("ID", named)) as object };
      const { status, text } = await api.ask(method, path.replace("ID", named), given);
      return [status, text];
    };
    const [status, text] = await ask(id);
    expect([status, text]).toEqual(await ask(id.replace(/\d+$|bank$/, "99")));
    expect(status).toBe(403);
    expect(text).not.toContain("bank");
    expect(api.engine.told).toEqual([]);
  });
});

it("whoever may look where it is, and no more, is told where it is that they may not act", async () => {
  await api.close();
  const shop = onlyIn("shop");
  api = await apiUnderTest({ access: { ...shop, may: (caller, right) => (right.verb === "get" ? shop.may(caller, right) : Promise.resolve("denied")) } });
  api.engine.list = [awaiting("inc-1")];
  const { status, text } = await api.ask("POST", "/api/v2/incidents/inc-1/deny", { body: { why: "no" } });
  expect([status, text]).toEqual([403, expect.stringContaining("in namespace shop")]);
});

it("an assistant is told no more than a person", async () => {
  const headers = { authorization: `Bearer ${MCP_TOKEN}` };
  const { status, text } = await api.ask("POST", "/api/v2/incidents/inc-2/approve", { body: { planHash: PLAN.hash }, headers });
  expect([status, text]).toEqual([403, expect.not.stringContaining("bank")]);
});

it("what decisions were made from is for who may see all of it", async () => {
  await api.ledger.append([
    draft({
      ...{ type: "incident", incident: awaiting("inc-1"), from: "diagnosed", reason: "proposed" },
      inputs: { json: JSON.stringify({ facts: { acts: [{ owner: BANK }] } }), decisionHash: "0".repeat(64) },
    }),
  ]);
  expect((await api.ask("GET", "/api/v2/records")).json.items).toHaveLength(1);
  const { status, text } = await api.ask("GET", "/api/v2/records?inputs=true");
  expect([status, text]).toEqual([403, expect.not.stringContaining("bank")]);
});
