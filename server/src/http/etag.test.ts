import { afterEach, beforeEach, expect, it } from "vitest";
import { draft, incident, openIncident } from "../adapters/testing/records.ts";
import { type ApiUnderTest, apiUnderTest } from "./testing/api-under-test.ts";

let api: ApiUnderTest;
beforeEach(async () => {
  api = await apiUnderTest();
  api.engine.list = [incident("inc-1")];
  await api.ledger.append([draft(openIncident("inc-1"))]);
});
afterEach(() => api.close());

const read = (path: string, match?: string) => api.ask("GET", `/api/v2${path}`, { headers: { "if-none-match": match } });

it("tags what is read, and says nothing twice", async () => {
  const first = await read("/records");
  expect(first).toMatchObject({ status: 200, headers: { vary: "Authorization", "cache-control": "private, no-cache" } });
  const tag = String(first.headers["etag"]);
  expect(tag).toMatch(/^"[\w-]{27}"$/);
  for (const match of [tag, `W/${tag}`, `"other", ${tag}`, "*"]) {
    const again = await read("/records", match);
    expect(again, match).toMatchObject({ status: 304, text: "", headers: { etag: tag, vary: "Authorization" } });
    expect(again.headers["content-type"]).toBeUndefined();
  }
  expect((await read("/records", '"other"')).status).toBe(200);
  await api.ledger.append([draft(openIncident("inc-2"))]);
  expect((await read("/records", tag)).status).toBe(200);
});

it("gives the same weak tag when nothing but the engine's time has changed", async () => {
  const tag = String((await read("/incidents")).headers["etag"]);
  expect(tag).toMatch(/^W\//);
  api.engine.state = { ...api.engine.state, now: api.engine.state.now + 1_000 };
  expect((await read("/incidents", tag)).status).toBe(304);
  api.engine.list.push(incident("inc-2"));
  expect((await read("/incidents", tag)).status).toBe(200);
});

it("answers HEAD with the tag of GET", async () => {
  const headers = { host: "localhost", authorization: `Bearer ${"t".repeat(43)}` };
  const head = await api.app.inject({ method: "HEAD", url: "/api/v2/records", headers });
  expect(head).toMatchObject({ statusCode: 200, body: "" });
  expect(head.headers["etag"]).toBe((await read("/records")).headers["etag"]);
});

it("makes no tag for who keeps nothing", async () => {
  const answer = await api.ask("GET", "/api/v2/records", { headers: { "cache-control": "no-store", "if-none-match": "*" } });
  expect(answer).toMatchObject({ status: 200, headers: { "cache-control": "no-store" } });
  expect(answer.headers["etag"]).toBeUndefined();
});

it("tags no write, no error and no stream: they are answered whole whatever is asked", async () => {
  const write = await api.ask("POST", "/api/v2/pause", { body: { why: "x" }, headers: { "if-none-match": "*" } });
  expect(write).toMatchObject({ status: 200, headers: { "cache-control": "no-store" } });
  const error = await read("/incidents/inc-404", "*");
  expect(error).toMatchObject({ status: 404, headers: { "cache-control": "no-store" } });
  const stream = await read("/records/export", "*");
  expect(stream.status).toBe(200);
  for (const { headers } of [write, error, stream]) expect(headers["etag"]).toBeUndefined();
});
