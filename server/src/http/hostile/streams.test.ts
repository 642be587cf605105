/** Clients that hold on to what they have opened: requests that never come whole, readers that stop reading, connections that are half closed. */
import { type AddressInfo, connect, type Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { draft, incident } from "../../adapters/testing/records.ts";
import { type ApiUnderTest, apiUnderTest, TOKEN } from "../testing/api-under-test.ts";

const HEAD = `Host: localhost\r\nAuthorization: Bearer ${TOKEN}\r\n`;

let api: ApiUnderTest;
let port: number;
const sockets: Socket[] = [];
beforeEach(async () => {
  api = await apiUnderTest();
  api.engine.list = [incident("inc-1")];
  await api.app.listen({ host: "127.0.0.1", port: 0 });
  port = (api.app.server.address() as AddressInfo).port;
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await api.close();
});

async function opened(text: string): Promise<Socket> {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => {});
  sockets.push(socket);
  await new Promise((resolve) => socket.once("connect", resolve));
  socket.write(text);
  return socket;
}

const closed = (socket: Socket): Promise<void> => new Promise((resolve) => socket.once("close", () => resolve()));

/** Of the server's own count. */
function openConnections(): Promise<number> {
  return new Promise((resolve, reject) => api.app.server.getConnections((error, count) => (error === null ? resolve(count) : reject(error))));
}

async function expectAnswers(): Promise<void> {
  const began = performance.now();
  const answer = await fetch(`http://127.0.0.1:${port}/api/v2/incidents`, { headers: { authorization: `Bearer ${TOKEN}` } });
  expect(answer.status).toBe(200);
  expect(((await answer.json()) as { items: unknown[] }).items).toHaveLength(1);
  expect(performance.now() - began).toBeLessThan(2_000);
}

describe("requests that never come whole", () => {
  it.each([
    ["in their first line", "GET /api/v2/inc"],
    ["in their headers", `GET /api/v2/incidents HTTP/1.1\r\n${HEAD}X-Slow: `],
    ["in their body", `POST /api/v2/pause HTTP/1.1\r\n${HEAD}Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"why":`],
    ["in a chunk", `POST /api/v2/pause HTTP/1.1\r\n${HEAD}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n400\r\n{"why":`],
    ["in an address for MCP", `POST /mcp HTTP/1.1\r\n${HEAD}Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"jsonrpc":`],
  ])("three hundred that stop %s keep nobody else waiting", async (_where, text) => {
    await Promise.all(Array.from({ length: 300 }, () => opened(text)));
    await expectAnswers();
    expect(api.engine.told).toEqual([]);
  });

  it("leave room: more than the server takes are turned away, not kept waiting", async () => {
    await Promise.all(Array.from({ length: 512 }, () => opened("GET /")));
    await closed(await opened("GET / HTTP/1.1\r\n\r\n"));
    for (const socket of sockets.splice(0)) socket.destroy();
    await vi.waitFor(expectAnswers, { timeout: 5_000 });
  });
});

describe("a reader of the event stream that stops reading", () => {
  it("is cut off when much waits for it, and holds no memory", async () => {
    const reader = await opened(`GET /api/v2/events?after=0 HTTP/1.1\r\n${HEAD}\r\n`);
    await new Promise((resolve) => reader.once("data", resolve));
    reader.pause();
    const padded = { ...incident("inc-1"), title: "x".repeat(400_000) };
    for (let i = 0; i < 40; i++) api.engine.stored(await api.ledger.append([draft({ type: "incident", incident: padded, from: "-", reason: "opened" })]));
    await vi.waitFor(async () => expect(await openConnections()).toBe(0));
    await expectAnswers();
  });

  it("gives its place to another when its connection is gone", async () => {
    for (let round = 0; round < 2; round++) {
      const readers = await Promise.all(Array.from({ length: 64 }, () => opened(`GET /api/v2/events HTTP/1.1\r\n${HEAD}\r\n`)));
      await Promise.all(readers.map((reader) => new Promise((resolve) => reader.once("data", resolve))));
      const full = await fetch(`http://127.0.0.1:${port}/api/v2/events`, { headers: { authorization: `Bearer ${TOKEN}` } });
      expect(full.status).toBe(503);
      for (const reader of readers) reader.destroy();
      await vi.waitFor(async () => {
        const free = await fetch(`http://127.0.0.1:${port}/api/v2/events`, {
          headers: { authorization: `Bearer ${TOKEN}` },
          signal: AbortSignal.timeout(1_000),
        });
        await free.body?.cancel();
        expect(free.status).toBe(200);
      });
    }
  });

  it("that closes its own half only is still told, and lets the server stop", async () => {
    const reader = await opened(`GET /api/v2/events HTTP/1.1\r\n${HEAD}\r\n`);
    await new Promise((resolve) => reader.once("data", resolve));
    reader.end();
    await expectAnswers();
    const began = performance.now();
    await api.app.close();
    expect(performance.now() - began).toBeLessThan(3_000);
  });
});
