/** List and watch of one kind, for ever: list, watch from there, resume where it broke, list again where that is impossible. */
import { type Kind, type Observation, project, refOf } from "@kintsugi/core";
import { Backoff } from "./backoff.ts";
import type { Discovery } from "./discovery.ts";
import { KindHealth } from "./kind-health.ts";
import { listKind, Refused } from "./list.ts";
import { collectionPath } from "./paths.ts";
import type { Sharer } from "./share.ts";
import { saidBy, statusOf } from "./status.ts";
import { NoAnswer, type Transport } from "./transport.ts";
import { type Ending, Unreadable, WatchRequest } from "./watch-request.ts";

/** Times and sizes of list and watch; `DEFAULT_WATCH_TUNING` says what each is for. */
export interface WatchTuning {
  readonly pageSize: number;
  readonly pageTimeoutMs: number;
  readonly maxPageBytes: number;
  readonly maxLineBytes: number;
  /** A watch is asked to last this long, up to double of it, so that not all end at once. */
  readonly watchSeconds: number;
  /** Until the answer's head must have come. */
  readonly openTimeoutMs: number;
  /** Beyond the watch's own end, before it counts as dead. */
  readonly marginMs: number;
  /** The same for a kind whose server has sent bookmarks, which come about once a minute: silence tells sooner. */
  readonly bookmarkSilenceMs: number;
  readonly backoffMinMs: number;
  readonly backoffMaxMs: number;
  readonly forbiddenRetryMs: number;
  readonly discoveryRetryMs: number;
  readonly staleGraceMs: number;
  /** How often the API server's version is asked for. */
  readonly versionEveryMs: number;
  /** A watch that lived this long, or delivered anything, ends the back-off. */
  readonly settledMs: number;
}

export const DEFAULT_WATCH_TUNING: WatchTuning = {
  pageSize: 500,
  pageTimeoutMs: 60_000,
  maxPageBytes: 64 << 20,
  maxLineBytes: 8 << 20,
  watchSeconds: 300,
  openTimeoutMs: 30_000,
  marginMs: 30_000,
  bookmarkSilenceMs: 150_000,
  backoffMinMs: 500,
  backoffMaxMs: 30_000,
  forbiddenRetryMs: 60_000,
  discoveryRetryMs: 180_000,
  staleGraceMs: 10_000,
  versionEveryMs: 60_000,
  settledMs: 5_000,
};

export interface Surroundings {
  readonly transport: Transport;
  readonly discovery: Discovery;
  readonly sharer: Sharer;
  readonly tuning: WatchTuning;
  readonly random: () => number;
  /** Monotonic. */
  readonly now: () => number;
  readonly emit: (observation: Observation) => void;
}

/** Watches opened and broken at the same version before it is given up: what comes next there cannot be read. */
const MAX_BREAKS_WITHOUT_PROGRESS = 4;

export class KindFollower {
  readonly #kind: Kind;
  readonly #around: Surroundings;
  readonly #health: KindHealth;
  readonly #backoff: Backoff;
  #stopped = false;
  #interrupt: (() => void) | undefined;
  #version = "";
  /** Whether objects were delivered that a `not-served` must take back. */
  #listed = false;
  #bookmarks = false;

  constructor(kind: Kind, around: Surroundings) {
    this.#kind = kind;
    this.#around = around;
    this.#health = new KindHealth(kind, around.tuning.staleGraceMs, (observation) => this.#emit(observation));
    this.#backoff = new Backoff(around.tuning.backoffMinMs, around.tuning.backoffMaxMs, around.random);
  }

  stop(): void {
    this.#stopped = true;
    this.#health.stop();
    this.#interrupt?.();
  }

