/**
 * `/mcp`: streamable HTTP without sessions, for the specifications 2025-11-25 and 2026-07-28. Only credentials made for MCP are accepted. They are
 * checked by this process and shown again to its own guard by each tool's request to the REST API; they are sent nowhere.
 */
import { randomBytes } from "node:crypto";
import { toNodeHandler } from "@modelcontextprotocol/node";
import { createMcpHandler, createRequestStateCodec, type McpServer } from "@modelcontextprotocol/server";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { EngineFacade } from "../http/engine-facade.ts";
import { callerOf } from "../http/guard.ts";
import type { Metrics } from "../http/metrics.ts";
import { HttpProblem } from "../http/problem.ts";
import { changesBy } from "./changes.ts";
import { injectBackend } from "./inject-backend.ts";
import { type AuthorizationServers, challenge, METADATA_PATH, protectedResource } from "./metadata.ts";
import { buildMcpServer } from "./server.ts";
import type { Sealed } from "./tool.ts";

export interface McpHttpOptions {
  readonly version: string;
  readonly engine: Pick<EngineFacade, "onRecord">;
  readonly metrics: Pick<Metrics, "mcpCall">;
  readonly authorization?: AuthorizationServers | undefined;
  /** Adds more than the product has: for tests of the protocol. */
  readonly extend?: ((server: McpServer) => void) | undefined;
}

const EMBEDDED: AuthorizationServers = { issuers: [], scopes: [] };
const MAX_BODY_BYTES = 256 * 1024;
const MAX_SUBSCRIPTIONS = 64;
/** How long a person may take to answer what they are asked. */
const ANSWER_WITHIN_S = 600;

/** Adds `/mcp` and its metadata. `app` is what the tools ask: the whole application. Returns what ends the streams. */
export async function mcpRoutes(scope: FastifyInstance, app: FastifyInstance, options: McpHttpOptions): Promise<() => Promise<void>> {
  const { engine, metrics, version, authorization = EMBEDDED, extend } = options;
  const states = createRequestStateCodec<Sealed>({
    key: randomBytes(32),
    ttlSeconds: ANSWER_WITHIN_S,
    bind: ({ mcpReq, http }) => `${mcpReq.method} ${http?.authInfo?.clientId ?? ""}`,
  });
  const requests = new WeakMap<object, FastifyRequest>();
  const handler = createMcpHandler(
    ({ era, authInfo }) => {
      const request = requests.get(authInfo ?? {});
      if (request === undefined) throw new Error("a request for MCP came without its caller");
      const onCall = metrics.mcpCall.bind(metrics);
      return buildMcpServer({ version, backend: injectBackend(app, request), notifies: era === "modern", states, onCall, extend });
    },
    { maxSubscriptions: MAX_SUBSCRIPTIONS, maxRequestBodySize: MAX_BODY_BYTES, onerror: (error) => app.log.warn(`MCP: ${error.message}`) },
  );
  const node = toNodeHandler(handler, { maxRequestBodySize: MAX_BODY_BYTES });
  const unsubscribe = engine.onRecord((record) => {
    for (const event of changesBy(record)) handler.bus.publish(event);
  });

  for (const url of [METADATA_PATH, `${METADATA_PATH}/mcp`]) {
    scope.get(url, { schema: { hide: true } }, async (request) => protectedResource(originOf(request), authorization));
  }
  scope.removeAllContentTypeParsers();
  // The body is read, bounded and judged by the SDK: it knows what an answer to a broken message looks like.
  scope.addContentTypeParser("*", (_request, _payload, done) => done(null));
  scope.setErrorHandler((error, request, reply) => sendRefusal(error, request, reply, authorization));
  scope.route({
    method: ["GET", "POST", "DELETE"],
    url: "/mcp",
    schema: { hide: true },
    bodyLimit: MAX_BODY_BYTES,
    onRequest: async (request) => refuseOthers(request),
    handler: async (request, reply) => {
      reply.hijack();
      const caller = callerOf(request);
      const authInfo = { token: "", clientId: `${caller.identity} ${caller.name}`, scopes: [] };
      requests.set(authInfo, request);
      await node(Object.assign(request.raw, { auth: authInfo, method: request.method, url: request.url }), reply.raw);
    },
  });
  return async () => {
    unsubscribe();
    await handler.close();
  };
}

/** A credential for the API is more than an assistant may hold: it is refused, so that nobody gets used to handing it over. */
function refuseOthers(request: FastifyRequest): void {
  if (callerOf(request).audience === "mcp") return;
  throw new HttpProblem(
    403,
    "this credential is for the API, and /mcp accepts only one made for MCP: in embedded mode the token in the file mcp-token, else a token whose audience is MCP's. Do not give an assistant the other one: it can approve",
  );
}

function originOf({ protocol, headers }: FastifyRequest): string {
  return `${protocol}://${headers.host}`;
}

/** Errors before the SDK has the request: as JSON-RPC, with no id. */
function sendRefusal(error: unknown, request: FastifyRequest, reply: FastifyReply, authorization: AuthorizationServers): FastifyReply {
  const { status, detail } = error instanceof HttpProblem ? error.problem : { status: statusOf(error), detail: "the request cannot be read" };
  if (error instanceof HttpProblem) reply.headers(error.headers);
  if (status >= 500) request.log.error({ err: error }, "a request for MCP failed");
  if (status === 401) {
    reply.header("www-authenticate", challenge(originOf(request), authorization, request.headers.authorization === undefined ? undefined : "invalid_token"));
  }
  return reply
    .code(status)
    .type("application/json")
    .send({ jsonrpc: "2.0", id: null, error: { code: -32_000, message: detail } });
}

function statusOf(error: unknown): number {
  return error instanceof Error && "statusCode" in error && typeof error.statusCode === "number" ? error.statusCode : 500;
}
