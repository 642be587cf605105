/** The REST API of this very process, asked as the caller: the same credential, so the same rights, limits and checks. Nothing leaves the process. */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { answered, type Backend, pathOf } from "./backend.ts";

/** Headers that say who asks; the credential is shown again to the same guard that accepted it, and to nobody else. */
const IDENTITY = ["authorization", "host", "x-kintsugi-actor"] as const;

export function injectBackend(app: Pick<FastifyInstance, "inject">, request: Pick<FastifyRequest, "headers" | "ip">): Backend {
  const identity = IDENTITY.flatMap((name) => {
    const value = request.headers[name];
    return typeof value === "string" ? [[name, value]] : [];
  });
  const headers = { ...Object.fromEntries(identity), "cache-control": "no-store" };
  const ask = async (method: "GET" | "POST", url: string, payload?: object): Promise<unknown> => {
    const response = await app.inject({ method, url, headers, remoteAddress: request.ip, ...(payload === undefined ? {} : { payload }) });
    return answered(response.statusCode, response.body);
  };
  return { get: (path, query) => ask("GET", pathOf(path, query)), post: (path, body) => ask("POST", path, body) };
}
