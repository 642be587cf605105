/** A controller's work queue: each key once, a few milliseconds after its object changed, refused writes again with growing delay. */
import { PortError } from "@kintsugi/core";
import type { World } from "../world/world.ts";

/** client-go's default controller rate limiter: 5 ms doubling to 1000 s. */
const RETRY_FIRST_MS = 5;
const RETRY_MOST_MS = 1_000_000;

export class WorkQueue {
  readonly #world: World;
  readonly #reconcile: (key: string) => void;
  readonly #draw: () => number;
  #keys = new Set<string>();
  #planned = false;
  readonly #later = new Map<string, { readonly at: number; readonly cancel: () => void }>();
  readonly #failures = new Map<string, number>();

  constructor(world: World, name: string, reconcile: (key: string) => void) {
    const random = world.random.fork(`queue/${name}`);
    this.#world = world;
    this.#reconcile = reconcile;
    this.#draw = () => random.between(4, 24);
  }

  add(key: string): void {
    this.#keys.add(key);
    if (this.#planned) return;
    this.#planned = true;
    this.#world.timeline.after(this.#draw(), () => this.#run());
  }

  /** Looks at the key again after the delay; an earlier plan for it stands. */
  addAfter(key: string, delayMs: number): void {
    const at = this.#world.timeline.now() + delayMs;
    const known = this.#later.get(key);
    if (known !== undefined && known.at <= at) return;
    known?.cancel();
    const cancel = this.#world.timeline.at(at, () => {
      this.#later.delete(key);
      this.add(key);
    });
    this.#later.set(key, { at, cancel });
  }

  #run(): void {
    this.#planned = false;
    const keys = this.#keys;
    this.#keys = new Set();
    for (const key of keys) {
      try {
        this.#reconcile(key);
        this.#failures.delete(key);
      } catch (error) {
        if (!(error instanceof PortError)) throw error;
        const failures = this.#failures.get(key) ?? 0;
        this.#failures.set(key, failures + 1);
        this.addAfter(key, Math.min(RETRY_MOST_MS, RETRY_FIRST_MS * 2 ** failures));
      }
    }
  }
}

/** `namespace/name`, the key of most queues. */
export function keyOf(meta: { readonly namespace: string; readonly name: string }): string {
  return `${meta.namespace}/${meta.name}`;
}

export function splitKey(key: string): { readonly namespace: string; readonly name: string } {
  const slash = key.indexOf("/");
  return { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}
