/** Errors in the contract's form: `{status: "error", error, details?, code?}`. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { HttpProblem, problemFrom } from "../problem.ts";

export const Refusal = z
  .object({
    status: z.literal("error"),
    error: z.string().describe("what was wrong, and what would be right"),
    details: z.string().optional(),
    code: z.string().optional().describe("the same for every refusal of its kind, for machines"),
    success: z.literal(false).optional().describe("detection only"),
    message: z.string().optional().describe("detection only: the same as `error`"),
  })
  .meta({ id: "Refusal", description: "An error of the reference contract" });
export type Refusal = z.infer<typeof Refusal>;

/** The contract's codes, and those for what it had no code for. */
export type RefusalCode =
  | "INVALID_REQUEST"
  | "NOT_FOUND"
  | "CONFLICT"
  | "PROMETHEUS_UNAVAILABLE"
  | "KSERVE_UNAVAILABLE"
  | "MODEL_NOT_FOUND"
  | "PREDICTION_FAILED"
  | "KUBERNETES_UNAVAILABLE";

/** Thrown by handlers of the contract. */
export class ContractRefusal extends HttpProblem {
  readonly more: Pick<Refusal, "details" | "success" | "message">;
  constructor(status: number, code: RefusalCode, error: string, more: Pick<Refusal, "details" | "success" | "message"> = {}) {
    super(status, error, { code });
    this.name = "ContractRefusal";
    this.more = more;
  }
}

const CODE_OF: Readonly<{ [status: number]: RefusalCode }> = { 400: "INVALID_REQUEST", 404: "NOT_FOUND", 409: "CONFLICT" };

/** Paths that an older client asked for, which never existed, and where that is found. */
const RIGHT_PATH: Readonly<{ [path: string]: string }> = {
  "/api/v1/capacity/trends": "GET /api/v1/capacity/namespace/{namespace}, whose `trending` has them",
  "/api/v1/cluster/status": "GET /api/v1/health for the engine and what it needs, GET /api/v2/cluster for the cluster",
  "/api/v1/anomaly/analyze": "POST /api/v1/anomalies/analyze",
};

/** Makes every error under this instance leave in the contract's form, an unknown path too. */
export function speakContract(app: FastifyInstance): void {
  app.setErrorHandler((error, request, reply) => refuse(reply, error, request));
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split("?")[0] ?? "";
    const right = RIGHT_PATH[path.replace(/\/$/, "")];
    const where = right === undefined ? "the routes are listed in docs/contract.md and at /api/v2/openapi.json" : `it is ${right}`;
    return refuse(reply, new ContractRefusal(404, "NOT_FOUND", `${request.method} ${path} does not exist: ${where}`), request);
  });
}

function refuse(reply: FastifyReply, error: unknown, request: FastifyRequest): FastifyReply {
  const problem = problemFrom(error, request);
  const code = problem.code ?? CODE_OF[problem.status];
  const more = error instanceof ContractRefusal ? error.more : {};
  const refusal: Refusal = { status: "error", error: problem.detail, ...(code === undefined ? {} : { code }), ...more };
  if (error instanceof HttpProblem) reply.headers(error.headers);
  return reply.code(problem.status).type("application/json").serializer(JSON.stringify).send(refusal);
}
