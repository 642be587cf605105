/**
 * Kubernetes Events as client-go's recorder writes them: the same event again raises `count`; a source that repeats itself about one
 * object is held to 25 events and one more every five minutes (EventSourceObjectSpamFilter); they are dropped after an hour.
 */
import { type ClusterObject, type Event, refOf } from "@kintsugi/core";
import { metaOf } from "../api/draft.ts";
import type { Random } from "../random.ts";
import type { Timeline } from "../timeline.ts";
import type { Store } from "./store.ts";
import { isoTime } from "./time.ts";

export const EVENT_TTL_MS = 3_600_000;
const SPAM_BURST = 25;
const SPAM_REFILL_MS = 300_000;

export interface EventText {
  readonly type: "Normal" | "Warning";
  readonly reason: string;
  readonly message: string;
  readonly fieldPath?: string;
}

interface Allowance {
  tokens: number;
  at: number;
}

export class Events {
  readonly #store: Store;
  readonly #timeline: Timeline;
  readonly #random: Random;
  readonly #known = new Map<string, Event>();
  readonly #allowances = new Map<string, Allowance>();
  #sweeping = false;

  constructor(store: Store, timeline: Timeline, random: Random) {
    this.#store = store;
    this.#timeline = timeline;
    this.#random = random;
    store.onChange(["Event"], ({ before, after }) => {
      if (after === undefined && before?.kind === "Event") this.#known.delete(keyOf(before));
    });
  }

  /** Writes or counts up; silently dropped where the source has said too much about the object. `source` is the component's name. */
  emit(source: string, about: ClusterObject, text: EventText): void {
    const now = this.#timeline.now();
    if (!this.#allowed(`${source}/${about.metadata.uid}`, now)) return;
    const { kind, namespace, name, uid } = refOf(about);
    const involved = { kind, namespace, name, uid, fieldPath: text.fieldPath ?? "" };
    const time = isoTime(now);
    const key = eventKey(source, involved, text.type, text.reason, text.message);
    const known = this.#known.get(key);
    if (known !== undefined) {
      this.#known.set(key, this.#store.put({ ...known, count: known.count + 1, lastTimestamp: time }));
      return;
    }
    const meta = { name: `${name}.${this.#random.hex(16)}`, namespace: namespace === "" ? "default" : namespace };
    const metadata = metaOf("Event", meta, `event-${this.#random.hex(12)}`, time);
    const { type, reason, message } = text;
    this.#known.set(
      key,
      this.#store.put({ kind: "Event", metadata, involved, type, reason, message, count: 1, firstTimestamp: time, lastTimestamp: time, source }),
    );
    this.#planSweep();
  }

  #allowed(key: string, now: number): boolean {
    const allowance = this.#allowances.get(key) ?? { tokens: SPAM_BURST, at: now };
    const tokens = Math.min(SPAM_BURST, allowance.tokens + (now - allowance.at) / SPAM_REFILL_MS);
    this.#allowances.set(key, { tokens: tokens >= 1 ? tokens - 1 : tokens, at: now });
    return tokens >= 1;
  }

  #planSweep(): void {
    if (this.#sweeping) return;
    this.#sweeping = true;
    this.#timeline.after(EVENT_TTL_MS / 4, () => {
      this.#sweeping = false;
      const oldest = isoTime(this.#timeline.now() - EVENT_TTL_MS);
      for (const event of this.#store.list("Event")) if (event.lastTimestamp < oldest) this.#store.remove(event);
      if (this.#store.count("Event") > 0) this.#planSweep();
    });
  }
}

function keyOf(event: Event): string {
  return eventKey(event.source, event.involved, event.type, event.reason, event.message);
}

function eventKey(source: string, involved: Event["involved"], type: string, reason: string, message: string): string {
  return `${source}|${involved.uid}|${involved.fieldPath}|${type}|${reason}|${message}`;
}
