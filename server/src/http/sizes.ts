/** How large a request may be. The header as a whole is limited by Node to 16 kB (431), a parameter of the path by the router (414). */
import type { FastifyRequest } from "fastify";
import { HttpProblem } from "./problem.ts";

export const MAX_BODY_BYTES = 64 * 1024;
const MAX_URL = 8_000;
const MAX_QUERY_VALUES = 100;

/** Throws HttpProblem for an address that is too long, or asks for too much at once. */
export function checkSizes({ url }: FastifyRequest): void {
  if (url.length > MAX_URL) throw new HttpProblem(414, `the address has ${url.length} characters: at most ${MAX_URL}`);
  const query = url.split("?")[1] ?? "";
  const values = query.split("&").length;
  if (values > MAX_QUERY_VALUES) throw new HttpProblem(400, `the query has ${values} values: at most ${MAX_QUERY_VALUES}`);
}
