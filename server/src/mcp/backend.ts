/** What tools, resources and prompts ask: the REST API with the caller's own credential, and nothing else. */

export type QueryValue = string | number | boolean | undefined;

export interface Backend {
  /** `path` from the root, for example `/api/v2/incidents`. Rejects with Refusal. */
  get(path: string, query?: Readonly<Record<string, QueryValue>>): Promise<unknown>;
  /** As `get`, for what changes something. */
  post(path: string, body: object): Promise<unknown>;
}

/** The API refused, or did not answer. `message` is for people. */
export class Refusal extends Error {
  /** HTTP status; 0 when nobody answered. */
  readonly status: number;
  /** The contract's code, where it has one: PROMETHEUS_UNAVAILABLE, KSERVE_UNAVAILABLE. */
  readonly code: string | undefined;

  constructor(status: number, message: string, code?: string) {
    super(message);
    this.name = "Refusal";
    this.status = status;
    this.code = code;
  }
}

/** Path with its query; values that are undefined are left out. */
export function pathOf(path: string, query: Readonly<Record<string, QueryValue>> = {}): string {
  const given = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) given.set(name, String(value));
  return given.size === 0 ? path : `${path}?${given}`;
}

/** One segment of a path, whatever is in it. Throws Refusal for the two that mean another path. */
export function segment(text: string): string {
  if (text === "." || text === "..") throw new Refusal(400, `${text} is no name`);
  return encodeURIComponent(text);
}

/** The answer's value. Throws Refusal for what is no success; both error shapes of the API are read. */
export function answered(status: number, text: string): unknown {
  const value = parsed(text);
  if (status >= 200 && status < 300 && value !== undefined) return value;
  if (status >= 200 && status < 300) throw new Refusal(502, "the answer of the API is no JSON");
  const { detail, error, details, code, errors } = (value ?? {}) as {
    readonly [field in "detail" | "error" | "details" | "code" | "errors"]?: unknown;
  };
  const said = [detail ?? error, detail === undefined && details !== error ? details : undefined].filter((part) => typeof part === "string" && part !== "");
  const where = Array.isArray(errors) ? errors.map((one: { where?: unknown; message?: unknown }) => `${one.where} ${one.message}`).join("; ") : "";
  throw new Refusal(status, said.join(": ") || where || `the API answered ${status}`, typeof code === "string" ? code : undefined);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
