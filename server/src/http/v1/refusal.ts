/** Errors in the contract's form: `{status: "error", error, details?, code?}`. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { HttpProblem, problemFrom } from "../problem.ts";

/** Thrown by handlers of the contract. */
export class ContractRefusal extends HttpProblem {
  readonly code: string;
  readonly more: { readonly details?: string };
  constructor(status: number, code: string, error: string, more: { readonly details?: string } = {}) {
    super(status, error);
    this.name = "ContractRefusal";
    this.code = code;
    this.more = more;
  }
}

const CODE_OF: Readonly<{ [status: number]: string }> = { 400: "INVALID_REQUEST", 404: "NOT_FOUND" };

/** Makes every error under this instance leave in the contract's form, an unknown path too. */
export function speakContract(app: FastifyInstance): void {
  app.setErrorHandler((error, request, reply) => refuse(reply, error, request));
  app.setNotFoundHandler((request, reply) =>
    refuse(reply, new ContractRefusal(404, "NOT_FOUND", `${request.method} ${request.url.split("?")[0]} does not exist`), request),
  );
}

function refuse(reply: FastifyReply, error: unknown, request: FastifyRequest): FastifyReply {
  const problem = problemFrom(error, request);
  const code = error instanceof ContractRefusal ? error.code : CODE_OF[problem.status];
  const more = error instanceof ContractRefusal ? error.more : {};
  const refusal = { status: "error", error: problem.detail, ...(code === undefined ? {} : { code }), ...more };
  return reply.code(problem.status).type("application/json").serializer(JSON.stringify).send(refusal);
}
