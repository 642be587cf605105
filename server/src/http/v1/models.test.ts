import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { KServeModel } from "../../adapters/kserve/client.ts";
import { DETECTOR, startModelServer } from "../../adapters/kserve/testing/model-server.ts";
import type { ScriptedServer } from "../../adapters/testing/scripted-server.ts";
import { BuiltInModel } from "../../models/built-in.ts";
import { ModelCatalogue } from "../../models/catalogue.ts";
import { savedForest } from "../../models/testing/saved-models.ts";
import { type ApiUnderTest, apiUnderTest } from "../testing/api-under-test.ts";

let top: string;
let server: ScriptedServer;
let served: KServeModel;
let api: ApiUnderTest;

beforeEach(async () => {
  top = mkdtempSync(join(tmpdir(), "contract-models-"));
  server = await startModelServer({ detector: DETECTOR });
  served = new KServeModel({ name: "anomaly-detector", url: server.url, servedAs: "detector", protocol: "v2", timeoutMs: 2_000 });
  const here = new BuiltInModel({ name: "checkout", folder: await savedForest(top) });
  await here.load();
  api = await apiUnderTest({ models: new ModelCatalogue([here, served]) });
});
afterEach(async () => {
  await api.close();
  await served.close();
  await server.close();
  rmSync(top, { recursive: true });
});

const detect = (model: string, instances: unknown) => api.ask("POST", "/api/v1/detect", { body: { model, instances } });

describe("POST /api/v1/detect", () => {
  it("asks the model that is named, wherever it runs", async () => {
    expect(
      (
        await detect("anomaly-detector", [
          [0.2, 0.3],
          [0.9, 0.8],
        ])
      ).json,
    ).toEqual({ predictions: [1, -1], model_name: "anomaly-detector", model_version: "3" });
    expect(
      (
        await detect("checkout", [
          [0.1, -0.2],
          [40, -40],
        ])
      ).json,
    ).toEqual({ predictions: [1, -1], model_name: "checkout", model_version: "3" });
  });

  it("says that there is no such model, and which there are", async () => {
    expect(await detect("model", [[1, 2]])).toMatchObject({
      status: 404,
      json: { status: "error", error: "no such model", code: "MODEL_NOT_FOUND", details: 'there is no model "model"; there is checkout, anomaly-detector' },
    });
  });

  it("says that the model cannot be reached", async () => {
    await server.close();
    expect(await detect("anomaly-detector", [[1, 2]])).toMatchObject({ status: 503, json: { status: "error", code: "KSERVE_UNAVAILABLE" } });
  });

  it("says that what came back is no prediction", async () => {
    server.answer = (_, response) => response.writeHead(200, { "content-type": "text/html" }).end("<html>");
    expect(await detect("anomaly-detector", [[1, 2]])).toMatchObject({ status: 503, json: { code: "PREDICTION_FAILED" } });
  });

  it("refuses rows of the wrong width with the right one", async () => {
    expect(await detect("checkout", [[1]])).toMatchObject({ status: 400, json: { code: "INVALID_REQUEST", details: expect.stringContaining("takes 2") } });
  });

  it.each([
    ["nothing", []],
    ["an empty row", [[]]],
    ["rows of different widths", [[1, 2], [1]]],
    ["a word", [[1, "NaN"]]],
    ["a gap", [[1, null]]],
    ["more rows than are taken", Array.from({ length: 1_001 }, () => [1, 2])],
    ["more numbers than are taken", Array.from({ length: 11 }, () => new Array(10_000).fill(0))],
  ])("refuses %s before any model hears of it", async (_, instances) => {
    expect(await detect("anomaly-detector", instances)).toMatchObject({ status: 400, json: { status: "error", code: "INVALID_REQUEST" } });
    expect(server.asked).toEqual([]);
  });

  it("refuses a number that is infinite once it is read", async () => {
    const headers = { host: "127.0.0.1", authorization: `Bearer ${"t".repeat(43)}`, "content-type": "application/json" };
    const answer = await api.app.inject({ method: "POST", url: "/api/v1/detect", headers, payload: '{"model":"anomaly-detector","instances":[[1,1e999]]}' });
    expect(answer.statusCode).toBe(400);
    expect(server.asked).toEqual([]);
  });

  it("refuses a body that is too large", async () => {
    expect(await detect("anomaly-detector", [["x".repeat(3 << 20)]])).toMatchObject({ status: 413, json: { status: "error" } });
  });
});

describe("what models there are", () => {
  it("is told by name, and with their state", async () => {
    expect((await api.ask("GET", "/api/v1/models")).json).toEqual({ models: ["checkout", "anomaly-detector"], count: 2 });
    const { items } = (await api.ask("GET", "/api/v2/models")).json;
    expect(items).toMatchObject([
      { name: "checkout", type: "built-in", url: null, status: "ready", runtime: "isolation-forest", version: "3" },
      { name: "anomaly-detector", type: "kserve", url: server.url.href, status: "ready", runtime: "sklearn", version: "3" },
    ]);
    expect((await api.ask("GET", "/api/v2/models/checkout")).json).toEqual(items[0]);
    expect(await api.ask("GET", "/api/v2/models/other")).toMatchObject({ status: 404, type: "application/problem+json" });
  });

  it("is nothing where none is configured, and asking one says how to", async () => {
    const bare = await apiUnderTest();
    expect((await bare.ask("GET", "/api/v1/models")).json).toEqual({ models: [], count: 0 });
    expect((await bare.ask("GET", "/api/v2/models")).json).toEqual({ items: [] });
    const asked = [await bare.ask("GET", "/api/v1/models/x/health"), await bare.ask("POST", "/api/v1/detect", { body: { model: "x", instances: [[1]] } })];
    for (const answer of asked)
      expect(answer).toMatchObject({ status: 503, json: { code: "KSERVE_UNAVAILABLE", details: expect.stringContaining("serve --models FILE") } });
    await bare.close();
  });
});

describe("GET /api/v1/models/MODEL/health", () => {
  const health = async (model: string) => (await api.ask("GET", `/api/v1/models/${model}/health`)).json;

  it("is ready only when the model says so", async () => {
    expect(await health("anomaly-detector")).toMatchObject({ model: "anomaly-detector", status: "ready", service: "127.0.0.1", namespace: "" });
    expect(await health("checkout")).toMatchObject({ model: "checkout", status: "ready", service: "kintsugi", namespace: "" });
  });

  it("is unavailable, with the reason, when nobody answers", async () => {
    await server.close();
    expect(await health("anomaly-detector")).toMatchObject({ status: "unavailable", message: expect.stringContaining("connection refused") });
  });

  it("is an error for a model that nobody named", async () => {
    expect(await health("model")).toMatchObject({ status: "error", code: "MODEL_NOT_FOUND" });
  });
});
