/** Assistants that open streams and stop reading them, go away in the middle of a call, or send half a message. */
import { type AddressInfo, connect, type Socket } from "node:net";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { awaiting, draft, incident } from "../../adapters/testing/records.ts";
import { type ApiUnderTest, apiUnderTest, MCP_TOKEN } from "../../http/testing/api-under-test.ts";
import { connectHttp } from "../testing/connect.ts";

const PATIENCE = { headersMs: 2_000, requestMs: 2_000, silentMs: 1_500, lookEveryMs: 200 };
const META = {
  "io.modelcontextprotocol/protocolVersion": "2026-07-28",
  "io.modelcontextprotocol/clientInfo": { name: "slow", version: "1" },
  "io.modelcontextprotocol/clientCapabilities": {},
};

let api: ApiUnderTest;
let port: number;
const sockets: Socket[] = [];
beforeEach(async () => {
  api = await apiUnderTest({ patience: PATIENCE });
  api.engine.list = [incident("inc-1"), awaiting("inc-2")];
  await api.app.listen({ host: "127.0.0.1", port: 0 });
  port = (api.app.server.address() as AddressInfo).port;
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await api.close();
});

/** Sends a message of MCP by hand; `upTo` of its bytes. */
async function sent(method: string, params: object, upTo?: number): Promise<Socket> {
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params: { ...params, _meta: META } });
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => {});
  sockets.push(socket);
  await new Promise((resolve) => socket.once("connect", resolve));
  const head = [
    ...["POST /mcp HTTP/1.1", "Host: localhost", `Authorization: Bearer ${MCP_TOKEN}`, "Content-Type: application/json"],
    ...["Accept: application/json, text/event-stream", "MCP-Protocol-Version: 2026-07-28", `Mcp-Method: ${method}`, `Content-Length: ${body.length}`],
  ];
  socket.write(`${head.join("\r\n")}\r\n\r\n${body.slice(0, upTo ?? body.length)}`);
  return socket;
}

const listen = () => sent("subscriptions/listen", { notifications: { resourceSubscriptions: ["cluster://incidents"] } });
const first = (socket: Socket): Promise<string> => new Promise((resolve) => socket.once("data", (chunk: Buffer) => resolve(chunk.toString())));

/** Another assistant is answered meanwhile. */
async function expectAnswers(): Promise<void> {
  const client = await connectHttp(`http://127.0.0.1:${port}`, MCP_TOKEN, "2026-07-28");
  const { isError } = await client.callTool({ name: "get-incident", arguments: { incident_id: "inc-2" } });
  expect(isError).not.toBe(true);
  await client.close();
}

async function happen(times: number, title: string): Promise<void> {
  for (let i = 0; i < times; i++) {
    api.engine.stored(await api.ledger.append([draft({ type: "incident", incident: { ...incident("inc-1"), title }, from: "-", reason: "opened" })]));
  }
}

function openConnections(): Promise<number> {
  return new Promise((resolve, reject) => api.app.server.getConnections((error, count) => (error === null ? resolve(count) : reject(error))));
}

it("messages that stop in the middle are ended, and keep nobody else waiting", async () => {
  await Promise.all(Array.from({ length: 100 }, () => sent("tools/list", {}, 40)));
  await expectAnswers();
  await vi.waitFor(async () => expect(await openConnections()).toBeLessThan(10), { timeout: 10_000 });
});

it("streams of changes that nobody reads are as many as there may be, and no more; other calls are answered", async () => {
  const readers = await Promise.all(Array.from({ length: 64 }, listen));
  for (const reader of readers) {
    expect(await first(reader)).toContain("200 OK");
    reader.pause();
  }
  expect(await first(await listen())).not.toContain("notifications/subscriptions/acknowledged");
  await happen(200, "x".repeat(1_000));
  await expectAnswers();
  for (const reader of readers) reader.destroy();
  await vi.waitFor(async () => {
    const free = await listen();
    expect(await first(free)).toContain("text/event-stream");
  });
});

it("an assistant that goes away in the middle of a call leaves nothing behind", async () => {
  for (let i = 0; i < 50; i++) {
    const socket = await sent("tools/call", { name: "get-incident", arguments: { incident_id: "inc-2" } });
    socket.destroy();
  }
  await expectAnswers();
  await vi.waitFor(async () => expect(await openConnections()).toBeLessThan(10), { timeout: 5_000 });
});

it("the server stops although streams are open that nobody reads", async () => {
  for (const reader of await Promise.all(Array.from({ length: 10 }, listen))) reader.pause();
  await happen(20, "x");
  const began = performance.now();
  await api.app.close();
  expect(performance.now() - began).toBeLessThan(5_000);
});
