/**
 * HTTP to one API server: pooled HTTP/1.1 connections, fresh credentials, a limit on every answer's time and size.
 *
 * Built on undici's `dispatch` because it alone tells whether a request had reached the wire when it failed: a write that was
 * never sent is certainly not carried out, one that was sent may be.
 */
import { redactText } from "@kintsugi/core";
import { Agent, type Dispatcher, ProxyAgent } from "undici";
import { networkReason, retryAfter } from "../network-reason.ts";
import { type Clock, type Credential, obtainCredential } from "./credentials.ts";
import { goJson } from "./go-json.ts";
import { type Access, type ConnectionSource, loadAccess } from "./kubeconfig.ts";

export interface HttpRequest {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Path and query. */
  readonly path: string;
  readonly body?: unknown;
  readonly contentType?: string;
  /** From the call to the last byte. */
  readonly timeoutMs: number;
  readonly maxBytes?: number;
  /** Changes other people's objects: gets a connection of its own, so that a pooled one that just died cannot leave its fate unknown. */
  readonly write?: boolean;
}

export interface HttpReply {
  readonly status: number;
  readonly retryAfterMs: number | undefined;
  readonly body: string;
}

/** No (complete) answer. The message holds no secret. */
export class NoAnswer extends Error {
  /** Whether any of the request may have reached the server. */
  readonly sent: boolean;
  readonly how: "timeout" | "too-large" | "stopped" | "network" | "setup";
  constructor(message: string, sent: boolean, cause: NoAnswer["how"]) {
    super(redactText(message).slice(0, 500));
    this.name = "NoAnswer";
    this.sent = sent;
    this.how = cause;
  }
}

export interface StreamHandler {
  /** Called once; the body follows in chunks whatever the status is. */
  head(status: number, retryAfterMs: number | undefined): void;
  chunk(bytes: Buffer): void;
  /** Called once, last, also when it was never connected. Undefined when the server ended the answer properly. */
  end(error: NoAnswer | undefined): void;
}

interface Connection {
  readonly access: Access;
  readonly prefix: string;
  readonly origin: string;
  credential: Credential;
  readonly pooled: Dispatcher;
  readonly single: Dispatcher;
}

const CONNECT_TIMEOUT_MS = 10_000;
/** The API server closes idle connections after 90 s; being earlier avoids using one that is closing. */
const KEEP_ALIVE_MS = 30_000;
const MAX_ANSWER_BYTES = 16 << 20;
/** After a 401 the kubeconfig is read again, but not more often than this. */
const RELOAD_MS = 2_000;

export class Transport {
  readonly #source: ConnectionSource;
  readonly #clock: Clock;
  readonly #now: () => number;
  readonly #userAgent: string;
  #connection: Connection | undefined;
  #connecting: Promise<Connection> | undefined;
  #connectedAt = Number.NEGATIVE_INFINITY;
  #expired = false;
  #closed = false;
  /** The server's clock minus ours, by the `Date` of its answers. */
  #serverAheadMs: number | undefined;

  /** Throws KubeconfigError at once when the source names no cluster. */
  constructor(source: ConnectionSource, { monotonic, wall }: Clock, userAgent: string) {
    this.#source = source;
    this.#now = monotonic;
    this.#clock = { monotonic, wall: () => this.serverTime() ?? wall() };
    this.#userAgent = userAgent;
    loadAccess(source);
  }

