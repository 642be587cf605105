/** Follows the records of an engine over server-sent events, for as long as it is wanted, over every loss of the connection. */
import { setTimeout as wait } from "node:timers/promises";
import type { RecordSeen } from "./changes.ts";

/** What is needed of an answer. */
interface Opened {
  readonly status: number;
  readonly body: (AsyncIterable<Uint8Array> & { cancel(): Promise<void> }) | null;
}

export interface EventStreamOptions {
  /** Begins `GET /api/v2/events`. Rejects when the engine does not answer. */
  readonly open: (signal: AbortSignal) => Promise<Opened>;
  readonly onRecord: (record: RecordSeen) => void;
  /** Connected, after a time in which records may have been missed; or told that some were. */
  readonly onResumed: () => void;
  /** Why nothing comes; once for each reason in a row. */
  readonly onTrouble: (why: string) => void;
  readonly signal: AbortSignal;
  readonly retryMs?: { readonly first: number; readonly most: number };
}

/** The engine says that it lives every 15 s: three of them missed is a half-open connection. */
const SILENT_MS = 50_000;
/** Longer than any record. */
const MAX_EVENT_CHARS = 4 * 1024 * 1024;

/** Resolves when the signal is aborted. */
export async function followRecords(options: EventStreamOptions): Promise<void> {
  const { signal, retryMs = { first: 500, most: 15_000 } } = options;
  let delay = retryMs.first;
  let told = "";
  let begun = false;
  while (!signal.aborted) {
    const silence = new AbortController();
    try {
      const response = await options.open(AbortSignal.any([signal, silence.signal]));
      if (response.status !== 200 || response.body === null) {
        await response.body?.cancel();
        throw new Error(`the engine refuses its events (${response.status})`);
      }
      if (begun) options.onResumed();
      [begun, delay, told] = [true, retryMs.first, ""];
      await readRecords(response.body, options, silence);
      throw new Error("the engine ended its events");
    } catch (error) {
      if (signal.aborted) return;
      const why = error instanceof Error ? error.message : String(error);
      if (why !== told) options.onTrouble(why);
      told = why;
    }
    await wait(delay, undefined, { signal }).catch(() => {});
    delay = Math.min(delay * 2, retryMs.most);
  }
}

async function readRecords(
  body: AsyncIterable<Uint8Array>,
  { onRecord, onResumed }: Pick<EventStreamOptions, "onRecord" | "onResumed">,
  silence: AbortController,
): Promise<void> {
  const decoder = new TextDecoder();
  let text = "";
  let timer = setTimeout(() => silence.abort(), SILENT_MS);
  try {
    for await (const chunk of body) {
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(), SILENT_MS);
      text += decoder.decode(chunk, { stream: true });
      if (text.length > MAX_EVENT_CHARS) throw new Error("the engine sent an event that is too large");
      const events = text.split("\n\n");
      text = events.pop() ?? "";
      for (const event of events) {
        const record = recordOf(event);
        // Some were missed, which is told as after a lost connection.
        if (/^event: ?gap$/m.test(event)) onResumed();
        else if (record !== undefined) onRecord(record);
      }
    }
  } finally {
    clearTimeout(timer);
  }
}

/** Undefined for a comment, which is how the engine says that it lives. */
function recordOf(event: string): RecordSeen | undefined {
  const data = event
    .split("\n")
    .filter((line) => line.startsWith("data:"))
    .map((line) => line.slice(5).trimStart());
  return data.length === 0 ? undefined : (JSON.parse(data.join("\n")) as RecordSeen);
}
