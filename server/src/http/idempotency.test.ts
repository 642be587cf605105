import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { embeddedAccess } from "../access/embedded.ts";
import { awaiting, PLAN } from "../adapters/testing/records.ts";
import { type ApiUnderTest, apiUnderTest, MCP_TOKEN, TOKEN } from "./testing/api-under-test.ts";

let api: ApiUnderTest;
beforeEach(async () => {
  api = await apiUnderTest();
});
afterEach(() => api.close());

function pause(key: string, why = "a look", headers: { readonly [name: string]: string } = {}) {
  return api.ask("POST", "/api/v2/pause", { body: { why }, headers: { "idempotency-key": key, ...headers } });
}

describe("the same key", () => {
  it("on a question is answered anew, with what may be seen now", async () => {
    await api.close();
    let may: "allowed" | "denied" = "allowed";
    api = await apiUnderTest({ access: { ...embeddedAccess({ api: TOKEN, mcp: MCP_TOKEN }), may: async () => may } });
    api.engine.list = [awaiting("inc-1")];
    const ask = () => api.ask("POST", "/api/v1/recommendations", { body: { confidence_threshold: 0 }, headers: { "idempotency-key": "k1" } });
    expect((await ask()).json.recommendations).toHaveLength(1);
    may = "denied";
    expect((await ask()).json.recommendations).toEqual([]);
  });

  it("gets the same answer, and it is done once", async () => {
    const first = await pause("k1");
    expect(first.headers["idempotency-replayed"]).toBeUndefined();
    const again = await pause("k1");
    expect(again).toMatchObject({ status: 200, type: "application/json", text: first.text, headers: { "idempotency-replayed": "true" } });
    expect(api.engine.told).toHaveLength(1);
  });

  it("gets the same refusal, as the problem that it was", async () => {
    api.engine.reply = { ok: false, code: "conflict", text: "not in this phase" };
    const approve = () => api.ask("POST", "/api/v2/incidents/inc-2/approve", { body: { planHash: PLAN.hash }, headers: { "idempotency-key": "k1" } });
    const first = await approve();
    api.engine.reply = { ok: true, text: "done" };
    expect(await approve()).toMatchObject({ status: 409, type: "application/problem+json", text: first.text, headers: { "idempotency-replayed": "true" } });
    expect(api.engine.told).toHaveLength(1);
  });

  it("is refused for another body, path or method", async () => {
    await pause("k1");
    const headers = { "idempotency-key": "k1" };
    expect(await pause("k1", "another reason")).toMatchObject({ status: 422, json: { code: "IDEMPOTENCY_KEY_REUSED" } });
    expect((await api.ask("POST", "/api/v2/resume", { body: { why: "a look" }, headers })).status).toBe(422);
    expect((await api.ask("DELETE", "/api/v2/silences/x", { headers })).status).toBe(422);
    expect(api.engine.told).toHaveLength(1);
  });

  it("is refused while the first is under way, and answered after it", async () => {
    let finish = (): void => undefined;
    const slow = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const began = new Promise<void>((resolve) => {
      const { command } = api.engine;
      api.engine.command = async (...given) => {
        resolve();
        await slow;
        return command.apply(api.engine, given);
      };
    });
    const first = pause("k1");
    await began;
    expect(await pause("k1")).toMatchObject({ status: 409, json: { code: "IDEMPOTENCY_KEY_UNDER_WAY" } });
    finish();
    expect((await first).status).toBe(200);
    expect((await pause("k1")).headers["idempotency-replayed"]).toBe("true");
    expect(api.engine.told).toHaveLength(1);
  });

  it("is another for another caller, and after a day", async () => {
    await pause("k1", "a look", { "x-kintsugi-actor": "ada" });
    expect((await pause("k1", "mine", { "x-kintsugi-actor": "bob" })).status).toBe(200);
    expect((await pause("k1", "an assistant's", { authorization: `Bearer ${MCP_TOKEN}`, "x-kintsugi-actor": "ada" })).status).toBe(200);
    expect(api.engine.told).toHaveLength(3);
    api.now += 24 * 3_600_000;
    expect((await pause("k1", "new day", { "x-kintsugi-actor": "ada" })).status).toBe(200);
  });
});

it("keeps nothing that failed inside: it may be tried again", async () => {
  const { command } = api.engine;
  api.engine.command = async () => {
    throw new Error("the disk is full");
  };
  expect((await pause("k1")).status).toBe(500);
  api.engine.command = command;
  const again = await pause("k1");
  expect([again.status, again.headers["idempotency-replayed"]]).toEqual([200, undefined]);
  expect(api.engine.told).toHaveLength(1);
});

it("keeps nothing of what was not valid, and reads of any key are reads", async () => {
  expect((await pause("k1", "  ")).status).toBe(400);
  expect((await pause("k1")).status).toBe(200);
  const twice = [1, 2].map(() => api.ask("GET", "/api/v2/status", { headers: { "idempotency-key": "k1" } }));
  expect((await Promise.all(twice)).map(({ status }) => status)).toEqual([200, 200]);
});

it.each(["", "x".repeat(201), "ümlaut", "two words"])("takes no key like %j", async (key) => {
  expect(await pause(key)).toMatchObject({ status: 400, json: { detail: expect.stringContaining("Idempotency-Key") } });
  expect(api.engine.told).toEqual([]);
});

it("asks for the right before it tells what the first answer was", async () => {
  let allowed = true;
  await api.close();
  const caller = { name: "ada", groups: [], identity: "proven", audience: "api" } as const;
  api = await apiUnderTest({ access: { hint: "", authenticate: async () => caller, may: async () => (allowed ? "allowed" : "denied") } });
  expect((await pause("k1")).status).toBe(200);
  allowed = false;
  expect((await pause("k1")).status).toBe(403);
});