  /** Address and origin of the access, for messages. */
  describe(): string {
    const access = loadAccess(this.#source);
    return `${access.server} (${access.origin})`;
  }

  /** The server's clock now, to a second; undefined before its first answer. */
  serverTime(): number | undefined {
    return this.#serverAheadMs === undefined ? undefined : this.#now() + this.#serverAheadMs;
  }

  #noteDate(header: string | string[] | undefined): void {
    const date = typeof header === "string" ? Date.parse(header) : Number.NaN;
    if (Number.isNaN(date)) return;
    // The header is cut to whole seconds: half a second is the best guess. A small difference is that rounding, not a step.
    const ahead = date + 500 - this.#now();
    if (this.#serverAheadMs === undefined || Math.abs(ahead - this.#serverAheadMs) > 2_000) this.#serverAheadMs = ahead;
  }

  /**
   * One whole answer, of any status. A 401 is tried once more with credentials read anew, in what is left of the request's time: whoever asked to
   * write may no longer have the right to when that is over. Throws NoAnswer.
   */
  async send(request: HttpRequest): Promise<HttpReply> {
    const deadline = this.#now() + request.timeoutMs;
    const first = await this.#attempt(request);
    const timeoutMs = deadline - this.#now();
    if (first.status !== 401 || !this.expire() || timeoutMs <= 0) return first;
    return this.#attempt({ ...request, timeoutMs });
  }

  #attempt(request: HttpRequest): Promise<HttpReply> {
    const limit = request.maxBytes ?? MAX_ANSWER_BYTES;
    return new Promise((resolve, reject) => {
      let status = 0;
      let retryAfterMs: number | undefined;
      let size = 0;
      const chunks: Buffer[] = [];
      const stop = this.stream(request, {
        head: (code, after) => {
          status = code;
          retryAfterMs = after;
        },
        chunk: (bytes) => {
          size += bytes.length;
          if (size > limit) stop(new NoAnswer(`the answer to ${request.method} ${plainPath(request.path)} is larger than ${limit} bytes`, true, "too-large"));
          else chunks.push(bytes);
        },
        end: (error) => {
          clearTimeout(timer);
          if (error !== undefined) reject(error);
          else resolve({ status, retryAfterMs, body: Buffer.concat(chunks, size).toString("utf8") });
        },
      });
      const timer = setTimeout(() => stop(undefined, "timeout"), request.timeoutMs);
    });
  }

  /**
   * An answer as it arrives, without a time limit of its own. Returns a function that ends it: with an error of one's own, or
   * as a time-out, or (without arguments) silently as "stopped".
   */
  stream(request: HttpRequest, handler: StreamHandler): (error?: NoAnswer, why?: "timeout" | "stopped") => void {
    let sent = false;
    let done = false;
    let abort: ((error: Error) => void) | undefined;
    const finish = (error: NoAnswer | undefined): void => {
      if (done) return;
      done = true;
      handler.end(error);
    };
    const what = `${request.method} ${plainPath(request.path)}`;
    const stop = (error?: NoAnswer, why: "timeout" | "stopped" = "stopped"): void => {
      if (done) return;
      const reason = error ?? new NoAnswer(why === "timeout" ? `${what}: no answer in time` : `${what}: stopped`, sent, why);
      // Finished first: undici reports the abort as an error of its own.
      finish(reason);
      abort?.(reason);
    };
    const start = (connection: Connection): void => {
      if (done) return;
      (request.write === true ? connection.single : connection.pooled).dispatch(this.#options(connection, request), {
        onRequestStart: (controller) => {
          abort = (error) => controller.abort(error);
          if (done) controller.abort(new NoAnswer("stopped", false, "stopped"));
          else sent = true;
        },
        onResponseStart: (_controller, status, headers) => {
          if (status < 200 || done) return;
          if (status === 401) this.#expired = true;
          this.#noteDate(headers["date"]);
          handler.head(status, retryAfter(headers["retry-after"]));
        },
        onResponseData: (_controller, chunk) => {
          if (!done) handler.chunk(chunk);
        },
        onResponseEnd: () => finish(undefined),
        onResponseError: (_controller, error) => finish(new NoAnswer(`${what}: ${networkReason(error, "the kubeconfig")}`, sent, "network")),
      });
    };
    this.#connect().then(start, (error: unknown) => {
      finish(error instanceof NoAnswer ? error : new NoAnswer(error instanceof Error ? error.message : "cannot connect", false, "setup"));
    });
    return stop;
  }

  #options(connection: Connection, request: HttpRequest): Dispatcher.DispatchOptions {
    const headers: Record<string, string | string[]> = { accept: "application/json", "user-agent": this.#userAgent, ...connection.credential.headers };
    if (request.body !== undefined) headers["content-type"] = request.contentType ?? "application/json";
    return {
      origin: connection.origin,
      path: connection.prefix + request.path,
      method: request.method,
      headers,
      ...(request.body === undefined ? {} : { body: goJson(request.body) }),
      // Time limits are the callers': undici's would not cover connecting and queueing.
      headersTimeout: 0,
      bodyTimeout: 0,
    };
  }

  /** Marks the credentials as refused. Returns false when they were renewed only just now, so that trying again is pointless. */
  expire(): boolean {
    this.#expired = true;
    return this.#now() - this.#connectedAt >= RELOAD_MS;
  }

  async #connect(): Promise<Connection> {
    if (this.#closed) throw new NoAnswer("the connection is closed", false, "stopped");
    const current = this.#connection;
    const reload = this.#expired && this.#now() - this.#connectedAt >= RELOAD_MS;
    if (current !== undefined && !reload && this.#now() < current.credential.freshUntil) return current;
    this.#connecting ??= this.#renew(current).finally(() => {
      this.#connecting = undefined;
    });
    return this.#connecting;
  }

  async #renew(current: Connection | undefined): Promise<Connection> {
    const access = loadAccess(this.#source);
    const environment = this.#source.type === "kubeconfig" ? (this.#source.environment ?? {}) : {};
    const credential = await obtainCredential(access, environment, this.#clock);
    this.#connectedAt = this.#now();
    this.#expired = false;
    if (current !== undefined && sameEndpoint(current, access, credential)) {
      current.credential = credential;
      return current;
    }
    const { origin, pathname } = new URL(access.server);
    const connection: Connection = {
      access,
      origin,
      prefix: pathname.replace(/\/+$/, ""),
      credential,
      pooled: dispatcherFor(access, credential, 1),
      single: dispatcherFor(access, credential, 0),
    };
    this.#connection = connection;
    // Answers under way end in their own time; new requests use the new certificates.
    if (current !== undefined) retire(current);
    return connection;
  }

  /** Ends everything at once; later requests fail. */
  async close(): Promise<void> {
    this.#closed = true;
    const connection = this.#connection;
    if (connection !== undefined) await Promise.all([connection.pooled.destroy(), connection.single.destroy()]);
  }
}

