/** What `/mcp` answers when a request does not reach the protocol: JSON-RPC without an id, and for a 401 where a credential comes from. */
import type { FastifyReply, FastifyRequest } from "fastify";
import { HttpProblem, problemFrom } from "../http/problem.ts";
import { type AuthorizationServers, challenge, originOf } from "./metadata.ts";

const PARSE_ERROR = -32_700;
const REFUSED = -32_000;

export function sendError(error: unknown, request: FastifyRequest, reply: FastifyReply, authorization: AuthorizationServers): FastifyReply {
  const { status, detail } = problemFrom(error, request);
  const message = status === 401 ? `${detail}. Here it has to be one made for MCP: in embedded mode the token in the file mcp-token` : detail;
  if (error instanceof HttpProblem) reply.headers(error.headers);
  if (status === 401) {
    const why = request.headers.authorization === undefined ? undefined : "invalid_token";
    reply.header("www-authenticate", challenge(originOf(request), authorization, why));
  }
  const code = status === 400 && !(error instanceof HttpProblem) ? PARSE_ERROR : REFUSED;
  return reply.code(status).type("application/json").send({ jsonrpc: "2.0", id: null, error: { code, message } });
}
