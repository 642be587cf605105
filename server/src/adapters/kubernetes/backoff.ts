/** Exponential back-off with jitter: `min * 2^n` up to `max`, of which the upper half is random. */
export class Backoff {
  readonly #minMs: number;
  readonly #maxMs: number;
  /** 0 <= value < 1. */
  readonly #random: () => number;
  #failures = 0;

  constructor(minMs: number, maxMs: number, random: () => number) {
    this.#minMs = minMs;
    this.#maxMs = maxMs;
    this.#random = random;
  }

  /** How long to wait after one more failure; at least what the server asked for. */
  next(askedMs = 0): number {
    const full = Math.min(this.#maxMs, this.#minMs * 2 ** Math.min(this.#failures, 30));
    this.#failures++;
    return Math.max(askedMs, full * (0.5 + 0.5 * this.#random()));
  }

  reset(): void {
    this.#failures = 0;
  }
}
