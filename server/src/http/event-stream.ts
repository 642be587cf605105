/** One reader of the ledger over server-sent events: everything that it may see, once and in order, and where something is missing. */
import type { ServerResponse } from "node:http";
import type { Record } from "@kintsugi/core";
import type { Ledger } from "../adapters/ledger.ts";

const BEAT_MS = 15_000;
/** A reader that lags by more than this is cut off; it resumes where it was. */
const MAX_BUFFERED_BYTES = 4 * 1024 * 1024;
const PAGE = 200;

export interface EventStreamOptions {
  readonly response: ServerResponse;
  readonly ledger: Ledger;
  /** Position after which to begin. */
  readonly after: number;
  /** Of records those that the reader may see. */
  readonly visible: (records: readonly Record[]) => Promise<readonly Record[]>;
  /** Whether the reader is still who it was: asked before each beat, and the stream ends where it is not. */
  readonly isStillKnown: () => Promise<boolean>;
}

/** Always reads on from the ledger, so nothing is sent twice, left out unsaid, or before it is durable. */
export class EventStream {
  readonly #options: EventStreamOptions;
  readonly #beat: NodeJS.Timeout;
  #after: number;
  #reading = false;
  #again = false;
  #ended = false;

  constructor(options: EventStreamOptions) {
    this.#options = options;
    this.#after = options.after;
    this.#beat = setInterval(() => void this.#look(), BEAT_MS);
    this.#write(": records follow\n\n");
    const { seq } = options.ledger.head();
    if (this.#after > seq) this.#skip(seq, `the ledger ends at ${seq}: it is another one, or was repaired, since ${this.#after} was read`);
    // Who is cut off before the first record can go on from here.
    else this.#write(`: behind\nid: ${this.#after}\n\n`);
  }

  /** Something was stored. */
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
    this.#options.response.end();
  }

  async #look(): Promise<void> {
    const isKnown = await this.#options.isStillKnown().catch(() => false);
    if (isKnown) this.#write(": alive\n\n");
    else this.end();
  }

  async #send(): Promise<void> {
    const { response, ledger, visible } = this.#options;
    while (this.#again && !this.#ended) {
      this.#again = false;
      const page = await ledger.find({ afterSeq: this.#after, order: "oldest-first", limit: PAGE });
      const shown = new Set(await visible(page));
      for (const record of page) {
        if (record.seq > this.#after + 1) this.#skip(record.seq - 1, `records ${this.#after + 1} to ${record.seq - 1} are older than what is kept`);
        this.#after = record.seq;
        if (shown.has(record)) this.#write(eventOf(record));
      }
      this.#again ||= page.length === PAGE;
      if (response.writableNeedDrain && !this.#ended) await drained(response);
    }
    // In the same turn in which nothing more was found: a record that comes next starts a new run.
    this.#reading = false;
  }

  /** Says that what lies before and at this position will not come, and goes on behind it. */
  #skip(to: number, reason: string): void {
    const gap = { after: this.#after, until: to, reason };
    this.#after = to;
    this.#write(`id: ${to}\nevent: gap\ndata: ${JSON.stringify(gap)}\n\n`);
  }

  #write(text: string): void {
    const { response } = this.#options;
    if (this.#ended) return;
    response.write(text);
    if (response.writableLength > MAX_BUFFERED_BYTES) {
      this.#ended = true;
      clearInterval(this.#beat);
      response.destroy();
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
