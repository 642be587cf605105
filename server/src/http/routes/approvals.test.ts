import { type Incident, PolicySpec } from "@kintsugi/core";
import { afterEach, beforeEach, expect, it } from "vitest";
import { awaiting, incident, PLAN, T0 } from "../../adapters/testing/records.ts";
import { type ApiUnderTest, apiUnderTest } from "../testing/api-under-test.ts";
import { onlyIn } from "../testing/narrow-access.ts";

let api: ApiUnderTest;
beforeEach(async () => {
  api = await apiUnderTest();
});
afterEach(() => api.close());

function waiting(id: string, askedAt: number, over: Partial<Incident> = {}): Incident {
  const one = awaiting(id);
  if (one.phase !== "awaiting") throw new Error("it waits");
  return { ...one, proposal: { ...one.proposal, askedAt }, ...over } as Incident;
}
const ADA = { type: "person", name: "ada", proven: true, at: T0 } as const;

it("what waits comes with what it would change, why a person is asked, and how they decide; the longest wait first", async () => {
  api.engine.list = [waiting("inc-3", T0 + 5), waiting("inc-10", T0), incident("inc-1")];
  const { json } = await api.ask("GET", "/api/v2/approvals");
  expect(json.items.map((one: { incident: string }) => one.incident)).toEqual(["inc-10", "inc-3"]);
  expect(json.items[0]).toMatchObject({
    planHash: PLAN.hash,
    action: "roll-back",
    diff: PLAN.diff,
    reasons: [{ gate: "mode", reason: "policy says suggest" }],
    expiresAt: T0 + 3_600_000,
    approvals: [],
    how: expect.stringContaining("kintsugi approve inc-10"),
  });
  expect(json.items[0].requestedBy).toBeUndefined();
});

it("who asked for this plan and who approved it first is told, and not who asked for another", async () => {
  const asked = { ...ADA, how: "asked", expiresAt: T0 + 60_000, planHash: PLAN.hash } as const;
  const half = waiting("inc-2", T0, { requestedBy: asked });
  if (half.phase !== "awaiting") throw new Error("it waits");
  const approval = {
    planHash: PLAN.hash,
    by: "grace",
    at: T0,
    expiresAt: T0 + 9,
    backers: [
      { ...ADA, how: "asked" },
      { ...ADA, name: "grace", how: "approved" },
    ],
  } as const;
  api.engine.list = [{ ...half, proposal: { ...half.proposal, approval } }, waiting("inc-3", T0 + 1, { requestedBy: { ...asked, planHash: "another" } })];
  const [first, second] = (await api.ask("GET", "/api/v2/approvals")).json.items;
  expect(first).toMatchObject({ requestedBy: { name: "ada", how: "asked" }, approvals: [{ name: "grace", how: "approved" }] });
  expect(second.requestedBy).toBeUndefined();
});

it("comes in pages, by namespace, and only of the namespaces that the caller may see", async () => {
  const bank = { ...waiting("inc-4", T0 + 9), subject: { kind: "Deployment", namespace: "bank", name: "ledger" } } as Incident;
  api.engine.list = [waiting("inc-2", T0), waiting("inc-3", T0), bank];
  const first = (await api.ask("GET", "/api/v2/approvals?limit=2")).json;
  const second = (await api.ask("GET", `/api/v2/approvals?limit=2&cursor=${first.next}`)).json;
  expect([...first.items, ...second.items].map(({ incident: id }) => id)).toEqual(["inc-2", "inc-3", "inc-4"]);
  expect((await api.ask("GET", "/api/v2/approvals?namespace=bank")).json.items).toHaveLength(1);
  const narrow = await apiUnderTest({ access: onlyIn("shop") });
  narrow.engine.list = api.engine.list;
  expect((await narrow.ask("GET", "/api/v2/approvals")).json.items).toHaveLength(2);
  await narrow.close();
});

it("maintenance windows of the policy in force say whether they are on", async () => {
  const spec = PolicySpec.parse({ maintenance: [{ name: "move", start: "2026-01-05T10:00:00Z", end: "2026-01-05T12:00:00Z", namespaces: ["shop"] }] });
  api.engine.policy = () => ({ name: "default", hash: "p1", spec });
  expect((await api.ask("GET", "/api/v2/maintenance-windows")).json.items).toEqual([
    { name: "move", namespaces: ["shop"], start: T0, end: T0 + 7_200_000, state: "active" },
  ]);
});
