/** Errors under /api/v1, as its clients know them: `{status: "error", error, details?, code?}`. */
import type { FastifyInstance, FastifyReply } from "fastify";
import { type Problem, problemFrom } from "../problem.ts";

/** Thrown by handlers of the contract; all of it is shown to the caller. */
export class ContractError extends Error {
  readonly status: number;
  readonly details: string | undefined;
  readonly code: string | undefined;
  constructor(status: number, error: string, given: { readonly details?: string; readonly code?: string } = {}) {
    super(error);
    this.name = "ContractError";
    this.status = status;
    this.details = given.details;
    this.code = given.code;
  }
}

/** Makes every error of the instance leave in the contract's form. */
export function speakContract(app: FastifyInstance): void {
  app.setNotFoundHandler((request, reply) => send(reply, new ContractError(404, `${request.method} ${request.url.split("?")[0]} does not exist`)));
  app.setErrorHandler((error, request, reply) => send(reply, error instanceof ContractError ? error : contractOf(problemFrom(error, request))));
}

function contractOf({ status, title, detail }: Problem): ContractError {
  return new ContractError(status, title, { details: detail, ...(status === 400 || status === 413 ? { code: "INVALID_REQUEST" } : {}) });
}

function send(reply: FastifyReply, { status, message, details, code }: ContractError): FastifyReply {
  const body = { status: "error", error: message, ...(details === undefined ? {} : { details }), ...(code === undefined ? {} : { code }) };
  return reply.code(status).type("application/json").serializer(JSON.stringify).send(body);
}
