/** More than anybody needs to send: too large, too deep, too many, or not what it says it is. It is refused before anything is made of it. */
import { type AddressInfo, connect } from "node:net";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { incident } from "../../adapters/testing/records.ts";
import { type ApiUnderTest, apiUnderTest, TOKEN } from "../testing/api-under-test.ts";
import { filled, type Route, routesOf } from "../testing/routes.ts";

/** Commands of routes that take no body and do not look at one. */
const TAKE_NO_BODY: readonly string[] = ["propose", "unsilence"];

let api: ApiUnderTest;
let writes: readonly Route[];
beforeEach(async () => {
  api = await apiUnderTest();
  api.engine.list = [incident("inc-1")];
  writes = (await routesOf(api.app)).filter(({ method, path }) => method !== "GET" && path.startsWith("/api/"));
});
afterEach(async () => {
  // Whatever was sent, the engine has heard nothing of it, and the next request is answered.
  expect(api.engine.told.filter(({ command }) => !TAKE_NO_BODY.includes(command.type))).toEqual([]);
  expect((await api.ask("GET", "/api/v2/incidents")).status).toBe(200);
  await api.close();
});

/** How each route that writes answers to this payload. */
async function answers(payload: string | Buffer, headers: { readonly [name: string]: string } = {}): Promise<readonly (readonly [number, Route])[]> {
  const seen: (readonly [number, Route])[] = [];
  for (const route of writes) {
    const all = { host: "localhost", authorization: `Bearer ${TOKEN}`, "content-type": "application/json", ...headers };
    const answer = await api.app.inject({ method: route.method as "POST", url: filled(route.path), headers: all, payload });
    expect(answer.headers["content-type"], route.path).toMatch(/^application\/(problem\+)?json/);
    seen.push([answer.statusCode, route]);
  }
  return seen;
}

function refusedWith(seen: readonly (readonly [number, Route])[], ...statuses: readonly number[]): void {
  for (const [status, { method, path }] of seen) expect(statuses, `${method} ${path}`).toContain(status);
}

describe("a body", () => {
  it("larger than 64 kB is 413 on every route but the one that takes matrices, and there when it is larger than 2 MB", async () => {
    const seen = await answers(JSON.stringify({ why: "x".repeat(70_000) }));
    refusedWith(
      seen.filter(([, { path }]) => path !== "/api/v1/detect"),
      413,
    );
    refusedWith(await answers(JSON.stringify({ why: "x".repeat(2_100_000) })), 413);
  });

  it("nested ten thousand deep is no request", async () => {
    const deep = `${'{"a":'.repeat(10_000)}1${"}".repeat(10_000)}`;
    const takesOne = ([, { path }]: readonly [number, Route]): boolean => !/\/propose$|\/silences\/:id$|\/cache\/clear$/.test(path);
    const seen = (await answers(deep)).filter(takesOne);
    refusedWith(
      seen.filter(([, { path }]) => path.startsWith("/api/v2")),
      400,
      422,
    );
    // The contract looks over fields that it does not know, whatever is in them.
    refusedWith(seen, 200, 400, 404, 422, 503);
  });

  it("with a prototype in it is no request", async () => {
    refusedWith(await answers('{"__proto__":{"why":"x","isAdmin":true}}'), 400);
    refusedWith(await answers('{"constructor":{"prototype":{"why":"x"}}}'), 400);
  });

  it.each([
    ["gzip", gzipSync(JSON.stringify({ why: "x".repeat(10_000_000) }))],
    ["identity, gzip", gzipSync("{}")],
  ])("that is %s is not unpacked", async (encoding, payload) => {
    refusedWith(await answers(payload, { "content-encoding": encoding }), 400, 415);
  });

  it.each(["text/plain", "application/xml", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded"])("of type %s is refused", async (type) => {
    refusedWith(await answers("why=because", { "content-type": type }), 415);
  });
});

it("takes no list of hundreds in a query", async () => {
  const many = (count: number): string => Array.from({ length: count }, (_, i) => `namespace=ns-${i}`).join("&");
  expect((await api.ask("GET", `/api/v2/incidents?${many(100)}`)).status).toBe(400);
  expect((await api.ask("GET", `/api/v2/incidents?${many(5_000)}`)).status).toBe(414);
});

/** What comes back for raw bytes; the connection is ended by the other side. */
async function sent(...parts: readonly string[]): Promise<string> {
  if (!api.app.server.listening) await api.app.listen({ host: "127.0.0.1", port: 0 });
  const socket = connect((api.app.server.address() as AddressInfo).port, "127.0.0.1");
  let text = "";
  socket.on("data", (chunk: Buffer) => {
    text += chunk.toString("latin1");
  });
  // The other side may close while we still write.
  socket.on("error", () => {});
  for (const part of parts) socket.write(part);
  await new Promise((resolve) => socket.once("close", resolve));
  return text;
}

const HEAD = `Host: localhost\r\nAuthorization: Bearer ${TOKEN}\r\nConnection: close\r\n`;

describe("on the wire", () => {
  it("a body in chunks without end is cut off at 64 kB", async () => {
    const chunk = `4000\r\n${"x".repeat(0x4000)}\r\n`;
    const answer = await sent(
      `POST /api/v2/pause HTTP/1.1\r\n${HEAD}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`,
      ...Array(8).fill(chunk),
    );
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
  });

  it("a length that no body may have is refused before the body comes", async () => {
    const answer = await sent(`POST /api/v2/pause HTTP/1.1\r\n${HEAD}Content-Type: application/json\r\nContent-Length: 99999999999\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
  });

  it.each([
    ["two lengths", "Content-Length: 5\r\nContent-Length: 50\r\n"],
    ["a length and chunks", "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"],
    ["chunks that are none", "Transfer-Encoding: xchunked\r\n"],
    ["a header in two lines", "X-A: 1\r\n folded: 2\r\nContent-Length: 0\r\n"],
    ["a name with a space", "Content-Length : 0\r\n"],
  ])("%s are no HTTP: nobody in front of us may read it otherwise than we do", async (_what, headers) => {
    const smuggled = "GET /api/v2/policy HTTP/1.1\r\nHost: localhost\r\n\r\n";
    const answer = await sent(`POST /api/v2/pause HTTP/1.1\r\n${HEAD}Content-Type: application/json\r\n${headers}\r\n${smuggled}`);
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer.match(/HTTP\/1\.1/g)).toHaveLength(1);
  });

  it("an address of a hundred kilobytes is refused", async () => {
    expect(await sent(`GET /api/v2/incidents?q=${"x".repeat(100_000)} HTTP/1.1\r\n${HEAD}\r\n`)).toMatch(/^HTTP\/1\.1 (414|431) /);
  });
});
