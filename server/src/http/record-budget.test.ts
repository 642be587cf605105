import { expect, it } from "vitest";
import type { Caller } from "../access/caller.ts";
import { RecordBudget } from "./record-budget.ts";
import { apiUnderTest, MCP_TOKEN } from "./testing/api-under-test.ts";

const caller = (name: string): Caller => ({ name, groups: [], identity: "proven", audience: "mcp" });
const request = { type: "request", incident: "inc-1", why: "again" } as const;

it("ends for who asks again and again, and for nobody else; it comes back slowly", () => {
  let now = 0;
  const budget = new RecordBudget(() => now);
  for (let i = 0; i < 500; i++) budget.spend(request, caller("mallory"));
  expect(() => budget.spend(request, caller("mallory"))).toThrow("try again in 10 s");
  budget.spend(request, caller("ada"));
  now += 10_000;
  budget.spend(request, caller("mallory"));
  expect(() => budget.spend(request, caller("mallory"))).toThrow();
});

it("is never in the way of what holds, ends or takes back", () => {
  const budget = new RecordBudget(() => 0);
  for (let i = 0; i < 500; i++) budget.spend(request, caller("ada"));
  for (const type of ["deny", "undo", "close"] as const) budget.spend({ type, incident: "inc-1", why: "stop" }, caller("ada"));
  budget.spend({ type: "pause", why: "stop" }, caller("ada"));
});

it("holds over HTTP for all who share a token, whatever they call themselves, and not for the other token", async () => {
  const unlimited = { burst: 10_000, perSecond: 10_000 };
  const api = await apiUnderTest({ rates: { read: unlimited, write: unlimited, failure: unlimited } });
  const silence = (i: number, headers = {}) =>
    api.ask("POST", "/api/v2/silences", { body: { namespace: "shop", duration: "1h", why: "noise" }, headers: { "x-kintsugi-actor": `a${i}`, ...headers } });
  for (let i = 0; i < 500; i++) await silence(i);
  expect(await silence(500)).toMatchObject({ status: 429, json: { code: "TOO_MANY_RECORDS" }, headers: { "retry-after": "10" } });
  const keyed = await silence(500, { "idempotency-key": "k1" });
  expect((await silence(500, { "idempotency-key": "k1" })).headers["idempotency-replayed"]).toBe(keyed.headers["idempotency-replayed"]);
  expect((await silence(501, { authorization: `Bearer ${MCP_TOKEN}` })).status).toBe(201);
  expect(api.engine.told).toHaveLength(501);
  await api.close();
});
