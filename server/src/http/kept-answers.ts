/** Answers to writes, kept for who asks again with the same key. In memory and bounded: a restart forgets them. */

export interface KeptAnswer {
  readonly status: number;
  readonly text: string;
  readonly headers: Readonly<Record<string, string>>;
}

export type Known =
  /** Nobody has used the key: it is now under way. */
  | { readonly type: "new" }
  | { readonly type: "under-way" }
  /** The key was used for another request. */
  | { readonly type: "other" }
  | { readonly type: "kept"; readonly answer: KeptAnswer };

interface Entry {
  readonly request: string;
  readonly at: number;
  readonly bytes: number;
  readonly answer: KeptAnswer | undefined;
}

export interface KeptBounds {
  readonly entries: number;
  readonly bytes: number;
  readonly forMs: number;
}

const DEFAULT_BOUNDS: KeptBounds = { entries: 10_000, bytes: 16 * 1024 * 1024, forMs: 24 * 3_600_000 };

export class KeptAnswers {
  /** Oldest first. */
  readonly #entries = new Map<string, Entry>();
  readonly #bounds: KeptBounds;
  #bytes = 0;

  constructor(bounds: KeptBounds = DEFAULT_BOUNDS) {
    this.#bounds = bounds;
  }

  /** What is known of a key (with whose it is) and this request; a new one is under way until `keep` or `forget`. */
  begin(key: string, request: string, now: number): Known {
    this.#expire(now);
    const found = this.#entries.get(key);
    if (found === undefined) {
      this.#put(key, { request, at: now, bytes: key.length + request.length, answer: undefined });
      return { type: "new" };
    }
    if (found.request !== request) return { type: "other" };
    return found.answer === undefined ? { type: "under-way" } : { type: "kept", answer: found.answer };
  }

  keep(key: string, answer: KeptAnswer): void {
    const found = this.#entries.get(key);
    if (found === undefined) return;
    this.#drop(key, found);
    this.#put(key, { ...found, bytes: found.bytes + Buffer.byteLength(answer.text), answer });
  }

  forget(key: string): void {
    const found = this.#entries.get(key);
    if (found !== undefined) this.#drop(key, found);
  }

  #put(key: string, entry: Entry): void {
    this.#entries.set(key, entry);
    this.#bytes += entry.bytes;
    for (const [oldest, one] of this.#entries) {
      if (this.#entries.size <= this.#bounds.entries && this.#bytes <= this.#bounds.bytes) return;
      // What is under way goes on to protect against a second one.
      if (one.answer !== undefined) this.#drop(oldest, one);
    }
  }

  #drop(key: string, { bytes }: Entry): void {
    this.#entries.delete(key);
    this.#bytes -= bytes;
  }

  #expire(now: number): void {
    for (const [key, one] of this.#entries) {
      if (now - one.at < this.#bounds.forMs) return;
      if (one.answer !== undefined) this.#drop(key, one);
    }
  }
}
