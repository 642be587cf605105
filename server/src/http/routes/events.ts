/** Server-sent events: every record as it is stored, resumed from the ledger after a lost connection. */
import { z } from "zod";
import { type Access, AccessUnavailable } from "../../access/access.ts";
import type { Caller } from "../../access/caller.ts";
import type { ApiContext, App } from "../context.ts";
import { EventStream } from "../event-stream.ts";
import { EXAMPLE_RECORD } from "../examples.ts";
import { callerOf, isStillKnown } from "../guard.ts";
import { HttpProblem } from "../problem.ts";
import { FILTERED } from "../rights.ts";
import { StreamPlaces, type Taken } from "../stream-places.ts";
import { visibleRecords } from "../visible-records.ts";

const PLACES = { most: 64, mostOfOne: 16 };

const Query = z.strictObject({ after: z.coerce.number().int().min(0).optional().describe("position after which to begin; default: now") });

/** Returns a function that ends every stream. */
export function eventRoutes(app: App, { access, engine, ledger }: ApiContext): () => void {
  const streams = new Set<EventStream>();
  const places = new StreamPlaces(PLACES);
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
      const after = lastSeen(request.headers["last-event-id"]) ?? request.query.after ?? ledger.head().seq;
      const caller = callerOf(request);
      const place = placeFor(caller, places);
      reply.hijack();
      reply.raw.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store", "x-accel-buffering": "no" });
      const stream = new EventStream({
        ...{ response: reply.raw, ledger, after },
        visible: (records) => visibleRecords(certain(access), caller, records),
        isStillKnown: () => isStillKnown(request, access),
      });
      streams.add(stream);
      const unsubscribe = engine.onRecord(() => stream.wake());
      reply.raw.on("close", () => {
        unsubscribe();
        place.leave();
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

/** Throws HttpProblem where there is none. */
function placeFor(caller: Caller, places: StreamPlaces): Extract<Taken, { type: "taken" }> {
  const place = places.take(caller);
  if (place.type === "taken") return place;
  const code = "TOO_MANY_STREAMS";
  if (place.type === "full") throw new HttpProblem(503, `${PLACES.most} streams are open; close one first`, { code });
  throw new HttpProblem(429, `${PLACES.mostOfOne} streams of yours are open; close one first`, { code });
}

/** What cannot be told is not skipped as if it might not be seen: the stream ends, and goes on from there when it is begun again. */
function certain(access: Pick<Access, "may">): Pick<Access, "may"> {
  return {
    may: async (caller, right) => {
      const answer = await access.may(caller, right);
      if (answer === "unknown") throw new AccessUnavailable("what may be seen cannot be told now");
      return answer;
    },
  };
}

function lastSeen(header: string | string[] | undefined): number | undefined {
  if (header === undefined) return undefined;
  if (typeof header !== "string" || !/^\d{1,15}$/.test(header))
    throw new HttpProblem(400, "Last-Event-ID must be the id of an event of this stream: a whole number");
  return Number(header);
}
