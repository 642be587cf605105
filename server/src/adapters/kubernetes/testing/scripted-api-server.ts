/**
 * An API server on loopback that holds objects and speaks list and watch over real HTTP: pages, bookmarks, compaction, broken
 * connections. Any request can be given another answer by a script.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { KINDS, type Kind, RESOURCES } from "@kintsugi/core";
import { collectionPath, groupPath } from "../paths.ts";

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** Returns true when it has taken the request over. */
export type Script = (asked: Asked, response: ServerResponse) => boolean;

type Json = Record<string, unknown>;

interface Change {
  readonly kind: Kind;
  readonly version: number;
  readonly event: Json;
}

interface OpenWatch {
  readonly kind: Kind;
  readonly response: ServerResponse;
}

const byCollection = new Map(KINDS.map((kind) => [collectionPath(kind, ""), kind]));

export class ScriptedApiServer {
  readonly asked: Asked[] = [];
  /** Kinds that discovery and lists answer with 404. */
  readonly absent = new Set<Kind>();
  script: Script = () => false;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #objects = new Map<Kind, Map<string, Json>>(KINDS.map((kind) => [kind, new Map()]));
  readonly #changes: Change[] = [];
  readonly #snapshots = new Map<string, readonly Json[]>();
  readonly #watches = new Set<OpenWatch>();
  #version = 1000;
  #oldest = 1000;
  #uids = 0;
  #port = 0;

