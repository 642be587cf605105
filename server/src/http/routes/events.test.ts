import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, it } from "vitest";
import { draft, openIncident } from "../../adapters/testing/records.ts";
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
