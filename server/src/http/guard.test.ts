import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type ApiUnderTest, apiUnderTest, TOKEN } from "./testing/api-under-test.ts";

let api: ApiUnderTest;
beforeEach(async () => {
  api = await apiUnderTest({ hosts: ["kintsugi.example"] });
});
afterEach(() => api.close());

describe("the token", () => {
  it.each([
    ["is missing", undefined],
    ["is another one", `Bearer ${"x".repeat(43)}`],
    ["is a part of the right one", `Bearer ${TOKEN.slice(1)}`],
    ["comes as a password", `Basic ${TOKEN}`],
    ["is empty", "Bearer "],
  ])("refuses when it %s", async (_what, authorization) => {
    for (const url of ["/api/v2/incidents", "/api/v2/openapi.json", "/api/v2/events", "/metrics", "/api/v2/nothing"]) {
      const answer = await api.ask("GET", url, { headers: { authorization } });
      expect(answer.status, url).toBe(401);
      expect(answer.type).toBe("application/problem+json");
      expect(answer.text).not.toContain(TOKEN);
    }
  });

  it("opens everything when it is right", async () => {
    expect((await api.ask("GET", "/api/v2/incidents")).status).toBe(200);
  });

  it("is not asked for by the two probes", async () => {
    expect((await api.ask("GET", "/healthz", { headers: { authorization: undefined, host: "anything.example" } })).json).toEqual({ status: "up" });
    expect((await api.ask("GET", "/readyz", { headers: { authorization: undefined } })).status).toBe(200);
  });

  it("is not asked for by /metrics once that is opened, but the Host still is", async () => {
    const open = await apiUnderTest({ openMetrics: true });
    expect((await open.ask("GET", "/metrics", { headers: { authorization: undefined } })).status).toBe(200);
    expect((await open.ask("GET", "/metrics", { headers: { authorization: undefined, host: "evil.example" } })).status).toBe(421);
    expect((await open.ask("GET", "/api/v2/status", { headers: { authorization: undefined } })).status).toBe(401);
    await open.close();
  });
});

describe("Host and Origin", () => {
  it.each(["localhost", "localhost:8080", "127.0.0.1:8080", "[::1]:8080", "10.1.2.3:8080", "kintsugi.example", "kintsugi.example:443"])(
    "lets Host %s in",
    async (host) => {
      expect((await api.ask("GET", "/api/v2/status", { headers: { host } })).status).toBe(200);
    },
  );

  it.each(["evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "kintsugi.example.evil.example"])(
    "refuses Host %s: a page may have rebound that name to this machine",
    async (host) => {
      const answer = await api.ask("GET", "/api/v2/status", { headers: { host } });
      expect(answer.status).toBe(421);
      expect(answer.json.detail).toContain("--allow-host");
    },
  );

  it("lets pages of its own origin in and no others", async () => {
    const status = async (origin: string): Promise<number> => (await api.ask("GET", "/api/v2/status", { headers: { origin } })).status;
    expect(await status("http://127.0.0.1:8080")).toBe(200);
    expect(await status("http://127.0.0.1:9999")).toBe(403);
    expect(await status("https://evil.example")).toBe(403);
    expect(await status("null")).toBe(403);
  });
});

describe("who is asking", () => {
  it("is the name in X-Kintsugi-Actor, or `token`", async () => {
    await api.ask("POST", "/api/v2/pause", { body: { why: "a look" } });
    await api.ask("POST", "/api/v2/pause", { body: { why: "a look" }, headers: { "x-kintsugi-actor": "ada@example.org" } });
    expect(api.engine.told.map(({ by }) => by)).toEqual(["token", "ada@example.org"]);
  });

  it.each(["", " ", "a\tb", "<script>", "x".repeat(65)])("may not be called %j", async (name) => {
    const answer = await api.ask("POST", "/api/v2/pause", { body: { why: "a look" }, headers: { "x-kintsugi-actor": name } });
    expect(answer.status).toBe(400);
    expect(api.engine.told).toEqual([]);
  });
});
