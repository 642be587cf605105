/** One watch request from its opening to its end, whatever ends it. */
import { LineSplitter, LineTooLong } from "./lines.ts";
import { parseStatus, type Status, saidBy } from "./status.ts";
import type { NoAnswer, Transport } from "./transport.ts";

/** How a watch ended. */
export type Ending =
  /** At its own time (no reason), or for a passing one: go on from the last version. `opened`: it had been answered with events. */
  | { readonly type: "resume"; readonly reason: string | undefined; readonly afterMs: number | undefined; readonly opened: boolean }
  /** The last version is of no use any more. */
  | { readonly type: "relist"; readonly reason: string }
  | { readonly type: "refused"; readonly status: Status };

/** A line that is no watch event. */
export class Unreadable extends Error {}

export interface WatchOptions {
  readonly transport: Transport;
  readonly path: string;
  readonly maxLineBytes: number;
  /** Until the answer's head must have come. */
  readonly openTimeoutMs: number;
  /** When it counts as dead although it never broke. */
  readonly lifeMs: number;
  /** The longest believable silence; infinite where the server is not known to send bookmarks. */
  readonly silenceMs: () => number;
  /** Monotonic. */
  readonly now: () => number;
  readonly onOpen: () => void;
  /** One event; returns how the watch ends where the event says so. Throws Unreadable. */
  readonly onLine: (line: string) => Ending | undefined;
}

const MAX_REFUSAL_BYTES = 65_536;

export class WatchRequest {
  readonly ended: Promise<Ending>;
  readonly #options: WatchOptions;
  readonly #lines: LineSplitter;
  readonly #resolve: (ending: Ending) => void;
  readonly #stop: () => void;
  readonly #pulse: NodeJS.Timeout;
  readonly #openedAt: number;
  #heardAt: number;
  #status = 0;
  #retryAfterMs: number | undefined;
  #refusal = "";
  #ending: Ending | undefined;

  constructor(options: WatchOptions) {
    this.#options = options;
    this.#openedAt = options.now();
    this.#heardAt = this.#openedAt;
    const { promise, resolve } = Promise.withResolvers<Ending>();
    this.ended = promise;
    this.#resolve = resolve;
    this.#lines = new LineSplitter(options.maxLineBytes, (line) => {
      this.#ending ??= options.onLine(line);
    });
    this.#stop = options.transport.stream(
      { method: "GET", path: options.path, timeoutMs: Number.POSITIVE_INFINITY },
      { head: (status, after) => this.#head(status, after), chunk: (bytes) => this.#chunk(bytes), end: (error) => this.#end(error) },
    );
    // Checked at a quarter of the shortest limit, so that none is overrun by more than that.
    const shortest = Math.min(options.openTimeoutMs, options.lifeMs, options.silenceMs());
    this.#pulse = setInterval(() => this.#check(), Math.max(5, Math.min(1000, shortest / 4)));
  }

  stop(): void {
    this.#stop();
  }

  #head(status: number, retryAfterMs: number | undefined): void {
    this.#heardAt = this.#options.now();
    this.#status = status;
    this.#retryAfterMs = retryAfterMs;
    if (status === 200) this.#options.onOpen();
  }

  #chunk(bytes: Buffer): void {
    this.#heardAt = this.#options.now();
    if (this.#status !== 200) {
      if (this.#refusal.length < MAX_REFUSAL_BYTES) this.#refusal += bytes.toString("utf8");
      return;
    }
    try {
      this.#lines.push(bytes);
    } catch (error) {
      if (!(error instanceof LineTooLong) && !(error instanceof Unreadable)) throw error;
      this.#ending ??= broken(error.message, true);
    }
    if (this.#ending !== undefined) this.#stop();
  }

  #end(error: NoAnswer | undefined): void {
    clearInterval(this.#pulse);
    if (this.#ending !== undefined) this.#resolve(this.#ending);
    else if (this.#status !== 0 && this.#status !== 200) {
      this.#resolve(endingOfRefusal(parseStatus({ status: this.#status, retryAfterMs: this.#retryAfterMs, body: this.#refusal })));
    } else this.#resolve(broken(error?.message, this.#status === 200));
  }

  #check(): void {
    const at = this.#options.now();
    const silentMs = at - this.#heardAt;
    if (this.#status === 0 && silentMs > this.#options.openTimeoutMs) this.#ending = broken("the watch was not answered in time", false);
    // Silence after bookmarks may also mean that the server never heard of our version (a restored etcd): list, do not resume.
    else if (this.#status !== 0 && silentMs > this.#options.silenceMs())
      this.#ending = { type: "relist", reason: "the watch fell silent: not even bookmarks came" };
    else if (at - this.#openedAt > this.#options.lifeMs) this.#ending = broken("the watch did not end at its time", true);
    if (this.#ending !== undefined) this.#stop();
  }
}

function broken(reason: string | undefined, opened: boolean): Ending {
  return { type: "resume", reason, afterMs: undefined, opened };
}

function endingOfRefusal(status: Status): Ending {
  const tooLarge = status.causes.some((cause) => cause.reason === "ResourceVersionTooLarge");
  // 410: the version is too old. 400 and "too large": it is not one of this server's.
  if (status.code === 410 || status.code === 400 || tooLarge) return { type: "relist", reason: saidBy(status) };
  if (status.code === 403 || status.code === 404) return { type: "refused", status };
  return { type: "resume", reason: saidBy(status), afterMs: status.retryAfterMs, opened: false };
}
