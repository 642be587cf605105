/**
 * How much of a resource was used, as a histogram in which the past fades: what request and limit are chosen from.
 * Buckets grow by a constant factor, so a percentile is right to within that factor, whatever the unit. The scheme is that of the Kubernetes Vertical Pod Autoscaler.
 */
import { InputError } from "../input-error.ts";
import { readSnapshot, writeSnapshot } from "../snapshot.ts";

export interface UsageHistogramParams {
  /** Upper edge of the first bucket, in the unit of the usage: what is less is not told apart. Default 0.01 (of a core). */
  readonly first?: number;
  /** Factor from one bucket to the next. Default 1.05: percentiles are at most 5 % too high. */
  readonly growth?: number;
  /** Usage beyond counts as this. Default 1000. */
  readonly most?: number;
  /** Milliseconds after which a sample weighs half. Default one day. */
  readonly halfLife?: number;
}

const KIND = "usage-histogram";
const VERSION = 1;
const DAY = 86_400_000;
/** Weights are written relative to a reference time, which moves on before they grow beyond what a double holds well. */
const MOST_HALVINGS = 50;
/** A sample that is older than this beside the newest would weigh nothing at all in a double: not it is old, the clock was ahead. */
const NO_WEIGHT_HALVINGS = 1_000;

export class UsageHistogram {
  private readonly weights: Float64Array;
  private readonly first: number;
  private readonly growth: number;
  private readonly halfLife: number;
  private total = 0;
  private reference = Number.NaN;
  private begin = Number.NaN;
  private end = Number.NaN;

  constructor(params: UsageHistogramParams = {}) {
    const { first = 0.01, growth = 1.05, most = 1000, halfLife = DAY } = params;
    if (!(first > 0 && most > first && Number.isFinite(most))) throw new InputError(`first is ${first} and most is ${most}: give 0 < first < most`);
    if (!(growth > 1 && growth <= 2)) throw new InputError(`growth is ${growth}: give a factor above 1, at most 2`);
    if (!(halfLife > 0)) throw new InputError(`halfLife is ${halfLife}: give milliseconds above 0, Infinity for a past that does not fade`);
    this.first = first;
    this.growth = growth;
    this.halfLife = halfLife;
    this.weights = new Float64Array(Math.ceil(Math.log(most / first) / Math.log(growth)) + 1);
  }

  /**
   * Counts `value` at `at` (milliseconds). `weight`: how much it counts beside others of its time, default 1; negative takes it back. What is missing, infinite or negative
   * is left out and answered by false. O(1), allocation-free. Samples may come in any order, but one a thousand half-lives before
   * the newest begins anew: the clock was ahead and is set back.
   */
  add(value: number, at: number, weight = 1): boolean {
    if (!(value >= 0 && Number.isFinite(value) && Number.isFinite(at) && Number.isFinite(weight))) return false;
    if (Number.isNaN(this.reference)) this.reference = at;
    const halvings = (at - this.reference) / this.halfLife;
    if (halvings > MOST_HALVINGS) this.moveReference(at);
    if (halvings < -NO_WEIGHT_HALVINGS) this.beginAt(at);
    const faded = weight * 2 ** ((at - this.reference) / this.halfLife);
    const bucket = this.bucketOf(value);
    this.weights[bucket] = Math.max(0, (this.weights[bucket] as number) + faded);
    this.total = Math.max(0, this.total + faded);
    this.begin = Number.isNaN(this.begin) ? at : Math.min(this.begin, at);
    this.end = Number.isNaN(this.end) ? at : Math.max(this.end, at);
    return true;
  }

  /** The usage that `share` (0 to 1) of the weight does not exceed: the upper edge of its bucket. Undefined while nothing was counted. */
  percentile(share: number): number | undefined {
    if (!(share >= 0 && share <= 1)) throw new InputError(`share is ${share}: give a number from 0 to 1`);
    let rest = share * this.total;
    let last: number | undefined;
    for (let bucket = 0; bucket < this.weights.length; bucket++) {
      const weight = this.weights[bucket] as number;
      if (weight <= 0) continue;
      last = bucket;
      rest -= weight;
      // What is left over by rounding is no weight.
      if (rest <= 1e-9 * this.total) break;
    }
    return last === undefined ? undefined : this.first * this.growth ** last;
  }

  /** Milliseconds from the earliest sample to the latest. */
  get span(): number {
    return Number.isNaN(this.end) ? 0 : this.end - this.begin;
  }

  /** All state, as bytes. Restore with the same parameters. */
  snapshot(): Uint8Array {
    return writeSnapshot(KIND, VERSION, [
      Float64Array.of(this.first, this.growth, this.halfLife, this.total, this.reference, this.begin, this.end),
      this.weights,
    ]);
  }

  /** Throws InputError for what is no snapshot, and where the parameters are others. */
  static restore(bytes: Uint8Array, params: UsageHistogramParams = {}): UsageHistogram {
    const histogram = new UsageHistogram(params);
    const reader = readSnapshot(bytes, KIND, VERSION);
    const numbers = new Float64Array(7);
    reader.into(numbers);
    const [first, growth, halfLife, total = 0, reference = Number.NaN, begin = Number.NaN, end = Number.NaN] = numbers;
    if (first !== histogram.first || growth !== histogram.growth || halfLife !== histogram.halfLife) {
      throw new InputError(`the snapshot has first ${first}, growth ${growth}, halfLife ${halfLife}: restore it with these`);
    }
    reader.into(histogram.weights);
    reader.end();
    return Object.assign(histogram, { total, reference, begin, end });
  }

  private bucketOf(value: number): number {
    if (value <= this.first) return 0;
    // A value on an edge belongs to the bucket below it, whatever the logarithm's last digit.
    const exact = Math.log(value / this.first) / Math.log(this.growth);
    return Math.min(this.weights.length - 1, Math.ceil(exact - 1e-9));
  }

  private beginAt(at: number): void {
    this.weights.fill(0);
    this.total = 0;
    this.reference = at;
    this.begin = at;
    this.end = at;
  }

  private moveReference(at: number): void {
    const factor = 2 ** ((this.reference - at) / this.halfLife);
    for (let bucket = 0; bucket < this.weights.length; bucket++) this.weights[bucket] = (this.weights[bucket] as number) * factor;
    this.total *= factor;
    this.reference = at;
  }
}