  /** Runs until stopped. Never rejects for anything that a server does. */
  async run(): Promise<void> {
    this.#health.trouble("not listed yet");
    while (!this.#stopped) {
      try {
        if (!(await this.#isServed())) {
          await this.#sleep(this.#around.tuning.discoveryRetryMs * (0.75 + 0.5 * this.#around.random()));
          continue;
        }
        const { objects, resourceVersion } = await listKind(this.#around.transport, this.#kind, this.#around.sharer, {
          ...this.#around.tuning,
          stopped: () => this.#stopped,
        });
        this.#version = resourceVersion;
        this.#listed = true;
        this.#emit({ type: "listed", kind: this.#kind, objects });
        await this.#follow();
      } catch (error) {
        if (!this.#stopped) await this.#recover(error);
      }
    }
  }

  async #isServed(): Promise<boolean> {
    const served = await this.#around.discovery.served(this.#kind);
    // Unknown: the list itself will say what is wrong.
    if (served.type !== "no" || this.#stopped) return true;
    if (this.#listed) this.#emit({ type: "listed", kind: this.#kind, objects: [] });
    this.#listed = false;
    this.#health.notServed(served.reason);
    return false;
  }

  async #recover(error: unknown): Promise<void> {
    if (error instanceof Refused) {
      const reason = saidBy(error.status);
      if (error.status.code === 403) {
        this.#health.forbidden(reason);
        await this.#sleep(this.#around.tuning.forbiddenRetryMs * (0.75 + 0.5 * this.#around.random()));
        return;
      }
      this.#health.trouble(reason);
      await this.#sleep(this.#backoff.next(error.status.retryAfterMs));
      return;
    }
    if (!(error instanceof NoAnswer)) throw error;
    this.#health.trouble(error.message);
    await this.#sleep(this.#backoff.next());
  }

  /** Watches from the last version on. Returns when a new list is needed; throws Refused. */
  async #follow(): Promise<void> {
    let breaks = 0;
    while (!this.#stopped) {
      const from = this.#version;
      const openedAt = this.#around.now();
      const ending = await this.#watch();
      if (this.#stopped) return;
      const progress = this.#version !== from;
      const settled = progress || this.#around.now() - openedAt >= this.#around.tuning.settledMs;
      if (settled) {
        this.#backoff.reset();
        breaks = 0;
      } else if (ending.type === "resume" && ending.opened) breaks++;
      if (ending.type === "refused") throw new Refused(ending.status);
      if (ending.type === "relist") {
        this.#health.trouble(ending.reason);
        // At once where the view was good until now, later where lists keep expiring.
        if (!settled) await this.#sleep(this.#backoff.next());
        return;
      }
      if (ending.reason === undefined && settled) continue;
      if (ending.reason !== undefined) this.#health.trouble(ending.reason);
      await this.#sleep(this.#backoff.next(ending.afterMs));
      if (breaks >= MAX_BREAKS_WITHOUT_PROGRESS) return;
    }
  }

  /** One watch request, until it ends for whatever reason. */
  async #watch(): Promise<Ending> {
    const { transport, tuning, random, now } = this.#around;
    const timeoutSeconds = Math.ceil(tuning.watchSeconds * (1 + random()));
    const request = new WatchRequest({
      transport,
      path: collectionPath(this.#kind, "", { watch: true, allowWatchBookmarks: true, resourceVersion: this.#version, timeoutSeconds }),
      maxLineBytes: tuning.maxLineBytes,
      openTimeoutMs: tuning.openTimeoutMs,
      lifeMs: timeoutSeconds * 1000 + tuning.marginMs,
      silenceMs: () => (this.#bookmarks ? tuning.bookmarkSilenceMs : Number.POSITIVE_INFINITY),
      now,
      onOpen: () => this.#health.live(),
      onLine: (line) => this.#take(line),
    });
    this.#interrupt = () => request.stop();
    return request.ended;
  }

  /** One watch event. Returns how the watch ends where it does. */
  #take(line: string): Ending | undefined {
    const event = parseEvent(line);
    if (event.type === "ERROR") {
      const status = statusOf(event.object, 0);
      return { type: "relist", reason: `the watch ended: ${saidBy(status)}` };
    }
    const version = (event.object as { metadata?: { resourceVersion?: unknown } } | null)?.metadata?.resourceVersion;
    if (typeof version !== "string" || version === "") throw new Unreadable("a watch event has no resourceVersion");
    if (event.type === "BOOKMARK") this.#bookmarks = true;
    else {
      const projected = project(event.object, this.#kind);
      if (projected !== undefined) {
        if (event.type === "DELETED") this.#emit({ type: "gone", ref: refOf(projected) });
        else this.#emit({ type: "object", object: this.#around.sharer.share(projected) });
      }
    }
    this.#version = version;
    return undefined;
  }

  #emit(observation: Observation): void {
    if (!this.#stopped) this.#around.emit(observation);
  }

  #sleep(ms: number): Promise<void> {
    if (this.#stopped) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#interrupt = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

function parseEvent(line: string): { readonly type: string; readonly object: unknown } {
  let event: { type?: unknown; object?: unknown } | null;
  try {
    event = JSON.parse(line);
  } catch {
    throw new Unreadable("a watch event is not readable JSON");
  }
  if (typeof event?.type !== "string") throw new Unreadable("a watch event has no type");
  return { type: event.type, object: event.object };
}
