/** One request: who asks, how long it may take, and what an answer must look like. */
import { AnswerTooLarge, ApiProblem, ApiUnreachable, NotTheApi, type Problem } from "./errors.ts";

export interface SendOptions {
  /** Where the API is, without a path. */
  readonly url: string;
  readonly token: string;
  /** Who asks, where all share one token: for the ledger. */
  readonly actor?: string | undefined;
  /** Default: 30 s. */
  readonly timeoutMs?: number | undefined;
  /** Default: 64 MiB. */
  readonly maxAnswerBytes?: number | undefined;
  readonly fetch?: ((request: Request) => Promise<Response>) | undefined;
}

const ANSWER_WITHIN_MS = 30_000;
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;
const WRITES: ReadonlySet<string> = new Set(["POST", "PUT", "PATCH", "DELETE"]);

/** Sends with the caller's credential; a write has a key, so that who sends the same request again by hand does it once. Throws the errors of `errors.ts`. */
export async function send(request: Request, options: SendOptions): Promise<Response> {
  const { url, token, actor, timeoutMs = ANSWER_WITHIN_MS, maxAnswerBytes = MAX_ANSWER_BYTES } = options;
  const headers = new Headers(request.headers);
  headers.set("authorization", `Bearer ${token}`);
  if (actor !== undefined) headers.set("x-kintsugi-actor", actor);
  if (WRITES.has(request.method) && !headers.has("idempotency-key")) headers.set("idempotency-key", newKey());
  const isStream = headers.get("accept") === "text/event-stream";
  const signal = isStream ? request.signal : AbortSignal.any([request.signal, AbortSignal.timeout(timeoutMs)]);
  const asked = options.fetch ?? fetch;
  const response = await asked(new Request(request, { headers, signal, redirect: "error" })).catch((error: unknown) => {
    if (request.signal.aborted) throw error;
    throw new ApiUnreachable(url, whyOf(error), error);
  });
  const bytes = Number(response.headers.get("content-length") ?? 0);
  if (bytes > maxAnswerBytes) throw new AnswerTooLarge(url, bytes);
  if (!response.ok) throw await refusal(response, url);
  return response;
}

/** A key for a write: 128 random bits. */
function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function refusal(response: Response, url: string): Promise<Error> {
  const problem = (response.headers.get("content-type") ?? "").includes("application/problem+json") ? problemIn(await response.text()) : undefined;
  if (problem === undefined) return new NotTheApi(url, response.status);
  const after = Number(response.headers.get("retry-after") ?? Number.NaN);
  return new ApiProblem(problem, Number.isNaN(after) ? undefined : after);
}

function problemIn(text: string): Problem | undefined {
  try {
    const { status, detail, title, errors } = JSON.parse(text) as Partial<Problem>;
    const isOne = typeof status === "number" && typeof detail === "string" && typeof title === "string" && (errors === undefined || Array.isArray(errors));
    return isOne ? (JSON.parse(text) as Problem) : undefined;
  } catch {
    return undefined;
  }
}

/** The innermost reason of a failed fetch. */
export function whyOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "TimeoutError") return "no answer in time";
  return error.cause instanceof Error ? error.cause.message || error.cause.name : error.message;
}
