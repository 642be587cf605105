import type { ServerResponse } from "node:http";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ModelFailure } from "../../models/model.ts";
import { type AskedOnce, type ScriptedServer, sendJson } from "../testing/scripted-server.ts";
import { type KServeConfig, KServeModel } from "./client.ts";
import { DETECTOR, speaking, startModelServer } from "./testing/model-server.ts";

const ROWS = [
  [0.2, 0.3],
  [0.9, 0.8],
];
/** Names that would leave the path, or name another one, if they were not escaped. */
const AWKWARD = "a/b:predict?x=#../..%2f é";

let server: ScriptedServer;
let open: KServeModel[];

beforeEach(async () => {
  server = await startModelServer({ detector: DETECTOR, [AWKWARD]: DETECTOR, loading: { ...DETECTOR, ready: false } });
  open = [];
});
afterEach(async () => {
  for (const each of open) await each.close();
  await server.close();
});

function model(given: Partial<KServeConfig> = {}): KServeModel {
  const made = new KServeModel({ name: "anomaly-detector", url: server.url, protocol: "v2", servedAs: "detector", timeoutMs: 5_000, ...given });
  open.push(made);
  return made;
}

async function failure(asked: Promise<unknown>): Promise<ModelFailure> {
  const error = await asked.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ModelFailure)) throw new Error(`it did not fail as expected: ${String(error)}`);
  return error;
}

/** Answers one path otherwise, everything else as it should be. */
function instead(path: RegExp, answer: (response: ServerResponse, asked: AskedOnce) => void): void {
  const usual = speaking({ detector: DETECTOR });
  server.answer = (asked, response) => (path.test(asked.path) ? answer(response, asked) : usual(asked, response));
}

describe.each(["v1", "v2"] as const)("a model behind %s", (protocol) => {
  it("says for each row whether it is unusual", async () => {
    const { predictions } = await model({ protocol }).detect(ROWS);
    expect(predictions).toEqual([1, -1]);
  });

  it("is asked by the name that it has there, which stays one segment of the path", async () => {
    const awkward = model({ protocol, servedAs: AWKWARD });
    expect((await awkward.detect(ROWS)).predictions).toEqual([1, -1]);
    expect(await awkward.state()).toMatchObject({ status: "ready" });
    expect(server.asked.map(({ path }) => path.split("/").length)).toEqual(server.asked.map(({ path }) => (/ready|infer/.test(path) ? 5 : 4)));
  });

  it("is not ready before the server says so", async () => {
    expect(await model({ protocol, servedAs: "loading" }).state()).toMatchObject({ status: "unavailable", message: expect.stringContaining("is not ready") });
    expect(await failure(model({ protocol, servedAs: "loading" }).detect(ROWS))).toMatchObject({ trouble: "unreachable" });
  });

  it("is unknown where the server has none of that name: `model` is no name that fits all", async () => {
    const unknown = model({ protocol, servedAs: "model" });
    expect(await failure(unknown.detect(ROWS))).toMatchObject({ trouble: "unknown-model", message: expect.stringContaining("servedAs") });
    expect(await unknown.state()).toMatchObject({ status: "unavailable" });
  });

  it("is told that its server cannot be reached, is slow or breaks off", async () => {
    server.answer = (_, response) => response.destroy();
    expect(await failure(model({ protocol }).detect(ROWS))).toMatchObject({ trouble: "unreachable" });
    server.answer = () => {};
    const slow = model({ protocol, timeoutMs: 60 });
    expect(await failure(slow.detect(ROWS))).toMatchObject({ trouble: "unreachable", message: expect.stringContaining("did not answer within") });
    expect(await slow.state()).toMatchObject({ status: "unavailable" });
  });

  it("gives nothing for an answer that is too large, no JSON, or moved elsewhere", async () => {
    server.answer = (_, response) => sendJson(response, 200, { predictions: "x".repeat(5 << 20) });
    expect(await failure(model({ protocol }).detect(ROWS))).toMatchObject({ trouble: "unusable" });
    server.answer = (_, response) => response.writeHead(200, { "content-type": "text/html" }).end("<html>sign in</html>");
    expect(await failure(model({ protocol }).detect(ROWS))).toMatchObject({ trouble: "unusable" });
    expect(await model({ protocol }).state()).toMatchObject({ status: "unknown" });
    server.answer = (_, response) => response.writeHead(302, { location: "https://login.example.org" }).end();
    expect(await failure(model({ protocol }).detect(ROWS))).toMatchObject({ trouble: "unreachable", message: expect.stringContaining("redirects") });
  });

  it.each([
    [401, "unreachable", "refuses the credential"],
    [429, "unreachable", "too busy"],
    [400, "rows", "does not take this"],
    [500, "unusable", "answers 500"],
  ])("says what a %i means", async (status, trouble, words) => {
    server.answer = (_, response) => sendJson(response, status, { error: "boom\u001b[31m\npassword=hunter2hunter2" });
    const failed = await failure(model({ protocol }).detect(ROWS));
    expect(failed).toMatchObject({ trouble, message: expect.stringContaining(words) });
    for (const hidden of ["hunter2", "\u001b", "\n"]) expect(failed.message).not.toContain(hidden);
  });
});

