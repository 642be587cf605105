import type { AddressInfo } from "node:net";
import type { RecordBody } from "@kintsugi/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CART, draft, incident, openIncident } from "../../adapters/testing/records.ts";
import { type ApiUnderTest, apiUnderTest, TOKEN } from "../testing/api-under-test.ts";

let api: ApiUnderTest;
let base: string;
beforeEach(async () => {
  api = await apiUnderTest();
  await api.app.listen({ host: "127.0.0.1", port: 0 });
  base = `http://127.0.0.1:${(api.app.server.address() as AddressInfo).port}`;
});
afterEach(() => api.close());

async function append(id: string): Promise<void> {
  api.engine.stored(await api.ledger.append([draft(openIncident(id))]));
}

/** Reads events until `count` have come; fails by the test's own timeout when they do not. */
async function follow(
  path: string,
  headers: { readonly [name: string]: string } = {},
): Promise<{ next(): Promise<string>; stop(): Promise<void>; ended(): Promise<boolean> }> {
  const response = await fetch(base + path, { headers: { authorization: `Bearer ${TOKEN}`, ...headers } });
  expect(response.headers.get("content-type")).toBe("text/event-stream");
  const reader = (response.body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  const next = async (): Promise<string> => {
    for (;;) {
      const end = text.indexOf("\n\n");
      if (end >= 0) {
        const event = text.slice(0, end);
        text = text.slice(end + 2);
        if (event.startsWith(":")) continue;
        return event;
      }
      const { value, done } = await reader.read();
      if (done) return "";
      text += value;
    }
  };
  return { next, stop: () => reader.cancel(), ended: async () => (await next()) === "" };
}

it("sends each record once, as it is stored", async () => {
  await append("inc-1");
  const events = await follow("/api/v2/events");
  await append("inc-2");
  await append("inc-3");
  const first = await events.next();
  expect(first.split("\n").slice(0, 2)).toEqual(["id: 2", "event: incident"]);
  expect(JSON.parse(first.split("data: ")[1] ?? "")).toMatchObject({ seq: 2, body: { incident: { id: "inc-2" } } });
  expect(await events.next()).toContain("id: 3");
  await events.stop();
});

it("resumes after the last event that was seen, over more than a page", async () => {
  for (let i = 1; i <= 450; i++) await append(`inc-${i}`);
  const events = await follow("/api/v2/events", { "last-event-id": "7" });
  const seen: number[] = [];
  for (let i = 8; i <= 450; i++) seen.push(Number(/^id: (\d+)/.exec(await events.next())?.[1]));
  expect(seen).toEqual(Array.from({ length: 443 }, (_, i) => i + 8));
  await append("inc-451");
  expect(await events.next()).toContain("id: 451");
  await events.stop();
});

it("says where it begins, so that who is cut off before the first record misses none", async () => {
  await append("inc-1");
  const response = await fetch(`${base}/api/v2/events`, { headers: { authorization: `Bearer ${TOKEN}` } });
  const reader = (response.body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (!/^id: \d+\n\n/m.test(text)) text += (await reader.read()).value ?? "";
  await reader.cancel();
  await append("inc-2");
  const events = await follow("/api/v2/events", { "last-event-id": /^id: (\d+)/m.exec(text)?.[1] ?? "" });
  expect(await events.next()).toContain("id: 2");
  await events.stop();
});

it("can begin at the beginning", async () => {
  await append("inc-1");
  const events = await follow("/api/v2/events?after=0");
  expect(await events.next()).toContain("id: 1");
  await events.stop();
});

it("has no head without a body: the question is answered at once", async () => {
  const response = await fetch(`${base}/api/v2/events`, {
    method: "HEAD",
    headers: { authorization: `Bearer ${TOKEN}` },
    signal: AbortSignal.timeout(5_000),
  });
  expect(response.status).toBe(404);
});

it("refuses an id that is none of its own", async () => {
  const response = await fetch(`${base}/api/v2/events`, { headers: { authorization: `Bearer ${TOKEN}`, "last-event-id": "abc" } });
  expect(response.status).toBe(400);
});

it("ends when the API stops, so that stopping does not hang", async () => {
  const events = await follow("/api/v2/events");
  const closing = api.app.close();
  expect(await events.ended()).toBe(true);
  await closing;
});

describe("records that are missing", () => {
  const idsOf = (event: string) => event.split("\n").slice(0, 2);

  it("are told as a gap, once, wherever they lie", async () => {
    for (let i = 1; i <= 6; i++) await append(`inc-${i}`);
    const { find } = api.ledger;
    const kept = new Set([3, 6, 7]);
    api.ledger.find = async (query) => (await find.call(api.ledger, query)).filter(({ seq }) => kept.has(seq));
    const events = await follow("/api/v2/events", { "last-event-id": "1" });
    const gap = await events.next();
    expect(idsOf(gap)).toEqual(["id: 2", "event: gap"]);
    expect(JSON.parse(gap.split("data: ")[1] ?? "")).toEqual({ after: 1, until: 2, reason: "records 2 to 2 are older than what is kept" });
    expect(idsOf(await events.next())).toEqual(["id: 3", "event: incident"]);
    expect(idsOf(await events.next())).toEqual(["id: 5", "event: gap"]);
    expect(idsOf(await events.next())).toEqual(["id: 6", "event: incident"]);
    await append("inc-7");
    expect(idsOf(await events.next())).toEqual(["id: 7", "event: incident"]);
    await events.stop();
  });

  it("are told as a gap when the ledger has become another one", async () => {
    await append("inc-1");
    const events = await follow("/api/v2/events", { "last-event-id": "900" });
    const gap = await events.next();
    expect(idsOf(gap)).toEqual(["id: 1", "event: gap"]);
    expect(gap).toContain("the ledger ends at 1");
    await append("inc-2");
    expect(idsOf(await events.next())).toEqual(["id: 2", "event: incident"]);
    await events.stop();
  });
});

describe("who may see one namespace", () => {
  beforeEach(async () => {
    await api.close();
    const caller = { name: "ada", groups: [], identity: "proven", audience: "api" } as const;
    api = await apiUnderTest({
      access: { hint: "", authenticate: async () => caller, may: async (_caller, { namespace }) => (namespace === "shop" ? "allowed" : "denied") },
    });
    await api.app.listen({ host: "127.0.0.1", port: 0 });
    base = `http://127.0.0.1:${(api.app.server.address() as AddressInfo).port}`;
  });
  const elsewhere = (id: string): RecordBody => ({ ...openIncident(id), incident: { ...incident(id), subject: { ...CART, namespace: "pay" } } }) as RecordBody;
  const store = async (...bodies: readonly RecordBody[]) => api.engine.stored(await api.ledger.append(bodies.map((body) => draft(body))));

  it("is sent its records alone, without a word of the others", async () => {
    const events = await follow("/api/v2/events");
    await store(openIncident("inc-1"), elsewhere("inc-2"), { type: "paused", reason: "secret" }, openIncident("inc-3"));
    expect(await events.next()).toContain("id: 1\n");
    expect(await events.next()).toContain("id: 4\n");
    await events.stop();
  });

  it.each([1, 3, 4, 7, 50])("lists its records alone, in pages of %s", async (limit) => {
    const bodies = Array.from({ length: 30 }, (_, i) => (i % 3 === 0 ? openIncident(`inc-${i + 1}`) : elsewhere(`inc-${i + 1}`)));
    await store(...bodies);
    const seen: number[] = [];
    let cursor = "";
    for (let pages = 0; pages < 40; pages++) {
      const { items, next } = (await api.ask("GET", `/api/v2/records?limit=${limit}${cursor}`)).json;
      seen.push(...items.map(({ seq }: { seq: number }) => seq));
      if (next === undefined) break;
      cursor = `&cursor=${next}`;
    }
    expect(seen).toEqual([1, 4, 7, 10, 13, 16, 19, 22, 25, 28]);
  });

  it("may not export, prove or sum up the whole", async () => {
    for (const path of ["records/export", "records/verify", "report"]) expect((await api.ask("GET", `/api/v2/${path}`)).status, path).toBe(403);
  });
});
