/** Records as they are stored, over every loss of the connection: each once, and a word where some are missing. */
import type { components } from "./api.generated.ts";
import { ApiProblem } from "./errors.ts";
import { type SendOptions, send } from "./send.ts";

export type LedgerRecord = components["schemas"]["Record"];

export type LedgerEvent =
  | { readonly type: "record"; readonly id: number; readonly record: LedgerRecord }
  /** The records behind `after`, up to and with `until`, will not come: they are older than what is kept, or the ledger is another one. */
  | { readonly type: "gap"; readonly id: number; readonly after: number; readonly until: number; readonly reason: string };

export interface EventsOptions {
  /** Position after which to begin; default: now. */
  readonly after?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** First pause before connecting anew, and the longest; it doubles. Default: 0.5 s and 15 s. */
  readonly retryMs?: { readonly first: number; readonly most: number } | undefined;
  /** Told why nothing comes, each time that the connection is lost. */
  readonly onTrouble?: ((error: unknown) => void) | undefined;
}

/** The API says that it lives every 15 s: three of them missed is a connection that nobody holds any more. */
const SILENT_MS = 50_000;
/** Longer than any record. */
const MAX_EVENT_CHARS = 4 * 1024 * 1024;
const RETRY_MS = { first: 500, most: 15_000 };

/** Begins the stream, behind a position where one is known; rejects where there is none to be had. */
export type Open = (after: number | undefined, signal: AbortSignal) => Promise<ReadableStream<Uint8Array>>;

/** The stream of an API, as `followed`. */
export function follow(api: SendOptions, options: EventsOptions = {}): AsyncGenerator<LedgerEvent, void> {
  const open: Open = async (after, signal) => {
    const headers = { accept: "text/event-stream" };
    const { body } = await send(new Request(`${api.url}/api/v2/events${after === undefined ? "" : `?after=${after}`}`, { headers, signal }), api);
    if (body === null) throw new Error("the stream has no body");
    return body;
  };
  return followed(open, options);
}

/** Opens the stream again and again, each time behind what came last. Ends when the signal is aborted. Throws ApiProblem where asking again would not help. */
export async function* followed(open: Open, options: EventsOptions = {}): AsyncGenerator<LedgerEvent, void> {
  const { retryMs = RETRY_MS, signal = new AbortController().signal, onTrouble } = options;
  let last = options.after;
  let pauseMs = retryMs.first;
  while (!signal.aborted) {
    const silence = new AbortController();
    try {
      const body = await open(last, AbortSignal.any([signal, silence.signal]));
      for await (const event of eventsIn(body, silence)) {
        [last, pauseMs] = [event.id, retryMs.first];
        if (event.type !== "position") yield event;
      }
      onTrouble?.(new Error("the API ended its events"));
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof ApiProblem && error.status < 500 && error.status !== 429) throw error;
      onTrouble?.(error);
    } finally {
      // Whoever leaves the loop early leaves no connection behind.
      silence.abort();
    }
    await pause(pauseMs, signal);
    pauseMs = Math.min(pauseMs * 2, retryMs.most);
  }
}

/** Where the stream is, though nothing has come yet. */
interface Position {
  readonly type: "position";
  readonly id: number;
}

async function* eventsIn(body: ReadableStream<Uint8Array>, silence: AbortController): AsyncGenerator<LedgerEvent | Position, void> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let timer = setTimeout(() => silence.abort(), SILENT_MS);
  try {
    for (let text = ""; ; ) {
      const { value, done } = await reader.read();
      if (done) return;
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(), SILENT_MS);
      text += decoder.decode(value, { stream: true });
      if (text.length > MAX_EVENT_CHARS) throw new Error("an event is too large to read");
      const blocks = text.split("\n\n");
      text = blocks.pop() ?? "";
      for (const block of blocks) {
        const event = eventIn(block);
        if (event !== undefined) yield event;
      }
    }
  } finally {
    clearTimeout(timer);
  }
}

/** Undefined for a comment, which is how the API says that it lives. */
function eventIn(block: string): LedgerEvent | Position | undefined {
  const fields = new Map(block.split("\n").map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1).trimStart()]));
  const [id, data] = [Number(fields.get("id")), fields.get("data")];
  if (data === undefined) return fields.has("id") ? { type: "position", id } : undefined;
  const value: unknown = JSON.parse(data);
  if (fields.get("event") === "gap") return { type: "gap", id, ...(value as { readonly after: number; readonly until: number; readonly reason: string }) };
  return { type: "record", id, record: value as LedgerRecord };
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener("abort", end);
    if (signal.aborted) end();
  });
}
