/** Asks an operation of the document over a socket, and says what of the answer is not as the document has it. */
import type { SchemaCheck } from "./document-schema.ts";
import type { Operation } from "./each-operation.ts";

export interface OperationRequest {
  readonly path: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON, or a text as it is. */
  readonly body: unknown;
}

export interface Answered {
  readonly status: number;
  /** How it differs from the document; undefined where it does not. */
  readonly wrong: string | undefined;
  readonly text: string;
}

type Ask = (path: string, init: RequestInit) => Promise<Response>;

export async function askOperation(ask: Ask, check: SchemaCheck, operation: Operation, request: OperationRequest): Promise<Answered> {
  const stop = new AbortController();
  const response = await ask(urlOf(operation, request), { method: operation.method, signal: stop.signal, ...bodyOf(request) });
  const type = (response.headers.get("content-type") ?? "").split(";")[0] ?? "";
  // A stream has no end: that it began is the answer.
  const text = type === "text/event-stream" ? "" : await response.text();
  stop.abort();
  return { status: response.status, wrong: wrongIn(check, operation, response.status, type, text), text };
}

function bodyOf({ headers = {}, body }: OperationRequest): RequestInit {
  if (body === undefined) return { headers };
  return { headers: { "content-type": "application/json", ...headers }, body: typeof body === "string" ? body : JSON.stringify(body) };
}

function urlOf({ path }: Operation, request: OperationRequest): string {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(request.path[name] ?? name));
  const query = Object.entries(request.query).flatMap(([name, value]) =>
    [value].flat().map((one) => `${encodeURIComponent(name)}=${encodeURIComponent(String(one))}`),
  );
  return query.length === 0 ? filled : `${filled}?${query.join("&")}`;
}

function wrongIn(check: SchemaCheck, { path, method, responses, unavailable }: Operation, status: number, type: string, text: string): string | undefined {
  const key = [String(status), `${Math.floor(status / 100)}XX`].find((one) => responses[one] !== undefined);
  if (status === 304) return text === "" ? undefined : "a 304 has no body";
  if (key === undefined) return `answers ${status}, which the document does not know`;
  const content = responses[key]?.content ?? {};
  if (content[type] === undefined) return `answers ${status} as ${type}, the document knows ${Object.keys(content).join(", ")}`;
  if (!/[/+]json$/.test(type)) return undefined;
  const value = JSON.parse(text) as { readonly code?: string };
  if (status >= 500 && status !== 503) return `answers ${status}`;
  if (status === 503 && responses["503"] === undefined && !unavailable.includes(value.code ?? ""))
    return `answers 503 with the code ${value.code}, which it does not name`;
  return check(value, "paths", path, method.toLowerCase(), "responses", key, "content", type, "schema");
}
