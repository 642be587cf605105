/**
 * Subsequence PCA: how far the last samples, taken as one shape, lie from the shapes that the series is made of.
 * The covariance of the windows of a series is the Toeplitz matrix of its autocovariance, so that learning costs one product per lag and sample, and keeps no window.
 */
import { InputError } from "../input-error.ts";
import { matrix } from "../matrix.ts";
import { checkValues, squarable } from "../sample-range.ts";
import { readSnapshot, writeSnapshot } from "../snapshot.ts";
import { LagProducts } from "./lag-products.ts";
import { type Subspace, squaredDistance, subspaceOf } from "./subspace.ts";

export interface SubPcaParams {
  /** Samples of a shape. 100, as in TSB-AD; better one season where it is longer: see `dominantPeriod`. */
  readonly window?: number;
  /**
   * Leading axes are kept until they hold this share of the variance, or are no more than noise: 0.7. Axes of small variance, were they kept,
   * would excuse what is usual only in small doses.
   * Fixed, as the ridge, on NAB's artificial files, the cloud-monitoring set and synthetic series, where 0.5 to 0.8 were as good.
   */
  readonly share?: number;
  /** Mean variances that are added to each direction: 1, half of the way to a covariance without shape, so that a window counts by its shape and by its size. 1 to 5 were as good. */
  readonly ridge?: number;
  /** Samples after which a learned one weighs 1/e: 10,000, a week of minutes. */
  readonly memory?: number;
  /** A stream is silent for so many samples, and learns them: 5 windows. */
  readonly warm?: number;
  /** Standard deviations beyond which a sample is learned as clipped: 10. */
  readonly clip?: number;
}

const KIND = "sub-pca";
const VERSION = 1;
/** No score is larger: that of a series that never moved, when it does. */
const LARGEST = 1e6;
/** The axes are found anew once what was learned has grown by this share. */
const GROWTH = 0.1;

export class SubPca {
  private readonly params: Required<SubPcaParams>;
  private readonly learned: LagProducts;
  /** The last window as it came, twice in a row, so that it always lies in one piece. */
  private readonly recent: Float64Array;
  /** What came before the stream was warm; then of no use. */
  private readonly early: Float64Array;
  /** Where in `recent` the next sample goes. */
  private place = 0;
  private seen = 0;
  private refreshed = 0;
  private subspace: Subspace | undefined;

  /** A stream that knows nothing yet. Throws InputError for parameters out of range. */
  constructor(params: SubPcaParams = {}) {
    const { window = 100, share = 0.7, ridge = 1, memory = 10_000, clip = 10 } = params;
    const { warm = 5 * window } = params;
    this.params = { window, share, ridge, memory, warm, clip };
    checkParams(this.params);
    this.learned = new LagProducts(window, memory, clip);
    this.recent = new Float64Array(2 * window);
    this.early = new Float64Array(warm);
  }

  /**
   * Learns a history, evenly spaced, NaN where a sample is missing (it counts as the mean); the stream goes on after its last sample.
   * Throws InputError for fewer than two windows, and for a value that is infinite or beyond 1e140.
   */
  static fit(history: Float64Array, params: SubPcaParams = {}): SubPca {
    const model = new SubPca(params);
    const { window } = model.params;
    if (history.length < 2 * window)
      throw new InputError(`${history.length} samples are too few for a window of ${window}: give at least ${2 * window}, or a shorter window`);
    checkValues(history);
    model.learned.learnAll(history);
    model.refresh();
    history.subarray(-window).forEach((value) => {
      model.remember(value);
    });
    model.seen = history.length;
    model.refreshed = history.length;
    return model;
  }

  /** How many axes are kept; 0 while silent. */
  get axes(): number {
    return this.subspace?.axes.rows ?? 0;
  }

  /**
   * Scores a whole series as it lies: each sample by the mean over the windows that cover it, also later ones. About 1 is usual, higher is more anomalous, at most 1e6.
   * The model must have been fitted; it stays as it is. Throws InputError where it was not, and for a series shorter than a window.
   */
  score(series: Float64Array): Float64Array {
    const { window } = this.params;
    const subspace = this.subspace;
    if (subspace === undefined) throw new InputError(`nothing was learned yet: fit a history, or push ${this.params.warm} samples`);
    if (series.length < window) throw new InputError(`${series.length} samples are shorter than the window of ${window}: give a longer series`);
    checkValues(series);
    const { mean } = this.learned;
    const filled = series.map((value) => (Number.isNaN(value) ? mean : value));
    const sums = new Float64Array(series.length - window + 2);
    for (let start = 0; start < sums.length - 1; start++) sums[start + 1] = (sums[start] as number) + this.distanceAt(subspace, filled, start, mean);
    return series.map((_, index) => {
      const first = Math.max(index - window + 1, 0);
      const end = Math.min(index + 1, sums.length - 1);
      return ((sums[end] as number) - (sums[first] as number)) / (end - first);
    });
  }