  private constructor() {
    this.#server = createServer((request, response) => void this.#serve(request, response));
    // Tests run by clocks of their own: the time of this machine must not come with the answers.
    this.#server.on("request", (_request, response) => {
      response.sendDate = false;
    });
    this.#server.keepAliveTimeout = 60_000;
    this.#server.on("connection", (socket) => {
      this.#sockets.add(socket);
      socket.on("close", () => this.#sockets.delete(socket));
    });
  }

  static async start(): Promise<ScriptedApiServer> {
    const server = new ScriptedApiServer();
    await server.listenAgain(0);
    return server;
  }

  /** Stays the same while the server is closed. */
  get port(): number {
    return this.#port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Stops listening and breaks every connection; `listenAgain` undoes it. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.dropConnections();
    await closed;
  }

  async listenAgain(port: number): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(port, "127.0.0.1", resolve));
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  /** Adds or changes an object; its metadata is completed. Returns what is stored. */
  put(kind: Kind, name: string, namespace = "", fields: Json = {}): Json {
    const key = `${namespace}/${name}`;
    const stored = this.#of(kind).get(key);
    const uid = (stored?.["metadata"] as Json | undefined)?.["uid"] ?? `uid-${++this.#uids}`;
    const version = ++this.#version;
    const metadata = {
      name,
      namespace,
      uid,
      creationTimestamp: "2026-01-01T00:00:00Z",
      ...(fields["metadata"] as Json | undefined),
      resourceVersion: `${version}`,
    };
    const object = { ...typeOf(kind), ...fields, metadata };
    this.#of(kind).set(key, object);
    this.#tell({ kind, version, event: { type: stored === undefined ? "ADDED" : "MODIFIED", object } });
    return object;
  }

  remove(kind: Kind, name: string, namespace = ""): void {
    const key = `${namespace}/${name}`;
    const stored = this.#of(kind).get(key);
    if (stored === undefined) return;
    this.#of(kind).delete(key);
    const version = ++this.#version;
    const object = { ...stored, metadata: { ...(stored["metadata"] as Json), resourceVersion: `${version}` } };
    this.#tell({ kind, version, event: { type: "DELETED", object } });
  }

  /** `Kind/namespace/name` -> resourceVersion of everything that is stored. */
  state(): Map<string, string> {
    const state = new Map<string, string>();
    for (const [kind, objects] of this.#objects) {
      if (this.absent.has(kind)) continue;
      for (const [key, object] of objects) state.set(`${kind}/${key}`, (object["metadata"] as Json)["resourceVersion"] as string);
    }
    return state;
  }

  /** Sends a bookmark of the current version to every open watch. */
  bookmark(): void {
    for (const { kind, response } of this.#watches)
      write(response, { type: "BOOKMARK", object: { ...typeOf(kind), metadata: { resourceVersion: `${this.#version}` } } });
  }

  /** Forgets the past: older versions and pages under way are answered 410. */
  compact(): void {
    this.#oldest = this.#version;
    this.#snapshots.clear();
  }

  /** Ends every watch as its time-out does. */
  endWatches(): void {
    for (const { response } of this.#watches) response.end();
  }

  /** Sends a last event to the watches of a kind, or of all. */
  sendToWatches(text: string | Buffer, kind?: Kind): void {
    for (const watch of this.#watches) if (kind === undefined || watch.kind === kind) watch.response.write(text);
  }

  dropWatches(kind?: Kind): void {
    for (const watch of this.#watches) if (kind === undefined || watch.kind === kind) watch.response.socket?.destroy();
  }

  dropConnections(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  openWatches(kind?: Kind): number {
    return [...this.#watches].filter((watch) => kind === undefined || watch.kind === kind).length;
  }

  lists(kind: Kind): readonly Asked[] {
    return this.asked.filter((asked) => asked.path === collectionPath(kind, "") && !asked.query.has("watch"));
  }

  watches(kind: Kind): readonly Asked[] {
    return this.asked.filter((asked) => asked.path === collectionPath(kind, "") && asked.query.has("watch"));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    request.on("error", () => {});
    response.on("error", () => {});
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const url = new URL(request.url ?? "/", this.url);
    const asked = {
      method: request.method ?? "",
      path: url.pathname,
      query: url.searchParams,
      body: Buffer.concat(chunks).toString("utf8"),
      headers: request.headers,
    };
    this.asked.push(asked);
    if (this.script(asked, response)) return;
    if (url.pathname === "/version") return answer(response, 200, { gitVersion: "v1.34.4" });
    const kind = byCollection.get(url.pathname);
    if (kind !== undefined && request.method === "GET" && !this.absent.has(kind)) {
      if (asked.query.has("watch")) this.#watch(kind, asked.query, response);
      else this.#list(kind, asked.query, response);
      return;
    }
    const served = KINDS.filter((each) => groupPath(each) === url.pathname && !this.absent.has(each));
    if (served.length > 0) answer(response, 200, { kind: "APIResourceList", resources: served.map((each) => ({ name: RESOURCES[each].plural })) });
    else answerStatus(response, 404, "NotFound", "the server could not find the requested resource");
  }

  #list(kind: Kind, query: URLSearchParams, response: ServerResponse): void {
    const limit = Number(query.get("limit") ?? 0) || Number.POSITIVE_INFINITY;
    const token = query.get("continue");
    let version = `${this.#version}`;
    let items: readonly Json[] = [...this.#of(kind).values()];
    if (token !== null) {
      const snapshot = this.#snapshots.get(token);
      if (snapshot === undefined) {
        answerStatus(response, 410, "Expired", "The provided continue parameter is too old");
        return;
      }
      items = snapshot;
      version = token.split(".")[0] ?? "";
    }
    const rest = items.slice(limit);
    const next = rest.length === 0 ? "" : `${version}.${kind}.${rest.length}`;
    if (next !== "") this.#snapshots.set(next, rest);
    // As in a typed list, items carry neither kind nor apiVersion.
    const page = items.slice(0, limit).map(({ kind: _kind, apiVersion: _version, ...item }) => item);
    answer(response, 200, { kind: `${kind}List`, metadata: { resourceVersion: version, ...(next === "" ? {} : { continue: next }) }, items: page });
  }

  #watch(kind: Kind, query: URLSearchParams, response: ServerResponse): void {
    const from = Number(query.get("resourceVersion"));
    response.writeHead(200, { "content-type": "application/json" });
    response.flushHeaders();
    if (from < this.#oldest) {
      write(response, {
        type: "ERROR",
        object: { kind: "Status", code: 410, reason: "Expired", message: `too old resource version: ${from} (${this.#oldest})` },
      });
      response.end();
      return;
    }
    for (const change of this.#changes) if (change.kind === kind && change.version > from) write(response, change.event);
    const watch = { kind, response };
    this.#watches.add(watch);
    response.on("close", () => this.#watches.delete(watch));
  }

  #tell(change: Change): void {
    this.#changes.push(change);
    for (const { kind, response } of this.#watches) if (kind === change.kind) write(response, change.event);
  }

  #of(kind: Kind): Map<string, Json> {
    const objects = this.#objects.get(kind);
    if (objects === undefined) throw new Error(`no kind ${kind}`);
    return objects;
  }
}

export function answer(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
}

export function answerStatus(
  response: ServerResponse,
  code: number,
  reason: string,
  message: string,
  details: unknown = {},
  headers: Record<string, string> = {},
): void {
  answer(response, code, { kind: "Status", apiVersion: "v1", metadata: {}, status: "Failure", message, reason, details, code }, headers);
}

function write(response: ServerResponse, event: Json): void {
  response.write(`${JSON.stringify(event)}\n`);
}

function typeOf(kind: Kind): Json {
  const { group, version } = RESOURCES[kind];
  return { kind, apiVersion: group === "" ? version : `${group}/${version}` };
}
