/** Tells people by one POST of JSON per notice, to whatever listens: chat bridges, ticket systems, on-call tools. */
import { createHmac } from "node:crypto";
import type { Notice, NotifierPort } from "@kintsugi/core";

export interface WebhookOptions {
  readonly url: URL;
  /** Signs each body, so that the receiver can tell that it is ours. */
  readonly secret?: string;
  readonly timeoutMs?: number;
  /** Sends of one notice before it is given up. */
  readonly attempts?: number;
  /** First pause between two sends; doubles up to `MAX_PAUSE_MS`. */
  readonly firstPauseMs?: number;
  /** Notices that may wait; beyond it the oldest is dropped, since the newest says how things are. */
  readonly queueLength?: number;
  /** Told of every notice that did not arrive. Never gets the URL's path or query: they often hold a secret. */
  readonly onLost: (notice: Notice, why: string) => void;
}

/** A receiver that asks for a longer wait does not get it: the queue behind would grow stale. */
const MAX_PAUSE_MS = 60_000;

type Sent =
  | { readonly type: "ok" }
  | { readonly type: "again"; readonly why: string; readonly afterMs?: number }
  | { readonly type: "never"; readonly why: string };

/** `notify` resolves once the notice is queued: a slow or dead receiver never holds up the caller. */
export class WebhookNotifier implements NotifierPort {
  readonly #options: WebhookOptions;
  readonly #queue: Notice[] = [];
  readonly #stop = new AbortController();
  #sending: Promise<void> | undefined;

  constructor(options: WebhookOptions) {
    this.#options = options;
  }

  async notify(notice: Notice): Promise<void> {
    if (this.#stop.signal.aborted) return;
    this.#queue.push(notice);
    if (this.#queue.length > (this.#options.queueLength ?? 1_000)) {
      const oldest = this.#queue.shift();
      if (oldest !== undefined) this.#options.onLost(oldest, "too many notices are waiting");
    }
    this.#sending ??= this.#drain();
  }

  /** Waits for what is queued, at most `withinMs`; what is then still waiting is reported as lost. */
  async close(withinMs: number): Promise<void> {
    const late = setTimeout(() => this.#stop.abort(), withinMs);
    await this.#sending;
    clearTimeout(late);
    this.#stop.abort();
  }

  async #drain(): Promise<void> {
    for (let notice = this.#queue.shift(); notice !== undefined; notice = this.#queue.shift()) {
      const lost = await this.#deliver(notice);
      if (lost !== undefined) this.#options.onLost(notice, lost);
    }
    // In the same turn in which the queue was found empty: a notice that comes next starts a new run.
    this.#sending = undefined;
  }

  /** Sends until it arrives or is given up; says why it did not arrive. */
  async #deliver(notice: Notice): Promise<string | undefined> {
    const attempts = this.#options.attempts ?? 6;
    let why = "";
    for (let attempt = 1; attempt <= attempts; attempt++) {
      if (this.#stop.signal.aborted) return why === "" ? "the program is stopping" : why;
      const sent = await this.#send(notice);
      if (sent.type === "ok") return undefined;
      why = sent.why;
      if (sent.type === "never") return why;
      const pause = (this.#options.firstPauseMs ?? 1_000) * 2 ** (attempt - 1);
      if (attempt < attempts) await this.#pause(Math.min(MAX_PAUSE_MS, Math.max(pause, sent.afterMs ?? 0)));
    }
    return `${why} (${attempts} attempts)`;
  }

  async #send(notice: Notice): Promise<Sent> {
    const body = JSON.stringify({ apiVersion: "kintsugi.dev/v1alpha1", kind: "Notice", ...notice });
    const timestamp = new Date(notice.at).toISOString();
    const headers: { [name: string]: string } = { "content-type": "application/json", "user-agent": "kintsugi", "x-kintsugi-timestamp": timestamp };
    if (this.#options.secret !== undefined) headers["x-kintsugi-signature"] = signature(this.#options.secret, timestamp, body);
    const timeout = AbortSignal.timeout(this.#options.timeoutMs ?? 10_000);
    try {
      // A redirect could carry the notice to a place that nobody configured.
      const signal = AbortSignal.any([timeout, this.#stop.signal]);
      const response = await fetch(this.#options.url, { method: "POST", headers, body, redirect: "error", signal });
      await response.body?.cancel();
      return judge(response);
    } catch {
      if (timeout.aborted) return { type: "again", why: `${this.#options.url.host} did not answer in time` };
      return { type: "again", why: `${this.#options.url.host} could not be reached` };
    }
  }

  #pause(ms: number): Promise<void> {
    const { signal } = this.#stop;
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        signal.removeEventListener("abort", done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal.addEventListener("abort", done);
      if (signal.aborted) done();
    });
  }
}

/** `sha256=` and the hex HMAC-SHA256, keyed with the secret, of `timestamp.body`. */
export function signature(secret: string, timestamp: string, body: string): string {
  return `sha256=${createHmac("sha256", secret).update(`${timestamp}.${body}`).digest("hex")}`;
}

function judge(response: Response): Sent {
  if (response.ok) return { type: "ok" };
  const why = `the receiver answered ${response.status}`;
  if (response.status !== 429 && response.status !== 408 && response.status < 500) return { type: "never", why };
  const seconds = Number(response.headers.get("retry-after"));
  return Number.isFinite(seconds) && seconds > 0 ? { type: "again", why, afterMs: seconds * 1_000 } : { type: "again", why };
}