  /**
   * Takes the next sample (NaN where it is missing: time passes) and scores the window that ends with it, by what was learned before. 0 while silent, for `warm` samples.
   * O(window x axes), nothing allocated but when the axes are found anew. Throws InputError for a value that is infinite or beyond 1e140, and leaves the stream as it was.
   */
  push(value: number): number {
    if (!squarable(value)) throw new InputError(`sample ${this.seen} is ${value}: give numbers within 1e140 of 0, NaN where one is missing`);
    const { warm } = this.params;
    if (this.subspace === undefined) {
      this.early[this.seen++] = value;
      if (this.seen === warm) this.wake();
      return 0;
    }
    const start = this.remember(value);
    const score = this.distanceAt(this.subspace, this.recent, start, this.learned.mean);
    this.learned.learn(Number.isNaN(value) ? this.learned.mean : value);
    this.seen++;
    if (this.seen - this.refreshed >= Math.max(this.params.window, GROWTH * Math.min(this.seen, this.params.memory))) this.refresh();
    return score;
  }

  /** All state as bytes, with the parameters. */
  snapshot(): Uint8Array {
    const { window, share, ridge, memory, warm, clip } = this.params;
    const { axes, discounts, noise, usual } = this.subspace ?? { axes: matrix(0, window), discounts: new Float64Array(0), noise: 0, usual: 0 };
    return writeSnapshot(KIND, VERSION, [
      Float64Array.of(window, share, ridge, memory, warm, clip),
      Float64Array.of(this.seen, this.refreshed, this.place, this.subspace === undefined ? 0 : 1, noise, usual),
      this.learned.products,
      this.learned.counters,
      this.learned.ring,
      this.recent,
      this.subspace === undefined ? this.early : new Float64Array(0),
      axes.values,
      discounts,
    ]);
  }

  /** The detector as it was. Throws InputError for bytes that `snapshot` of this version did not write. */
  static restore(bytes: Uint8Array): SubPca {
    const reader = readSnapshot(bytes, KIND, VERSION);
    const [window, share, ridge, memory, warm, clip] = reader.float64() as unknown as [number, number, number, number, number, number];
    const model = new SubPca({ window, share, ridge, memory, warm, clip });
    const [seen, refreshed, place, awake, noise, usual] = reader.float64() as unknown as [number, number, number, number, number, number];
    model.seen = seen;
    model.refreshed = refreshed;
    model.place = place;
    for (const target of [model.learned.products, model.learned.counters, model.learned.ring, model.recent]) reader.into(target);
    model.early.set(reader.float64());
    const loadings = reader.float64();
    const discounts = reader.float64();
    reader.end();
    if (awake === 1) model.subspace = { axes: matrix(discounts.length, window, loadings), discounts, noise, usual };
    return model;
  }

  /** Root of the squared distance, in units of what is usual. */
  private distanceAt(subspace: Subspace, values: Float64Array, start: number, mean: number): number {
    const squared = squaredDistance(subspace, values, start, mean);
    if (squared === 0) return 0;
    const distance = Math.sqrt(squared / subspace.usual);
    // Also where it is no number, as the difference of two that are too large.
    return Number.isNaN(distance) ? LARGEST : Math.min(distance, LARGEST);
  }

  private wake(): void {
    this.learned.learnAll(this.early);
    this.refresh();
    this.early.subarray(-this.params.window).forEach((value) => {
      this.remember(value);
    });
  }

  /** Appends a sample to the last window and says where that window begins in `recent`. */
  private remember(value: number): number {
    const { window } = this.params;
    const place = this.place;
    const known = Number.isNaN(value) ? this.learned.mean : value;
    this.recent[place] = known;
    this.recent[place + window] = known;
    this.place = place + 1 === window ? 0 : place + 1;
    return place + 1;
  }

  private refresh(): void {
    this.subspace = subspaceOf(this.learned.settle(), this.params.share, this.params.ridge);
    this.refreshed = this.seen;
  }
}

function checkParams({ window, share, ridge, memory, warm, clip }: Required<SubPcaParams>): void {
  if (!Number.isInteger(window) || window < 2) throw new InputError(`window is ${window}: give a whole number from 2`);
  if (!(share >= 0 && share <= 1)) throw new InputError(`share is ${share}: give a number from 0 to 1`);
  if (!(ridge > 0 && ridge < Number.POSITIVE_INFINITY)) throw new InputError(`ridge is ${ridge}: give a number above 0`);
  if (!(memory >= window)) throw new InputError(`memory is ${memory}: give at least the window, ${window}`);
  if (!Number.isInteger(warm) || warm < 2 * window) throw new InputError(`warm is ${warm}: give a whole number from two windows, ${2 * window}`);
  if (!(clip > 0)) throw new InputError(`clip is ${clip}: give a number above 0`);
}
