/** Token buckets by key: so many at once, so many more each second. */

export interface Rate {
  readonly burst: number;
  readonly perSecond: number;
}

export interface Taken {
  readonly allowed: boolean;
  /** Whole tokens that are left. */
  readonly left: number;
  /** Until there is one again, whole seconds; 0 while there is. */
  readonly waitSeconds: number;
}

/** Buckets that are remembered; the one that was asked for longest ago goes first. */
const MAX_BUCKETS = 10_000;

export class TokenBuckets {
  readonly rate: Rate;
  readonly #buckets = new Map<string, { readonly tokens: number; readonly at: number }>();

  constructor(rate: Rate) {
    this.rate = rate;
  }

  /** Takes one token, if there is one. `now` in ms, by a clock that never goes back. */
  take(key: string, now: number): Taken {
    const tokens = this.#tokens(key, now);
    const allowed = tokens >= 1;
    this.#buckets.delete(key);
    this.#buckets.set(key, { tokens: allowed ? tokens - 1 : tokens, at: now });
    const [oldest] = this.#buckets.keys();
    if (this.#buckets.size > MAX_BUCKETS && oldest !== undefined) this.#buckets.delete(oldest);
    return this.#state(allowed ? tokens - 1 : tokens, allowed);
  }

  /** As `take`, but takes nothing. */
  look(key: string, now: number): Taken {
    const tokens = this.#tokens(key, now);
    return this.#state(tokens, tokens >= 1);
  }

  #tokens(key: string, now: number): number {
    const bucket = this.#buckets.get(key);
    return bucket === undefined ? this.rate.burst : Math.min(this.rate.burst, bucket.tokens + ((now - bucket.at) / 1000) * this.rate.perSecond);
  }

  #state(tokens: number, allowed: boolean): Taken {
    return { allowed, left: Math.floor(tokens), waitSeconds: tokens >= 1 ? 0 : Math.ceil((1 - tokens) / this.rate.perSecond) };
  }
}
