/**
 * List and watch of every kind, delivered in batches a few milliseconds after the write. A stream can be broken and listed anew, or held
 * back, which is how the faults of the API reach the engine.
 */
import { type ClusterObject, KINDS, type Kind, type Observation, OPTIONAL_KINDS, refOf } from "@kintsugi/core";
import type { Random } from "../random.ts";
import type { Change } from "../world/store.ts";
import type { World } from "../world/world.ts";

export interface WatchOptions {
  /** Optional kinds that this cluster serves. */
  readonly served: readonly Kind[];
  readonly forbidden: readonly Kind[];
}

export class WatchStream {
  readonly #world: World;
  readonly #random: Random;
  readonly #options: WatchOptions;
  readonly #deliver: (observations: readonly Observation[]) => void;
  readonly #live = new Set<Kind>();
  #batch: Observation[] = [];
  #isPlanned = false;
  #heldUntil = 0;
  #stop: (() => void) | undefined;

  constructor(world: World, random: Random, options: WatchOptions, deliver: (observations: readonly Observation[]) => void) {
    this.#world = world;
    this.#random = random;
    this.#options = options;
    this.#deliver = deliver;
    this.#stop = world.store.onAnyChange((change) => this.#saw(change));
    world.timeline.after(random.between(20, 60), () => this.relist(KINDS));
  }

  close(): void {
    this.#stop?.();
    this.#stop = undefined;
    this.#batch = [];
    this.#live.clear();
  }

  /** The watches end without a word of what is missed; the view is stale until it is listed again. */
  break(kinds: readonly Kind[], reason: string): void {
    for (const kind of kinds) if (this.#live.delete(kind)) this.#push({ type: "health", kind, health: "stale", reason });
  }

  relist(kinds: readonly Kind[]): void {
    if (this.#stop === undefined) return;
    this.#push({ type: "version", version: this.#world.serverVersion });
    for (const kind of kinds) {
      if (OPTIONAL_KINDS.includes(kind) && !this.#options.served.includes(kind)) {
        this.#push({ type: "health", kind, health: "not-served", reason: "the API group is not served" });
      } else if (this.#options.forbidden.includes(kind)) {
        this.#push({ type: "health", kind, health: "forbidden", reason: `list ${kind}: forbidden` });
      } else {
        this.#live.add(kind);
        this.#push({ type: "listed", kind, objects: this.#world.store.list(kind) });
        this.#push({ type: "health", kind, health: "live", reason: "" });
      }
    }
  }

  /** Nothing is delivered before the delay is over: a slow watch cache. What was seen meanwhile comes late, not never. */
  hold(delayMs: number): void {
    this.#heldUntil = Math.max(this.#heldUntil, this.#world.timeline.now() + delayMs);
  }

  #saw({ before, after }: Change): void {
    const object = (after ?? before) as ClusterObject;
    if (!this.#live.has(object.kind)) return;
    this.#push(after === undefined ? { type: "gone", ref: refOf(object) } : { type: "object", object: after });
  }

  #push(observation: Observation): void {
    this.#batch.push(observation);
    if (this.#isPlanned) return;
    this.#isPlanned = true;
    this.#plan(this.#world.timeline.now() + this.#random.between(4, 20));
  }

  #plan(at: number): void {
    this.#world.timeline.at(Math.max(at, this.#heldUntil), () => {
      if (this.#stop === undefined) return;
      if (this.#heldUntil > this.#world.timeline.now()) return this.#plan(this.#heldUntil);
      this.#isPlanned = false;
      const batch = this.#batch;
      this.#batch = [];
      if (batch.length > 0) this.#deliver(batch);
    });
  }
}
