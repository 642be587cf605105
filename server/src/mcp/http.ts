/**
 * `/mcp`: streamable HTTP without sessions, for the specifications 2025-11-25 and 2026-07-28. Only credentials made for MCP are accepted. They are
 * checked by this process and shown again to its own guard by each tool's request to the REST API; they are sent nowhere.
 */
import { type NodeMcpRequestHandler, toNodeHandler } from "@modelcontextprotocol/node";
import { createMcpHandler, type McpHttpHandler, type McpServer, type RequestStateCodec, type ServerEvent } from "@modelcontextprotocol/server";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { EngineFacade } from "../engine-facade.ts";
import { callerOf } from "../http/guard.ts";
import type { Metrics } from "../http/metrics.ts";
import { HttpProblem } from "../http/problem.ts";
import { StreamPlaces, type Taken } from "../http/stream-places.ts";
import { type Backend, Refusal } from "./backend.ts";
import { changesBy } from "./changes.ts";
import { sendError } from "./http-errors.ts";
import { type Followed, followedBy, mayFollow, whileAllowed } from "./http-listen.ts";
import { injectBackend } from "./inject-backend.ts";
import { type AuthorizationServers, METADATA_PATH, originOf, protectedResource } from "./metadata.ts";
import { protocolError, UNRECORDED } from "./resources.ts";
import { sealing } from "./seals.ts";
import { buildMcpServer } from "./server.ts";
import { watchReadings } from "./watch-readings.ts";

export interface McpHttpOptions {
  readonly version: string;
  readonly engine: Pick<EngineFacade, "onRecord">;
  readonly metrics: Pick<Metrics, "mcpCall">;
  readonly authorization?: AuthorizationServers | undefined;
  /** Adds more than the product has: for tests of the protocol. */
  readonly extend?: ((server: McpServer, extending: Extending) => void) | undefined;
}

/** What an extension works with beside the server. */
export interface Extending {
  readonly states: RequestStateCodec<unknown>;
  /** Tells every client that listens. */
  readonly tell: (event: ServerEvent) => void;
  /** Of the specification of 2026-07-28 or later. */
  readonly isModern: boolean;
}

const EMBEDDED: AuthorizationServers = { issuers: [], scopes: [] };
const MAX_BODY_BYTES = 256 * 1024;
const PLACES = { most: 64, mostOfOne: 16 };

/** Adds `/mcp` and its metadata. `app` is what the tools ask: the whole application. Returns what ends the streams. */
export function mcpRoutes(scope: FastifyInstance, app: FastifyInstance, options: McpHttpOptions): () => Promise<void> {
  const { authorization = EMBEDDED } = options;
  const backends = new WeakMap<object, Backend>();
  const handler = handlerOf(app, options, backends);
  const places = new StreamPlaces(PLACES);
  const node = toNodeHandler(handler, { maxRequestBodySize: MAX_BODY_BYTES });
  const unsubscribe = options.engine.onRecord((record) => {
    for (const event of changesBy(record)) handler.bus.publish(event);
  });

  for (const url of [METADATA_PATH, `${METADATA_PATH}/mcp`]) {
    scope.get(url, { schema: { hide: true } }, async (request) => protectedResource(originOf(request), authorization));
  }
  scope.setErrorHandler((error, request, reply) => sendError(error, request, reply, authorization));
  scope.route({
    method: ["GET", "POST", "DELETE"],
    url: "/mcp",
    schema: { hide: true },
    bodyLimit: MAX_BODY_BYTES,
    onRequest: async (request) => refuseOthers(request),
    handler: async (request, reply) => {
      const backend = injectBackend(app, request);
      const followed = followedBy(request.body);
      if (followed !== undefined) {
        const place = places.take(callerOf(request));
        if (place.type === "taken") reply.raw.on("close", place.leave);
        if (!(await isAllowed(backend, followed, place, reply))) return reply;
      }
      reply.hijack();
      if (followed !== undefined) follow(backend, followed, handler, reply);
      await serve(node, request, reply, backend, backends);
    },
  });
  return async () => {
    unsubscribe();
    await handler.close();
  };
}

function handlerOf(app: FastifyInstance, { version, metrics, extend }: McpHttpOptions, backends: WeakMap<object, Backend>): McpHttpHandler {
  const seals = sealing({ bind: ({ mcpReq, http }) => `${mcpReq.method} ${http?.authInfo?.clientId ?? ""}` });
  const handler: McpHttpHandler = createMcpHandler(
    ({ era, authInfo, requestInfo }) => {
      const backend = backends.get(authInfo ?? {});
      if (backend === undefined) throw new Error("a request for MCP came without its caller");
      const isModern = era === "modern";
      const onFault = (why: string): void => app.log.error(`MCP: ${why}`);
      // The SDK has held this header against the body.
      const toolsAlone = isModern && requestInfo?.headers.get("mcp-method") === "tools/call";
      const server = buildMcpServer({ version, backend, notifies: isModern, toolsAlone, seals, onCall: metrics.mcpCall.bind(metrics), onFault });
      extend?.(server, { states: seals as RequestStateCodec<unknown>, tell: (event) => handler.bus.publish(event), isModern });
      return server;
    },
    { maxSubscriptions: PLACES.most, maxRequestBodySize: MAX_BODY_BYTES, onerror: (error) => app.log.warn(`MCP: ${error.message}`) },
  );
  return handler;
}

/** The SDK is told who asks, and not the credential: the backend has that. */
async function serve(
  node: NodeMcpRequestHandler,
  request: FastifyRequest,
  reply: FastifyReply,
  backend: Backend,
  backends: WeakMap<object, Backend>,
): Promise<void> {
  const { identity, name } = callerOf(request);
  const auth = { token: "", clientId: `${identity} ${name}`, scopes: [] };
  backends.set(auth, backend);
  await node(Object.assign(request.raw, { auth, method: request.method, url: request.url }), reply.raw, request.body);
}

/** A credential for the API is more than an assistant may hold: it is refused, so that nobody gets used to handing it over. */
function refuseOthers(request: FastifyRequest): void {
  if (callerOf(request).audience === "mcp") return;
  throw new HttpProblem(
    403,
    "this credential is for the API, and /mcp accepts only one made for MCP: in embedded mode the token in the file mcp-token, else a token whose audience is MCP's. Do not give an assistant the other one: it can approve",
  );
}

/** Whether a subscription may begin; when not, that is answered. */
async function isAllowed(backend: Backend, followed: Followed, place: Taken, reply: FastifyReply): Promise<boolean> {
  try {
    if (place.type !== "taken") throw new Refusal(429, `${place.type === "enough" ? PLACES.mostOfOne : PLACES.most} subscriptions are open: end one first`);
    await mayFollow(backend, followed);
    return true;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { code, message, data } = protocolError(undefined, error);
    reply.send({ jsonrpc: "2.0", id: followed.id, error: { code, message, data } });
    return false;
  }
}

/** While the stream lasts: tells what no record says, and ends it when the caller may not follow any more. */
function follow(backend: Backend, followed: Followed, { bus }: McpHttpHandler, { raw }: FastifyReply): void {
  const over = new AbortController();
  raw.on("close", () => over.abort());
  const readings = Object.fromEntries(Object.entries(UNRECORDED).filter(([uri]) => followed.uris.includes(uri)));
  if (Object.keys(readings).length > 0) {
    void watchReadings({ backend, readings, signal: over.signal, onChange: (uri) => bus.publish({ kind: "resource_updated", uri }) });
  }
  void whileAllowed(backend, followed, over.signal).then(() => raw.end());
}
