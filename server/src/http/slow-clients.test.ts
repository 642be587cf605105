import { type AddressInfo, connect, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, expect, it } from "vitest";
import { draft, openIncident } from "../adapters/testing/records.ts";
import { type ApiUnderTest, apiUnderTest, TOKEN } from "./testing/api-under-test.ts";

let api: ApiUnderTest;
let port: number;
const sockets: Socket[] = [];
beforeEach(async () => {
  api = await apiUnderTest({ patience: { headersMs: 300, requestMs: 600, silentMs: 900, lookEveryMs: 50 } });
  await api.app.listen({ host: "127.0.0.1", port: 0 });
  port = (api.app.server.address() as AddressInfo).port;
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await api.close();
});

function open(): Socket {
  const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
  socket.on("error", () => undefined);
  sockets.push(socket);
  return socket;
}
const closed = (socket: Socket): Promise<void> => new Promise((resolve) => socket.once("close", () => resolve()));
const HEAD = `Host: localhost\r\nAuthorization: Bearer ${TOKEN}\r\n`;
const isServed = async (): Promise<boolean> => (await fetch(`http://127.0.0.1:${port}/healthz`)).ok;

it("answers 408 to headers that drip in", async () => {
  const socket = open();
  const drip = setInterval(() => socket.write("X-A: b\r\n"), 50);
  socket.write(`GET /healthz HTTP/1.1\r\n${HEAD}`);
  const answer = await text(socket);
  clearInterval(drip);
  expect(answer).toContain("HTTP/1.1 408 ");
  expect(answer).toContain("the request did not come whole in time");
});

it("answers 408 to a body that drips in, and tells the engine nothing", async () => {
  const socket = open();
  const drip = setInterval(() => socket.write(" "), 50);
  socket.write(`POST /api/v2/pause HTTP/1.1\r\n${HEAD}Content-Type: application/json\r\nContent-Length: 60000\r\n\r\n{`);
  const answer = await text(socket);
  clearInterval(drip);
  expect(answer).toContain("HTTP/1.1 408 ");
  expect(api.engine.told).toEqual([]);
});

it("answers who has said all and only listens", async () => {
  const socket = open();
  socket.end(`GET /api/v2/status HTTP/1.1\r\n${HEAD}Connection: close\r\n\r\n`);
  expect(await text(socket)).toContain("HTTP/1.1 200 ");
});

it("lets go of who asks for much and reads nothing", async () => {
  const much = "x".repeat(200_000);
  const records = Array.from({ length: 100 }, (_, i) => draft({ ...openIncident(`inc-${i + 1}`), reason: much } as ReturnType<typeof openIncident>));
  await api.ledger.append(records);
  const socket = open();
  socket.pause();
  await new Promise((resolve) => socket.once("connect", resolve));
  socket.write(`GET /api/v2/records/export HTTP/1.1\r\n${HEAD}\r\n`);
  const held = (): Promise<number> => new Promise((resolve) => api.app.server.getConnections((_error, count) => resolve(count)));
  await expect.poll(held, { timeout: 30_000 }).toBe(0);
  expect(await isServed()).toBe(true);
});

it("closes connections on which nothing is said, and serves others meanwhile and afterwards", async () => {
  const idle = Array.from({ length: 200 }, open);
  await Promise.all(idle.map((socket) => new Promise((resolve) => socket.once("connect", resolve))));
  expect(await isServed()).toBe(true);
  for (const socket of idle) socket.resume();
  await Promise.all(idle.map((socket) => new Promise<void>((resolve) => socket.once("end", resolve))));
  expect(await isServed()).toBe(true);
});

it("takes no more connections than it can hold, and is there again when they are gone", async () => {
  const many = Array.from({ length: 600 }, open);
  for (const socket of many) socket.resume();
  await Promise.all(many.map((socket) => Promise.race([closed(socket), new Promise<void>((resolve) => socket.once("end", resolve))])));
  expect(await isServed()).toBe(true);
});

it("refuses an address that is too long, or a query of too many values", async () => {
  expect(await api.ask("GET", `/api/v2/records?cursor=${"x".repeat(9_000)}`)).toMatchObject({ status: 414, json: { title: "URI too long" } });
  expect(await api.ask("GET", `/api/v2/incidents?${"namespace=a&".repeat(120)}`)).toMatchObject({
    status: 400,
    json: { detail: expect.stringContaining("at most 100") },
  });
});
