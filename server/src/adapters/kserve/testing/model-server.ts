/** A server of models as the texts of the Open Inference Protocol (v2, REST) and of KServe's v1 protocol describe one. */
import type { ServerResponse } from "node:http";
import { type Answering, type AskedOnce, type Certificate, ScriptedServer, sendJson } from "../../testing/scripted-server.ts";

export interface ServedModel {
  readonly ready: boolean;
  readonly versions: readonly string[];
  readonly inputs: readonly { readonly name: string; readonly datatype: string; readonly shape: readonly number[] }[];
  readonly predict: (row: readonly number[]) => number;
}

/** A row is unusual, -1, where its numbers add up to more than 1. */
export const DETECTOR: ServedModel = {
  ready: true,
  versions: ["3"],
  inputs: [{ name: "features", datatype: "FP32", shape: [-1, 2] }],
  predict: (row) => (row.reduce((sum, each) => sum + each, 0) > 1 ? -1 : 1),
};

export async function startModelServer(models: { readonly [name: string]: ServedModel }, certificate?: Certificate): Promise<ScriptedServer> {
  return ScriptedServer.start(speaking(models), certificate);
}

const V1 = /^\/v1\/models\/([^/:]+)(:predict)?$/;
const V2 = /^\/v2\/models\/([^/]+)(\/ready|\/infer)?$/;

/** What it answers when it does as it should. */
export function speaking(models: { readonly [name: string]: ServedModel }): Answering {
  return (asked, response) => {
    const isV1 = asked.path.startsWith("/v1/");
    const [, segment = "", verb = ""] = (isV1 ? V1 : V2).exec(asked.path) ?? [];
    const name = decodeURIComponent(segment);
    const model = Object.hasOwn(models, name) ? models[name] : undefined;
    if (model === undefined) return sendJson(response, 404, { error: `Model with name ${name} does not exist.` });
    if (isV1) return answerV1(name, model, verb, asked, response);
    return answerV2(name, model, verb, asked, response);
  };
}

function answerV1(name: string, model: ServedModel, verb: string, { method, body }: AskedOnce, response: ServerResponse): ServerResponse {
  if (verb === "" && method === "GET") return sendJson(response, 200, { name, ready: model.ready });
  if (method !== "POST" || !Array.isArray(body?.instances)) return sendJson(response, 400, { error: 'Expected key "instances" in request body' });
  if (!model.ready) return sendJson(response, 503, { error: `Model with name ${name} is not ready.` });
  return sendJson(response, 200, { predictions: body.instances.map(model.predict) });
}

function answerV2(name: string, model: ServedModel, verb: string, { method, body }: AskedOnce, response: ServerResponse): ServerResponse {
  if (verb === "/ready" && method === "GET") return sendJson(response, model.ready ? 200 : 503, { name, ready: model.ready });
  const { versions, inputs } = model;
  if (verb === "" && method === "GET") {
    const outputs = [{ name: "label", datatype: "INT64", shape: [-1, 1] }];
    return sendJson(response, 200, { name, versions, platform: "sklearn", inputs, outputs });
  }
  const [input] = body?.inputs ?? [];
  const [rows = 0, width = 0] = input?.shape ?? [];
  const [wanted] = inputs;
  if (
    method !== "POST" ||
    (wanted !== undefined && (input?.name !== wanted.name || input.datatype !== wanted.datatype)) ||
    input?.data?.length !== rows * width
  )
    return sendJson(response, 400, { error: "the request does not fit the model's inputs" });
  if (!model.ready) return sendJson(response, 503, { error: `Model with name ${name} is not ready.` });
  const data = Array.from({ length: rows }, (_, row) => model.predict(input.data.slice(row * width, (row + 1) * width)));
  return sendJson(response, 200, {
    model_name: name,
    model_version: versions[0],
    id: body.id,
    outputs: [{ name: "label", datatype: "INT64", shape: [rows, 1], data }],
  });
}
