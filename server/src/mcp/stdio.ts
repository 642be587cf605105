/** MCP over standard input and output: the protocol alone goes there. One connection, so here changes reach the client of either revision, and a person can be asked. */
import { once } from "node:events";
import type { Readable, Writable } from "node:stream";
import { followed } from "@kintsugi/client";
import { type McpServer, ResourceNotFoundError, type ServerEvent } from "@modelcontextprotocol/server";
import { StdioServerTransport, serveStdio } from "@modelcontextprotocol/server/stdio";
import { changesBy } from "./changes.ts";
import { EngineBackend, type EngineBackendOptions } from "./engine-backend.ts";
import { CLUSTER_URIS, isResource, UNRECORDED } from "./resources.ts";
import { sealing } from "./seals.ts";
import { buildMcpServer } from "./server.ts";
import { watchReadings } from "./watch-readings.ts";

export interface StdioOptions extends EngineBackendOptions {
  readonly version: string;
  readonly input: Readable;
  readonly output: Writable;
  /** What goes wrong around the protocol, for people: standard error. */
  readonly log: (text: string) => void;
  /** Ends it before its input does. */
  readonly signal: AbortSignal;
}

const MAX_MESSAGE_BYTES = 1024 * 1024;
const MAX_FOLLOWED = 200;

/** Serves until the input ends. */
export async function serveMcpOverStdio(options: StdioOptions): Promise<void> {
  const { input, output, log, version } = options;
  const backend = new EngineBackend(options);
  const seals = sealing();
  const connected = new Set<Connected>();
  const over = new AbortController();
  const end = AbortSignal.any([options.signal, over.signal]);
  const ended = Promise.race([once(input, "end", { signal: end }), once(input, "close", { signal: end }), once(output, "close", { signal: end })]);
  const handle = serveStdio(
    ({ era }) => {
      const server = buildMcpServer({ version, backend, notifies: true, seals, onFault: log });
      const client = new Connected(server, era === "legacy");
      connected.add(client);
      server.server.onclose = () => connected.delete(client);
      return server;
    },
    {
      transport: new StdioServerTransport(input, output, { maxBufferSize: MAX_MESSAGE_BYTES }),
      onerror: (error) => log(`MCP: ${error.message}`),
    },
  );
  const tell = (events: readonly ServerEvent[]): void => {
    for (const client of connected) for (const event of events) client.tell(event, log);
  };
  const following = tellChanges({ backend, tell, log, signal: end });
  const watching = watchReadings({ backend, readings: UNRECORDED, signal: end, onChange: (uri) => tell([{ kind: "resource_updated", uri }]) });
  await ended.catch(() => {});
  over.abort();
  await handle.close();
  await Promise.all([following, watching]);
  await backend.close();
}

const ANYTHING_MAY_HAVE_CHANGED: readonly ServerEvent[] = [
  ...CLUSTER_URIS.map((uri) => ({ kind: "resource_updated", uri }) as const),
  { kind: "resources_list_changed" },
];

interface Telling {
  readonly backend: EngineBackend;
  readonly tell: (events: readonly ServerEvent[]) => void;
  readonly log: (text: string) => void;
  readonly signal: AbortSignal;
}

/**
 * For as long as it is wanted, over every loss of the connection. Begun anew then and not resumed: the engine that comes back may be another one with
 * a ledger of its own, so that anything may have changed.
 */
async function tellChanges({ backend, tell, log, signal }: Telling): Promise<void> {
  let [wasOpen, told] = [false, ""];
  const open: Parameters<typeof followed>[0] = async (_after, until) => {
    const { status, body } = await backend.open("/api/v2/events", { accept: "text/event-stream" }, until);
    if (status !== 200 || body === null) {
      await body?.cancel();
      throw new Error(`the engine refuses its events (${status})`);
    }
    if (wasOpen) tell(ANYTHING_MAY_HAVE_CHANGED);
    [wasOpen, told] = [true, ""];
    return body;
  };
  const onTrouble = (error: unknown): void => {
    const why = error instanceof Error ? error.message : String(error);
    if (why !== told) log(`changes are not told for now: ${why}`);
    told = why;
  };
  for await (const event of followed(open, { onTrouble, signal })) tell(event.type === "gap" ? ANYTHING_MAY_HAVE_CHANGED : changesBy(event.record));
}

/** One instance of the server, and what its client follows. Since 2026-07-28 the SDK knows what that is; before, it is asked by subscribing. */
class Connected {
  readonly #server: McpServer;
  readonly #followed: Set<string> | undefined;

  constructor(server: McpServer, subscribes: boolean) {
    this.#server = server;
    if (!subscribes) return;
    const followed = new Set<string>();
    this.#followed = followed;
    server.server.setRequestHandler("resources/subscribe", async ({ params }) => {
      if (!isResource(params.uri)) throw new ResourceNotFoundError(params.uri);
      if (followed.size < MAX_FOLLOWED) followed.add(params.uri);
      return {};
    });
    server.server.setRequestHandler("resources/unsubscribe", async ({ params }) => {
      followed.delete(params.uri);
      return {};
    });
  }

  tell(event: ServerEvent, log: (text: string) => void): void {
    if (!this.#server.isConnected()) return;
    if (event.kind === "resources_list_changed") {
      this.#server.sendResourceListChanged();
      return;
    }
    if (event.kind !== "resource_updated" || this.#followed?.has(event.uri) === false) return;
    this.#server.server.sendResourceUpdated({ uri: event.uri }).catch((error: unknown) => log(`a change was not told: ${String(error)}`));
  }
}
