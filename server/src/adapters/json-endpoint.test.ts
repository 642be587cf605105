import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { JsonEndpoint, NoUsableAnswer } from "./json-endpoint.ts";
import { hasOpenssl, ownCertificate, ScriptedServer, sendJson } from "./testing/scripted-server.ts";

let server: ScriptedServer;
let open: { close(): Promise<void> }[];

beforeEach(async () => {
  server = await ScriptedServer.start((_, response) => sendJson(response, 200, { ok: true }));
  open = [];
});
afterEach(async () => {
  for (const each of open) await each.close();
  await server.close();
});

function endpoint(given: Partial<ConstructorParameters<typeof JsonEndpoint>[0]> = {}): JsonEndpoint {
  const made = new JsonEndpoint({ url: server.url, timeoutMs: 5_000, maxBytes: 1_000, ...given });
  open.push(made);
  return made;
}

async function failure(asked: Promise<unknown>): Promise<NoUsableAnswer> {
  const error = await asked.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof NoUsableAnswer)) throw new Error(`it did not fail as expected: ${String(error)}`);
  return error;
}

describe("an endpoint", () => {
  it("sends JSON below its own path with its token, and reads the answer", async () => {
    const tokens = ["first\n", "second\n"];
    const asking = endpoint({ url: new URL("/base/", server.url), bearer: () => tokens.shift() ?? "" });
    expect(await asking.ask("POST", "/v1/x", { a: 1 })).toEqual({ status: 200, body: { ok: true } });
    await asking.ask("GET", "/v1/y");
    expect(server.asked.map(({ method, path, headers }) => [method, path, headers.authorization])).toEqual([
      ["POST", "/base/v1/x", "Bearer first"],
      ["GET", "/base/v1/y", "Bearer second"],
    ]);
    expect(server.asked[0]).toMatchObject({ body: { a: 1 }, headers: { "content-type": "application/json" } });
  });

  it("hands on an answer that is no success, with how long to wait", async () => {
    server.answer = (_, response) => sendJson(response, 429, { error: "later" }, { "retry-after": "7" });
    expect(await endpoint().ask("GET", "/")).toEqual({ status: 429, retryAfterMs: 7_000, body: { error: "later" } });
    server.answer = (_, response) => response.writeHead(502, { "content-type": "text/html" }).end("<html>bad gateway</html>");
    expect(await endpoint().ask("GET", "/")).toEqual({ status: 502, body: undefined });
  });

  it("does not follow a redirect, wherever it leads", async () => {
    server.answer = (_, response) => response.writeHead(307, { location: `${server.url.href}elsewhere` }).end();
    expect(await failure(endpoint({ bearer: () => "hush" }).ask("POST", "/x", {}))).toMatchObject({ how: "redirect" });
    expect(server.asked.map(({ path }) => path)).toEqual(["/x"]);
  });

  it.each([
    ["text", "text/html", "<html></html>"],
    ["half a JSON", "application/json", '{"ok": tr'],
  ])("refuses %s in place of JSON", async (_, type, text) => {
    server.answer = (_asked, response) => response.writeHead(200, { "content-type": type }).end(text);
    expect(await failure(endpoint().ask("GET", "/"))).toMatchObject({ how: "not-json" });
  });

  it("stops reading an answer that is too large, although it never ends", async () => {
    server.answer = (_, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      const more = (): void => void (response.writable && response.write("x".repeat(400), more));
      more();
    };
    expect(await failure(endpoint().ask("GET", "/"))).toMatchObject({ how: "too-large" });
  });

  it("gives a server that does not answer, or answers drop by drop, a bounded time", async () => {
    server.answer = () => {};
    expect(await failure(endpoint({ timeoutMs: 60 }).ask("GET", "/"))).toMatchObject({ how: "timeout" });
    server.answer = (_, response) => void response.writeHead(200, { "content-type": "application/json" }).write("{");
    expect(await failure(endpoint({ timeoutMs: 60 }).ask("GET", "/"))).toMatchObject({ how: "timeout" });
  });

  it("does not take half an answer for a whole one", async () => {
    server.answer = (_, response) => {
      response.writeHead(200, { "content-type": "application/json", "content-length": "20" });
      response.write('{"ok": true}', () => response.destroy());
    };
    expect(await failure(endpoint().ask("GET", "/"))).toMatchObject({ how: "network", message: expect.stringContaining("the connection broke") });
  });

  it("says that nobody listens", async () => {
    const { url } = server;
    await server.close();
    expect(await failure(endpoint({ url }).ask("GET", "/"))).toMatchObject({ how: "network", message: `${url.host}: connection refused` });
  });

  it.each([
    [
      "cannot be read",
      () => {
        throw new Error("ENOENT /run/secret-place");
      },
    ],
    ["is empty", () => "\n"],
    ["would break a header", () => "a\r\nx-other: 1"],
  ])("sends nothing when its token %s, and does not show it", async (_, bearer) => {
    const { how, message } = await failure(endpoint({ bearer }).ask("GET", "/"));
    expect(how).toBe("setup");
    expect(message).not.toMatch(/secret-place|x-other/);
    expect(server.asked).toEqual([]);
  });
});

describe.skipIf(!hasOpenssl)("an endpoint with TLS (where openssl can make a certificate)", () => {
  it("believes the certificate authority that it was given and no other", async () => {
    const certificate = ownCertificate();
    const secure = await ScriptedServer.start((_, response) => sendJson(response, 200, {}), certificate);
    open.push(secure);
    expect(await endpoint({ url: secure.url, ca: certificate.cert }).ask("GET", "/")).toMatchObject({ status: 200 });
    const { how, message } = await failure(endpoint({ url: secure.url, bearer: () => "hush" }).ask("GET", "/"));
    expect({ how, message }).toMatchObject({ how: "network", message: expect.stringContaining("certificate is not signed by") });
    expect(secure.asked).toHaveLength(1);
  });
});
