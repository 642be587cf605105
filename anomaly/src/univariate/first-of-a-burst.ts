/** Of scores that rise together, the first: a score counts only where it exceeds by a margin every score of the quiet time before it, counted or not. */

export interface QuietParams {
  /** Samples: least and most quiet time, and its share of the samples seen so far. */
  readonly least: number;
  readonly most: number;
  readonly share: number;
  /** A score counts again within the quiet time where it is larger by this share. */
  readonly margin: number;
}

/** The largest score of the quiet time in O(1) amortised: a queue of falling scores (D. Lemire, "Streaming maximum-minimum filter", 2006). */
export class FirstOfABurst {
  readonly #params: QuietParams;
  readonly #scores: Float64Array;
  readonly #samples: Float64Array;
  /** [first of the queue, behind its last, samples seen]; positions run on, slots are positions modulo the size. */
  readonly #counts = new Float64Array(3);

  constructor(params: QuietParams) {
    this.#params = params;
    this.#scores = new Float64Array(params.most + 1);
    this.#samples = new Float64Array(params.most + 1);
  }

  get state(): readonly Float64Array[] {
    return [this.#scores, this.#samples, this.#counts];
  }

  /** The score where it counts, else 0. */
  push(score: number): number {
    const { least, most, share, margin } = this.#params;
    const size = this.#scores.length;
    const counts = this.#counts;
    const seen = counts[2] as number;
    const quiet = Math.max(least, Math.min(most, share * seen));
    let first = counts[0] as number;
    let end = counts[1] as number;
    while (first < end && (this.#samples[first % size] as number) < seen - quiet) first++;
    const largest = first < end ? (this.#scores[first % size] as number) : 0;
    while (end > first && (this.#scores[(end - 1) % size] as number) <= score) end--;
    this.#scores[end % size] = score;
    this.#samples[end % size] = seen;
    counts[0] = first;
    counts[1] = end + 1;
    counts[2] = seen + 1;
    return score > largest * (1 + margin) ? score : 0;
  }
}
