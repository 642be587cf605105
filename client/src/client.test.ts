import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { AnswerTooLarge, ApiProblem, ApiUnreachable, answer, createClient, type LedgerEvent, NotTheApi } from "./index.ts";

type Handler = (request: IncomingMessage, response: ServerResponse, body: string) => void;

/** An API that answers as the test says, and remembers what it was asked. */
async function api(handler: Handler) {
  const asked: { readonly line: string; readonly headers: IncomingMessage["headers"]; readonly body: string }[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => {
      asked.push({ line: `${request.method} ${request.url}`, headers: request.headers, body });
      handler(request, response, body);
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}
const json =
  (status: number, value: unknown, headers: object = {}): Handler =>
  (_request, response) =>
    void response.writeHead(status, { "content-type": status < 400 ? "application/json" : "application/problem+json", ...headers }).end(JSON.stringify(value));

describe("asking", () => {
  it("fills in path, query and credential", async () => {
    const { url, asked } = await api(json(200, { items: [], now: 1 }));
    const client = createClient({ url: `${url}/`, token: "secret", actor: "ada" });
    const page = await answer(client.GET("/api/v2/incidents", { params: { query: { phase: ["open", "held"], limit: 5 } } }));
    expect(page.now).toBe(1);
    expect(asked).toMatchObject([
      { line: "GET /api/v2/incidents?phase=open&phase=held&limit=5", headers: { authorization: "Bearer secret", "x-kintsugi-actor": "ada" } },
    ]);
    expect(asked[0]?.headers["idempotency-key"]).toBeUndefined();
  });

  it("gives each write a key of its own, or the one that it is given", async () => {
    const { url, asked } = await api(json(200, { text: "paused" }));
    const client = createClient({ url, token: "t" });
    const given = { body: { why: "a look" } };
    await client.POST("/api/v2/pause", given);
    await client.POST("/api/v2/pause", given);
    await client.POST("/api/v2/pause", { ...given, headers: { "idempotency-key": "mine" } });
    const keys = asked.map(({ headers }) => headers["idempotency-key"]);
    expect(keys[0]).toMatch(/^[0-9a-f]{32}$/);
    expect(new Set(keys).size).toBe(3);
    expect(keys[2]).toBe("mine");
    expect(asked.map(({ body }) => JSON.parse(body))).toEqual([{ why: "a look" }, { why: "a look" }, { why: "a look" }]);
  });

  it("writes no path that is not one", async () => {
    const { url, asked } = await api(json(200, { text: "lifted" }));
    await createClient({ url, token: "t" }).DELETE("/api/v2/silences/{id}", { params: { path: { id: "../pause?x" } } });
    expect(asked[0]?.line).toBe("DELETE /api/v2/silences/..%2Fpause%3Fx");
  });
});

describe("what goes wrong", () => {
  const status = (url: string, options: object = {}) => answer(createClient({ url, token: "t", ...options }).GET("/api/v2/status"));

  it("is a problem with its status, code and time to wait", async () => {
    const problem = { type: "about:blank", title: "Too many requests", status: 429, detail: "you read too fast", code: "TOO_MANY_REQUESTS" };
    const { url } = await api(json(429, problem, { "retry-after": "7" }));
    const error = await status(url).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ApiProblem);
    expect(error).toMatchObject({ message: "you read too fast", status: 429, code: "TOO_MANY_REQUESTS", retryAfterSeconds: 7, problem });
  });

  it.each([
    ["a page", 200, "text/html", "<html>"],
    ["an error that is no problem", 502, "text/html", "<html>"],
    ["a problem that is none", 500, "application/problem+json", "[]"],
    ["nothing", 200, "application/json", ""],
  ])("is that it is no API of this kind: %s", async (_what, code, type, text) => {
    const { url } = await api((_request, response) => void response.writeHead(code, { "content-type": type }).end(text));
    await expect(status(url)).rejects.toBeInstanceOf(NotTheApi);
  });

  it("is that nobody answers, or not in time", async () => {
    await expect(status("http://127.0.0.1:1")).rejects.toBeInstanceOf(ApiUnreachable);
    const { url } = await api(() => undefined);
    await expect(status(url, { timeoutMs: 50 })).rejects.toMatchObject({ name: "ApiUnreachable", why: "no answer in time" });
  });

  it("is an answer that is too large, and a redirection, which would take the token elsewhere", async () => {
    const large = await api(json(200, { version: "x".repeat(1_000) }, { "content-length": "1014" }));
    await expect(status(large.url, { maxAnswerBytes: 1_000 })).rejects.toBeInstanceOf(AnswerTooLarge);
    const thief = await api(json(200, {}));
    const there = await api((_request, response) => void response.writeHead(302, { location: thief.url }).end());
    await expect(status(there.url)).rejects.toBeInstanceOf(ApiUnreachable);
    expect(thief.asked).toEqual([]);
  });
});

describe("events", () => {
  const event = (id: number, type = "paused", data: object = { seq: id }) => `id: ${id}\nevent: ${type}\ndata: ${JSON.stringify(data)}\n\n`;
  const streams =
    (...parts: readonly (readonly string[])[]): Handler =>
    (_request, response) => {
      const part = parts[count++];
      response.writeHead(200, { "content-type": "text/event-stream" });
      for (const text of part ?? []) response.write(text);
      if (count < parts.length) response.end();
    };
  let count = 0;
  const taken = async (events: AsyncGenerator<LedgerEvent, void>, most: number): Promise<LedgerEvent[]> => {
    const all: LedgerEvent[] = [];
    for await (const one of events) if (all.push(one) === most) break;
    return all;
  };
  const retryMs = { first: 1, most: 2 };

  it("come once each, over a connection that is lost in the middle of one", async () => {
    count = 0;
    const { url, asked } = await api(streams([": records follow\n\n", event(7), event(8).slice(0, 20)], [event(8), event(9)]));
    const onTrouble = vi.fn();
    const all = await taken(createClient({ url, token: "t" }).events({ after: 6, retryMs, onTrouble }), 3);
    expect(all).toMatchObject([7, 8, 9].map((id) => ({ type: "record", id, record: { seq: id } })));
    expect(asked.map(({ line }) => line)).toEqual(["GET /api/v2/events?after=6", "GET /api/v2/events?after=7"]);
    expect(onTrouble).toHaveBeenCalledTimes(1);
  });

  it("come although the connection was lost before the first: the stream says where it begins", async () => {
    count = 0;
    const { url, asked } = await api(streams([": records follow\n\n", ": behind\nid: 41\n\n"], [event(42)]));
    expect(await taken(createClient({ url, token: "t" }).events({ retryMs }), 1)).toMatchObject([{ type: "record", id: 42 }]);
    expect(asked.map(({ line }) => line)).toEqual(["GET /api/v2/events", "GET /api/v2/events?after=41"]);
  });

  it("say where some are missing, and go on behind that", async () => {
    count = 0;
    const gap = { after: 3, until: 9, reason: "older than what is kept" };
    const { url, asked } = await api(streams([event(9, "gap", gap)], [event(10)]));
    expect(await taken(createClient({ url, token: "t" }).events({ after: 3, retryMs }), 2)).toMatchObject([
      { type: "gap", id: 9, ...gap },
      { type: "record", id: 10 },
    ]);
    expect(asked[1]?.line).toBe("GET /api/v2/events?after=9");
  });

  it("end when they are no longer wanted, and when asking again would not help", async () => {
    count = 0;
    const open = await api(streams([event(1)], []));
    const stop = new AbortController();
    const events = createClient({ url: open.url, token: "t" }).events({ signal: stop.signal });
    expect((await events.next()).value).toMatchObject({ id: 1 });
    const end = events.next();
    stop.abort();
    expect((await end).done).toBe(true);
    const refusing = await api(json(403, { type: "about:blank", title: "Refused", status: 403, detail: "no" }));
    await expect(createClient({ url: refusing.url, token: "t" }).events({ retryMs }).next()).rejects.toBeInstanceOf(ApiProblem);
    expect(refusing.asked).toHaveLength(1);
  });
});
