/** Server-sent events: every record as it is stored, resumed from the ledger after a lost connection. */
import { z } from "zod";
import type { ApiContext, App } from "../context.ts";
import { EventStream } from "../event-stream.ts";
import { EXAMPLE_RECORD } from "../examples.ts";
import { callerOf } from "../guard.ts";
import { HttpProblem } from "../problem.ts";
import { FILTERED } from "../rights.ts";
import { visibleRecords } from "../visible-records.ts";

const MAX_STREAMS = 64;

const Query = z.strictObject({ after: z.coerce.number().int().min(0).optional().describe("position after which to begin; default: now") });

/** Returns a function that ends every stream. */
export function eventRoutes(app: App, { access, engine, ledger }: ApiContext): () => void {
  const streams = new Set<EventStream>();
  app.get(
    "/events",
    {
      schema: {
        summary: "Records that the caller may see, as they are stored (text/event-stream); `gap` where some are missing",
        tags: ["ledger"],
        querystring: Query,
        produces: ["text/event-stream"],
        unavailable: ["TOO_MANY_STREAMS"],
        example: { query: { after: 41 }, answer: `id: 42\nevent: incident\ndata: ${JSON.stringify(EXAMPLE_RECORD)}\n\n` },
      },
      config: FILTERED,
      // A HEAD would open a stream that nobody reads and that never ends.
      exposeHeadRoute: false,
    },
    async (request, reply) => {
      if (streams.size >= MAX_STREAMS) throw new HttpProblem(503, `${MAX_STREAMS} streams are open; close one first`, { code: "TOO_MANY_STREAMS" });
      const after = lastSeen(request.headers["last-event-id"]) ?? request.query.after ?? ledger.head().seq;
      reply.hijack();
      reply.raw.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store", "x-accel-buffering": "no" });
      const caller = callerOf(request);
      const stream = new EventStream({ response: reply.raw, ledger, after, visible: (records) => visibleRecords(access, caller, records) });
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