describe("v1", () => {
  it.each([
    ["one prediction too few", { predictions: [1] }],
    ["a fraction", { predictions: [1, 0.93] }],
    ["words", { predictions: ["usual", "unusual"] }],
    ["none", { instances: [] }],
    ["a list", [1, -1]],
  ])("takes %s for no prediction", async (_, body) => {
    instead(/:predict$/, (response) => sendJson(response, 200, body));
    expect(await failure(model({ protocol: "v1" }).detect(ROWS))).toMatchObject({ trouble: "unusable" });
  });

  it("reads what TensorFlow Serving says of its versions", async () => {
    const status = (state: string) => ({ model_version_status: [{ version: "7", state, status: { error_code: "OK", error_message: "" } }] });
    server.answer = (_, response) => sendJson(response, 200, status("AVAILABLE"));
    expect(await model({ protocol: "v1" }).state()).toMatchObject({ status: "ready", version: "7" });
    server.answer = (_, response) => sendJson(response, 200, status("LOADING"));
    expect(await model({ protocol: "v1" }).state()).toMatchObject({ status: "unavailable" });
  });

  it("does not take silence about readiness for ready", async () => {
    server.answer = (_, response) => sendJson(response, 200, { name: "detector" });
    expect(await model({ protocol: "v1" }).state()).toMatchObject({ status: "unknown" });
  });
});

describe("v2", () => {
  it("sends one tensor with the name and the type that the model's metadata say, and tells which version answered", async () => {
    expect(await model().detect(ROWS)).toEqual({ predictions: [1, -1], version: "3" });
    expect(server.asked.map(({ method, path }) => `${method} ${path}`)).toEqual(["GET /v2/models/detector", "POST /v2/models/detector/infer"]);
    expect(server.asked[1]?.body.inputs).toEqual([{ name: "features", shape: [2, 2], datatype: "FP32", data: [0.2, 0.3, 0.9, 0.8] }]);
  });

  it("knows what runs it, and which version, once it is ready", async () => {
    expect(await model().state()).toMatchObject({ status: "ready", runtime: "sklearn", version: "3" });
  });

  it("is not ready while its body says so, whatever the status is", async () => {
    instead(/\/ready$/, (response) => sendJson(response, 200, { name: "detector", ready: false }));
    expect(await model().state()).toMatchObject({ status: "unavailable" });
  });

  it("takes an empty 200 for ready, as older servers send it", async () => {
    instead(/\/ready$/, (response) => response.writeHead(200).end());
    expect(await model().state()).toMatchObject({ status: "ready" });
  });

  it("does not even ask when the rows have another width, and says the right one", async () => {
    expect(await failure(model().detect([[1, 2, 3]]))).toMatchObject({ trouble: "rows", message: "rows of 3 numbers; it takes 2" });
    expect(server.asked).toHaveLength(1);
  });

  it("takes no answer of another model or to another request", async () => {
    const output = { name: "label", datatype: "INT64", shape: [2], data: [1, 1] };
    instead(/infer$/, (response) => sendJson(response, 200, { model_name: "other", outputs: [output] }));
    expect(await failure(model().detect(ROWS))).toMatchObject({ trouble: "unusable", message: expect.stringContaining("another model") });
    instead(/infer$/, (response) => sendJson(response, 200, { model_name: "detector", id: "of somebody else", outputs: [output] }));
    expect(await failure(model().detect(ROWS))).toMatchObject({ trouble: "unusable", message: expect.stringContaining("another request") });
    instead(/detector$/, (response) => sendJson(response, 200, { name: "other", inputs: [], outputs: [] }));
    expect(await failure(model().detect(ROWS))).toMatchObject({ trouble: "unusable", message: expect.stringContaining("metadata of another model") });
  });
});

it("knows the Service that an address of a cluster names", () => {
  const place = (url: string) => model({ url: new URL(url) }).place;
  expect(place("https://detector.ml.svc.cluster.local:8443/x")).toMatchObject({
    service: "detector",
    namespace: "ml",
    url: "https://detector.ml.svc.cluster.local:8443/x",
  });
  expect(place("http://detector.ml.svc")).toMatchObject({ service: "detector", namespace: "ml" });
  expect(place("https://models.example.org")).toMatchObject({ service: "models.example.org", namespace: "" });
});
