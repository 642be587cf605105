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
    let [first = 0, end = 0, seen = 0] = this.#counts;
    const quiet = Math.max(least, Math.min(most, share * seen));
    while (first < end && (this.#samples[first % size] as number) < seen - quiet) first++;
    const most_ = first < end ? (this.#scores[first % size] as number) : 0;
    while (end > first && (this.#scores[(end - 1) % size] as number) <= score) end--;
    this.#scores[end % size] = score;
    this.#samples[end % size] = seen;
    this.#counts.set([first, end + 1, seen + 1]);
    return score > most_ * (1 + margin) ? score : 0;
  }
}
