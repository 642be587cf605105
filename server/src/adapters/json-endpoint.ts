/** JSON over HTTP to one server that the operator named: TLS always verified, redirects refused, and a limit on the time and size of every answer. */
import { redactText } from "@kintsugi/core";
import { Agent, type Dispatcher, request } from "undici";
import { networkReason, retryAfter } from "./network-reason.ts";

export interface EndpointOptions {
  /** Its path goes before every path that is asked. */
  readonly url: URL;
  /** Certificate authorities as PEM, instead of those of the system. */
  readonly ca?: string;
  /** The bearer token, read for each request: tokens are renewed on the disk. What it throws is not shown. */
  readonly bearer?: () => string;
  /** From the call to the last byte. */
  readonly timeoutMs: number;
  /** Of one answer. */
  readonly maxBytes: number;
}

export interface JsonAnswer {
  readonly status: number;
  readonly retryAfterMs?: number;
  /** Undefined where there was none, or where an answer that is no success holds something else than JSON. */
  readonly body: unknown;
}

/** No answer that can be used. The message holds no secret, and nothing of the answer. */
export class NoUsableAnswer extends Error {
  readonly how: "network" | "timeout" | "too-large" | "redirect" | "not-json" | "setup";
  constructor(how: NoUsableAnswer["how"], message: string) {
    super(redactText(message).slice(0, 500));
    this.name = "NoUsableAnswer";
    this.how = how;
  }
}

const CONNECTIONS = 8;
/** One line of printable ASCII: nothing else can be in a header. */
const TOKEN = /^[\x21-\x7e]{1,16384}$/;

/** What a body gives as its error, as `: text`: without secrets, on one line, cut. Empty where it gives none. */
export function saidError(body: unknown): string {
  const error = field(body, "error") ?? field(body, "detail");
  const text = typeof error === "string" ? error : field(error, "message");
  return typeof text === "string"
    ? `: ${redactText(text)
        .replaceAll(/[\p{C}\s]+/gu, " ")
        .slice(0, 200)}`
    : "";
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
}

export class JsonEndpoint {
  readonly #options: EndpointOptions;
  readonly #prefix: string;
  readonly #agent: Agent;

  constructor(options: EndpointOptions) {
    this.#options = options;
    this.#prefix = options.url.pathname.replace(/\/+$/, "");
    const tls = options.ca === undefined ? {} : { ca: options.ca };
    // A connection for each request: one that was kept may die just as it is used again, and questions are few.
    this.#agent = new Agent({ allowH2: false, pipelining: 0, connections: CONNECTIONS, connect: { ...tls, timeout: options.timeoutMs } });
  }

  /** Host and port, for messages: paths and queries may hold secrets. */
  get host(): string {
    return this.#options.url.host;
  }

  /** One whole answer of any status but a redirect. Throws NoUsableAnswer. */
  async ask(method: "GET" | "POST", path: string, body?: unknown, signal?: AbortSignal): Promise<JsonAnswer> {
    const timeout = AbortSignal.timeout(this.#options.timeoutMs);
    const headers = {
      accept: "application/json",
      "user-agent": "kintsugi",
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...this.#bearer(),
    };
    try {
      const response = await request(`${this.#options.url.origin}${this.#prefix}${path}`, {
        dispatcher: this.#agent,
        ...{ method, headers, body: body === undefined ? null : JSON.stringify(body) },
        signal: signal === undefined ? timeout : AbortSignal.any([timeout, signal]),
        // The signal ends both, connecting and queueing included.
        ...{ headersTimeout: 0, bodyTimeout: 0 },
      });
      return await this.#read(response);
    } catch (error) {
      if (error instanceof NoUsableAnswer) throw error;
      if (timeout.aborted) throw new NoUsableAnswer("timeout", `${this.host} did not answer within ${this.#options.timeoutMs / 1_000} s`);
      throw new NoUsableAnswer(
        "network",
        `${this.host}: ${networkReason(error instanceof Error ? error : new Error(String(error)), "its settings or of this machine")}`,
      );
    }
  }

  /** Ends what is under way. */
  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  #bearer(): { readonly authorization?: string } {
    const { bearer } = this.#options;
    if (bearer === undefined) return {};
    let token: string;
    try {
      token = bearer().trim();
    } catch {
      throw new NoUsableAnswer("setup", `the token for ${this.host} cannot be read`);
    }
    if (!TOKEN.test(token)) throw new NoUsableAnswer("setup", `the token for ${this.host} is empty, or more than one line of printable characters`);
    return { authorization: `Bearer ${token}` };
  }

  async #read({ statusCode: status, headers, body }: Dispatcher.ResponseData): Promise<JsonAnswer> {
    const text = await this.#text(body);
    if (status >= 300 && status < 400)
      throw new NoUsableAnswer("redirect", `${this.host} redirects (${status}), which is not followed: name the place where it really is`);
    const isSuccess = status >= 200 && status < 300;
    const isJson = /^application\/(?:[\w.+-]+\+)?json\b/i.test(String(headers["content-type"] ?? ""));
    const retryAfterMs = retryAfter(headers["retry-after"]);
    const answer = { status, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
    if (text.trim() === "") return { ...answer, body: undefined };
    if (!isJson && isSuccess) throw new NoUsableAnswer("not-json", `${this.host} answers with something else than JSON: is this the right server?`);
    try {
      return { ...answer, body: isJson ? (JSON.parse(text) as unknown) : undefined };
    } catch {
      if (isSuccess) throw new NoUsableAnswer("not-json", `${this.host} answers with JSON that cannot be read`);
      return { ...answer, body: undefined };
    }
  }

  async #text(body: Dispatcher.ResponseData["body"]): Promise<string> {
    const { maxBytes } = this.#options;
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of body as AsyncIterable<Buffer>) {
      size += chunk.length;
      // Leaving the loop ends the connection.
      if (size > maxBytes) throw new NoUsableAnswer("too-large", `the answer of ${this.host} is larger than ${maxBytes} bytes`);
      chunks.push(chunk);
    }
    return Buffer.concat(chunks, size).toString("utf8");
  }
}