function retire(connection: Connection): void {
  for (const dispatcher of [connection.pooled, connection.single]) dispatcher.close().catch(() => {});
}

function sameEndpoint(connection: Connection, access: Access, credential: Credential): boolean {
  const same = (a: Buffer | undefined, b: Buffer | undefined): boolean => a === b || (a !== undefined && b !== undefined && a.equals(b));
  const { access: old } = connection;
  return (
    old.server === access.server &&
    old.insecure === access.insecure &&
    old.serverName === access.serverName &&
    old.proxyUrl === access.proxyUrl &&
    same(old.ca, access.ca) &&
    same(connection.credential.cert, credential.cert) &&
    same(connection.credential.key, credential.key)
  );
}

function dispatcherFor(access: Access, credential: Credential, pipelining: 0 | 1): Dispatcher {
  const tls = {
    ...(access.ca === undefined ? {} : { ca: access.ca }),
    ...(credential.cert === undefined ? {} : { cert: credential.cert }),
    ...(credential.key === undefined ? {} : { key: credential.key }),
    ...(access.serverName === undefined ? {} : { servername: access.serverName }),
    ...(access.insecure ? { rejectUnauthorized: false } : {}),
  };
  const options = { allowH2: false, pipelining, keepAliveTimeout: KEEP_ALIVE_MS, keepAliveMaxTimeout: KEEP_ALIVE_MS };
  if (access.proxyUrl !== undefined) return new ProxyAgent({ ...options, uri: access.proxyUrl, proxyTunnel: true, requestTls: tls });
  return new Agent({ ...options, connect: { ...tls, timeout: CONNECT_TIMEOUT_MS, keepAlive: true, keepAliveInitialDelay: 15_000 } });
}

function plainPath(path: string): string {
  return path.split("?", 1)[0] ?? path;
}
