/** Server-sent events: every record as it is stored, resumed from the ledger after a lost connection. */
import type { ServerResponse } from "node:http";
import type { Record } from "@kintsugi/core";
import { z } from "zod";
import type { Ledger } from "../../adapters/ledger.ts";
import type { ApiContext, App } from "../context.ts";
import { EXAMPLE_RECORD } from "../examples.ts";
import { HttpProblem } from "../problem.ts";
import { clusterWide } from "../rights.ts";

const MAX_STREAMS = 64;
const BEAT_MS = 15_000;
/** A reader that lags by more than this is cut off; it resumes where it was. */
const MAX_BUFFERED_BYTES = 4 * 1024 * 1024;
const PAGE = 200;

const Query = z.strictObject({ after: z.coerce.number().int().min(0).optional().describe("position after which to begin; default: now") });

/** Returns a function that ends every stream. */
export function eventRoutes(app: App, { engine, ledger }: ApiContext): () => void {
  const streams = new Set<Stream>();
  app.get(
    "/events",
    {
      schema: {
        summary: "Records as they are stored (text/event-stream)",
        tags: ["ledger"],
        querystring: Query,
        produces: ["text/event-stream"],
        unavailable: ["TOO_MANY_STREAMS"],
        example: { query: { after: 41 }, answer: `id: 42\nevent: incident\ndata: ${JSON.stringify(EXAMPLE_RECORD)}\n\n` },
      },
      config: clusterWide("records", "list"),
      // A HEAD would open a stream that nobody reads and that never ends.
      exposeHeadRoute: false,
    },
    async (request, reply) => {
      if (streams.size >= MAX_STREAMS) throw new HttpProblem(503, `${MAX_STREAMS} streams are open; close one first`, { code: "TOO_MANY_STREAMS" });
      const after = lastSeen(request.headers["last-event-id"]) ?? request.query.after ?? ledger.head().seq;
      reply.hijack();
      reply.raw.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store", "x-accel-buffering": "no" });
      const stream = new Stream(reply.raw, ledger, after);
      streams.add(stream);
      const unsubscribe = engine.onRecord(() => stream.wake());
      reply.raw.on("close", () => {
        unsubscribe();
        stream.end();
        streams.delete(stream);
      });
      stream.wake();
    },
  );
  return () => {
    for (const stream of streams) stream.end();
  };
}

function lastSeen(header: string | string[] | undefined): number | undefined {
  if (header === undefined) return undefined;
  if (typeof header !== "string" || !/^\d{1,15}$/.test(header))
    throw new HttpProblem(400, "Last-Event-ID must be the id of an event of this stream: a whole number");
  return Number(header);
}

/** One reader. It always reads on from the ledger, so nothing is sent twice, left out, or before it is durable. */
class Stream {
  readonly #response: ServerResponse;
  readonly #ledger: Ledger;
  readonly #beat: NodeJS.Timeout;
  #after: number;
  #reading = false;
  #again = false;
  #ended = false;

  constructor(response: ServerResponse, ledger: Ledger, after: number) {
    this.#response = response;
    this.#ledger = ledger;
    this.#after = after;
    this.#beat = setInterval(() => this.#write(": alive\n\n"), BEAT_MS);
    this.#write(": records follow\n\n");
  }

  wake(): void {
    this.#again = true;
    if (this.#reading) return;
    this.#reading = true;
    this.#send().catch(() => this.end());
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    clearInterval(this.#beat);
    this.#response.end();
  }

  async #send(): Promise<void> {
    while (this.#again && !this.#ended) {
      this.#again = false;
      const page = await this.#ledger.find({ afterSeq: this.#after, order: "oldest-first", limit: PAGE });
      for (const record of page) this.#write(eventOf(record));
      this.#after = page.at(-1)?.seq ?? this.#after;
      this.#again ||= page.length === PAGE;
      if (this.#response.writableNeedDrain && !this.#ended) await drained(this.#response);
    }
    // In the same turn in which nothing more was found: a record that comes next starts a new run.
    this.#reading = false;
  }

  #write(text: string): void {
    if (this.#ended) return;
    this.#response.write(text);
    if (this.#response.writableLength > MAX_BUFFERED_BYTES) {
      this.#ended = true;
      clearInterval(this.#beat);
      this.#response.destroy();
    }
  }
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      response.off("drain", done);
      response.off("close", done);
      resolve();
    };
    response.on("drain", done);
    response.on("close", done);
  });
}

function eventOf(record: Record): string {
  return `id: ${record.seq}\nevent: ${record.body.type}\ndata: ${JSON.stringify(record)}\n\n`;
}
