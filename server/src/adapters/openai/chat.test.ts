import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { NoAdvice } from "../../advisor/advisor.ts";
import { ScriptedServer, sendJson } from "../testing/scripted-server.ts";
import { ChatEndpoint, type ChatOptions } from "./chat.ts";

const QUESTION = { system: "be plain", user: "data", schema: { type: "object" } };
const completion = (message: object, finish = "stop") => ({
  id: "c",
  object: "chat.completion",
  choices: [{ index: 0, finish_reason: finish, message: { role: "assistant", ...message } }],
});

let server: ScriptedServer;
let open: ChatEndpoint[];
beforeEach(async () => {
  server = await ScriptedServer.start((_, response) => sendJson(response, 200, completion({ content: "hello" })));
  open = [];
});
afterEach(async () => {
  for (const each of open) await each.close();
  await server.close();
});

function chat(given: Partial<ChatOptions> = {}): ChatEndpoint {
  const made = new ChatEndpoint({ url: new URL("/v1", server.url), model: "granite", maxTokens: 700, timeoutMs: 5_000, ...given });
  open.push(made);
  return made;
}

async function failure(asking: Promise<unknown>): Promise<NoAdvice> {
  const error = await asking.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof NoAdvice)) throw new Error(`it did not fail as expected: ${String(error)}`);
  return error;
}

it("asks for one bounded answer of the schema, with its key, and gives its text", async () => {
  expect(await chat({ bearer: () => "sk-hush\n" }).ask(QUESTION)).toBe("hello");
  expect(server.asked).toHaveLength(1);
  expect(server.asked[0]).toMatchObject({ method: "POST", path: "/v1/chat/completions", headers: { authorization: "Bearer sk-hush" } });
  expect(server.asked[0]?.body).toEqual({
    ...{ model: "granite", max_tokens: 700, stream: false, n: 1 },
    messages: [
      { role: "system", content: "be plain" },
      { role: "user", content: "data" },
    ],
    response_format: { type: "json_schema", json_schema: { name: "advice", strict: true, schema: { type: "object" } } },
  });
});

describe("no text comes", () => {
  it.each([
    [401, {}, "refuses the key (401)"],
    [404, { error: { message: "no such model" } }, 'no model "granite" (404)'],
    [500, { error: { message: "boom\u001b[31m password=hunter2hunter2" } }, "answers 500: boom"],
    [400, { error: "response_format is not known" }, "answers 400: response_format is not known"],
  ])("where the server answers %i", async (status, body, words) => {
    server.answer = (_, response) => sendJson(response, status, body);
    const { message, retryAfterMs } = await failure(chat().ask(QUESTION));
    expect(message).toContain(words);
    for (const hidden of ["hunter2", "\u001b"]) expect(message).not.toContain(hidden);
    expect(retryAfterMs).toBe(0);
  });

  it("where it is asked too often, and for how long is handed on", async () => {
    server.answer = (_, response) => sendJson(response, 429, {}, { "retry-after": "120" });
    expect(await failure(chat().ask(QUESTION))).toMatchObject({ retryAfterMs: 120_000, message: expect.stringContaining("too often") });
  });

  it("where it is slow, breaks off, or answers with a megabyte", async () => {
    server.answer = () => {};
    expect((await failure(chat({ timeoutMs: 60 }).ask(QUESTION))).message).toContain("did not answer within 0.06 s");
    server.answer = (_, response) =>
      void response.writeHead(200, { "content-type": "application/json", "content-length": "99" }).write("{", () => response.destroy());
    expect((await failure(chat().ask(QUESTION))).message).toContain("the connection broke");
    server.answer = (_, response) => sendJson(response, 200, completion({ content: "x".repeat(1 << 20) }));
    expect((await failure(chat().ask(QUESTION))).message).toContain("larger than");
  });

  it.each([
    ["a page", () => "<html>"],
    ["no choice", () => ({ choices: [] })],
    ["a call of a tool", () => completion({ content: null, tool_calls: [{ function: { name: "delete_namespace" } }] }, "tool_calls")],
    ["a text that was cut", () => completion({ content: '{"narrative": "It' }, "length")],
  ])("where it answers with %s", async (_, body) => {
    server.answer = (_asked, response) => sendJson(response, 200, body());
    expect((await failure(chat().ask(QUESTION))).message).toMatch(/something else than a chat completion|without a text|cut at 700 tokens/);
  });
});
