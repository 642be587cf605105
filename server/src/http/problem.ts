/** Errors as `application/problem+json` (RFC 9457): what was wrong, where, what would be right. */
import type { Socket } from "node:net";
import type { CommandReply } from "@kintsugi/core";
import type { ConnectionError, FastifyInstance, FastifyReply, FastifyRequest, FastifyServerOptions } from "fastify";
import { hasZodFastifySchemaValidationErrors } from "fastify-type-provider-zod";
import { z } from "zod";
import { LedgerDamagedError } from "../adapters/ledger.ts";

export const Problem = z
  .object({
    type: z.literal("about:blank"),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string().optional().describe("the same for every problem of its kind, for machines"),
    errors: z.array(z.object({ where: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: "Problem", description: "RFC 9457 problem details" });
export type Problem = z.infer<typeof Problem>;

const TITLES: Readonly<{ [status: number]: string }> = {
  400: "Bad request",
  401: "Not authenticated",
  403: "Refused",
  404: "Not found",
  405: "Method not allowed",
  408: "Request timeout",
  409: "Conflict",
  412: "Precondition failed",
  413: "Too large",
  414: "URI too long",
  415: "Unsupported media type",
  421: "Misdirected request",
  422: "Not possible",
  428: "Precondition required",
  429: "Too many requests",
  431: "Request header fields too large",
  500: "Internal error",
  503: "Unavailable",
};

/** What a problem may say beside its sentence. */
export interface ProblemMore extends Pick<Problem, "code" | "errors"> {
  /** Headers of the answer. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Thrown by handlers; `detail` is shown to the caller. */
export class HttpProblem extends Error {
  readonly problem: Problem;
  readonly headers: Readonly<Record<string, string>>;
  constructor(status: number, detail: string, { headers = {}, ...more }: ProblemMore = {}) {
    super(detail);
    this.name = "HttpProblem";
    this.problem = problemOf(status, detail, more);
    this.headers = headers;
  }
}

function problemOf(status: number, detail: string, more: Pick<Problem, "code" | "errors"> = {}): Problem {
  return { type: "about:blank", title: TITLES[status] ?? "Error", status, detail, ...more };
}

function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  if (problem.status === 401 && !reply.hasHeader("www-authenticate")) reply.header("www-authenticate", "Bearer");
  return reply.code(problem.status).type("application/problem+json").serializer(JSON.stringify).send(problem);
}

const STATUS_OF: Readonly<{ [code in Extract<CommandReply, { ok: false }>["code"]]: number }> = {
  "not-found": 404,
  conflict: 409,
  invalid: 422,
  forbidden: 403,
};

/** What a command that was obeyed answered. */
export type Obeyed = Omit<Extract<CommandReply, { ok: true }>, "ok">;

/** The text of a command that was obeyed. Throws HttpProblem when it was refused. */
export function obeyed(reply: CommandReply): Obeyed {
  if (reply.ok) return { text: reply.text, ...(reply.id === undefined ? {} : { id: reply.id }) };
  throw new HttpProblem(STATUS_OF[reply.code], reply.text);
}

/** Makes every error leave as a problem. Unexpected ones are logged whole and shown without their inside. */
export function speakProblems(app: FastifyInstance): void {
  app.setNotFoundHandler((request, reply) =>
    sendProblem(reply, problemOf(404, `${request.method} ${request.url.split("?")[0]} does not exist; the API is described at /api/v2/openapi.json`)),
  );
  app.setErrorHandler((error, request, reply) => {
    if (error instanceof HttpProblem) reply.headers(error.headers);
    return sendProblem(reply, problemFrom(error, request));
  });
}

/** For what the router cannot read. It comes before every hook: `admit` throws HttpProblem for who may not ask. */
export function answerUnroutable(admit: (request: FastifyRequest) => Promise<void>): NonNullable<FastifyServerOptions["frameworkErrors"]> {
  return (error, request, reply) => {
    admit(request).then(
      () => sendProblem(reply, problemFrom(error, request)),
      (refused: unknown) => sendProblem(reply, problemFrom(refused, request)),
    );
  };
}

/** For what is no HTTP: nobody has a request for it, so the answer is written by hand. */
export function answerUnreadable(error: ConnectionError, socket: Socket): void {
  if (error.code !== "ECONNRESET" && socket.writable) {
    const problem = unreadable(error.code);
    const body = JSON.stringify(problem);
    const head = ["connection: close", "content-type: application/problem+json", `content-length: ${Buffer.byteLength(body)}`];
    socket.write(`HTTP/1.1 ${problem.status} ${problem.title}\r\n${head.join("\r\n")}\r\n\r\n${body}`);
  }
  socket.destroy(error);
}

function unreadable(code: string): Problem {
  if (code === "ERR_HTTP_REQUEST_TIMEOUT") return problemOf(408, "the request did not come whole in time");
  if (code === "HPE_HEADER_OVERFLOW") return problemOf(431, "the headers of the request are larger than 16 kB");
  return problemOf(400, "this is not HTTP, or not whole");
}

/** What is told of an error, whatever it is. Unexpected ones are logged whole. */
export function problemFrom(error: unknown, request: FastifyRequest): Problem {
  if (error instanceof HttpProblem) return error.problem;
  if (hasZodFastifySchemaValidationErrors(error)) {
    const context = error.validationContext ?? "request";
    const errors = error.validation.map((issue) => ({ where: `${context}${issue.instancePath}`, message: issue.message ?? "is not valid" }));
    return problemOf(400, errors.map(({ where, message }) => `${where}: ${message}`).join("; "), { errors });
  }
  const status = error instanceof Error && "statusCode" in error && typeof error.statusCode === "number" ? error.statusCode : 500;
  if (status < 500) return problemOf(status, error instanceof Error ? error.message : "the request cannot be read");
  request.log.error({ err: error, url: request.url.split("?")[0] }, "a request failed");
  if (error instanceof LedgerDamagedError) return problemOf(500, `the ledger is damaged at record ${error.seq}; the program's log says more`);
  return problemOf(500, "the request failed inside; the program's log says why");
}
