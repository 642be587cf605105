/** A bounded memory of answers that hold for a while. What is being asked is not asked twice at the same time. */

export interface Answer<V> {
  readonly value: V;
  /** Until when it may be believed, by the clock of the memory, ms; undefined: it is not kept. */
  readonly until: number | undefined;
}

export class Remembered<V> {
  readonly #most: number;
  readonly #now: () => number;
  readonly #kept = new Map<string, { readonly value: V; readonly until: number }>();
  readonly #asking = new Map<string, Promise<V>>();

  /** `most`: so many answers are kept; the oldest go first. */
  constructor(most: number, now: () => number) {
    this.#most = most;
    this.#now = now;
  }

  /** What is known under the key, else what `ask` says. Rejects as `ask` does; that is never kept. */
  async get(key: string, ask: () => Promise<Answer<V>>): Promise<V> {
    const found = this.#kept.get(key);
    if (found !== undefined && this.#now() < found.until) return found.value;
    const asking = this.#asking.get(key) ?? this.#ask(key, ask).finally(() => this.#asking.delete(key));
    this.#asking.set(key, asking);
    return asking;
  }

  get size(): number {
    return this.#kept.size;
  }

  async #ask(key: string, ask: () => Promise<Answer<V>>): Promise<V> {
    const { value, until } = await ask();
    this.#kept.delete(key);
    if (until === undefined) return value;
    for (const [oldest] of this.#kept) {
      if (this.#kept.size < this.#most) break;
      this.#kept.delete(oldest);
    }
    this.#kept.set(key, { value, until });
    return value;
  }
}
