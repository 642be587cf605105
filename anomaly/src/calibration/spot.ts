/**
 * SPOT and DSPOT (A. Siffer, P.-A. Fouque, A. Termier, C. Largouet, "Anomaly Detection in Streams with Extreme Value Theory", KDD 2017): a threshold
 * that a stream exceeds
 * with a given probability, whatever its distribution, from a Pareto tail fitted to its peaks. DSPOT does so for the distance from a moving mean.
 */
import { InputError } from "../input-error.ts";
import { readSnapshot, writeSnapshot } from "../snapshot.ts";
import { fitByLikelihood, type Pareto, paretoQuantile, paretoTail } from "./pareto-fit.ts";

const VERSION = 1;
/** Fewer peaks fit no tail. */
const MIN_PEAKS = 10;

export interface SpotParams {
  /** Probability that a value which is no anomaly exceeds the threshold. 0.0001. */
  readonly risk: number;
  /** Quantile of the first values above which a value is a peak. 0.98, as in the paper. */
  readonly level: number;
  /** Peaks that are remembered, the newest ones: memory and cost are bounded, as in the authors' library. 200. */
  readonly peaks: number;
  /** Values in the moving mean that is taken off first; 0 is SPOT, above 0 DSPOT. 0. */
  readonly depth: number;
  /**
   * Whether anomalies are left out of the tail, as in the paper. That cuts the tail at its own threshold, fit after fit: on normal values it raised 7
   * times the alarms that were
   * asked for, here as in the authors' library. false.
   */
  readonly discard: boolean;
}

const DEFAULTS: SpotParams = { risk: 1e-4, level: 0.98, peaks: 200, depth: 0, discard: false };

/** What a value is: "normal", a "peak" that the tail learns from, or an "anomaly" above the threshold. */
export type SpotVerdict = "normal" | "peak" | "anomaly";

export class Spot {
  readonly params: SpotParams;
  readonly #peaks: Float64Array;
  readonly #window: Float64Array;
  /** [threshold, values seen, peaks seen, shape, scale, anomaly threshold, values in the window ever] */
  readonly #state = new Float64Array(7);

  /** For the upper tail; give negated values for the lower one. Throws InputError for parameters that make no sense. */
  constructor(params: Partial<SpotParams> = {}) {
    this.params = { ...DEFAULTS, ...params };
    const { risk, level, peaks, depth } = this.params;
    if (!(level > 0 && level < 1)) throw new InputError(`level is ${level}: give a quantile between 0 and 1, such as 0.98`);
    if (!(risk > 0 && risk < 1 - level)) throw new InputError(`risk is ${risk}: give a probability above 0 and below ${1 - level}, which is 1 - level`);
    if (!(Number.isInteger(peaks) && peaks >= MIN_PEAKS)) throw new InputError(`peaks is ${peaks}: give a whole number from ${MIN_PEAKS}`);
    if (!(Number.isInteger(depth) && depth >= 0)) throw new InputError(`depth is ${depth}: give a whole number from 0`);
    this.#peaks = new Float64Array(peaks);
    this.#window = new Float64Array(depth);
  }

  /** Values above it are anomalies; for DSPOT in the unit of the distance from the moving mean. */
  get threshold(): number {
    return this.#state[5] as number;
  }

  /** The tail as fitted to the peaks that are remembered. */
  get tail(): Pareto {
    return { shape: this.#state[3] as number, scale: this.#state[4] as number };
  }

  /**
   * Learns from the first values, which should hold no anomaly: enough of them that 10 lie above `level`. Throws InputError where too few do, or one
   * is not finite.
   */
  fit(values: Float64Array): this {
    const { level, depth } = this.params;
    const bad = values.findIndex((value) => !Number.isFinite(value));
    if (bad >= 0) throw new InputError(`value ${bad} to fit is ${values[bad]}: give finite numbers`);
    const distances = distancesFromMean(values, depth);
    const threshold = distances.toSorted()[Math.floor(level * distances.length)] ?? Number.NaN;
    const peaks = distances.filter((distance) => distance > threshold);
    if (peaks.length < MIN_PEAKS)
      throw new InputError(`only ${peaks.length} of ${values.length} values lie above their quantile ${level}: give more of them, or a lower level`);
    this.#state.fill(0);
    this.#state[0] = threshold;
    for (const value of values) this.#slide(value);
    for (const distance of peaks) this.#keepPeak(distance - threshold);
    this.#state[1] = distances.length;
    this.#refit();
    return this;
  }

  /** Takes a value. Throws InputError before fit(), and for one that is not finite: leave gaps out. */
  push(value: number): SpotVerdict {
    const distance = this.#distance(value);
    const anomaly = distance > this.threshold;
    if (anomaly && this.params.discard) return "anomaly";
    this.#slide(value);
    this.#state[1] = (this.#state[1] as number) + 1;
    const excess = distance - (this.#state[0] as number);
    if (excess <= 0) return "normal";
    this.#keepPeak(excess);
    this.#refit();
    return anomaly ? "anomaly" : "peak";
  }

  /** Probability of a value at least as high, in (0, 1], before it is pushed; below the level of peaks it is 1 - level at the least, and not resolved. */
  pValue(value: number): number {
    const excess = this.#distance(value) - (this.#state[0] as number);
    const share = (this.#state[2] as number) / (this.#state[1] as number);
    return excess <= 0 ? 1 : Math.max(1e-15, share * paretoTail(this.tail, excess));
  }

  snapshot(): Uint8Array {
    const { risk, level, peaks, depth, discard } = this.params;
    return writeSnapshot("spot", VERSION, [Float64Array.of(risk, level, peaks, depth, Number(discard)), this.#state, this.#peaks, this.#window]);
  }

  static restore(bytes: Uint8Array): Spot {
    const reader = readSnapshot(bytes, "spot", VERSION);
    const [risk = 0, level = 0, peaks = 0, depth = 0, discard = 0] = reader.float64();
    const spot = new Spot({ risk, level, peaks, depth, discard: discard === 1 });
    for (const field of [spot.#state, spot.#peaks, spot.#window]) reader.into(field);
    reader.end();
    return spot;
  }

  #distance(value: number): number {
    if (!Number.isFinite(value)) throw new InputError(`the value is ${value}: give a finite number, and leave gaps out`);
    if (this.#state[2] === 0) throw new InputError("nothing was fitted yet: call fit() with the first values");
    return value - this.#mean();
  }

  #mean(): number {
    const { depth } = this.params;
    if (depth === 0) return 0;
    let sum = 0;
    for (const value of this.#window) sum += value / depth;
    return sum;
  }

  #slide(value: number): void {
    const { depth } = this.params;
    if (depth === 0) return;
    const seen = this.#state[6] as number;
    this.#window[seen % depth] = value;
    this.#state[6] = seen + 1;
  }

  #keepPeak(excess: number): void {
    const seen = this.#state[2] as number;
    this.#peaks[seen % this.params.peaks] = excess;
    this.#state[2] = seen + 1;
  }

  #refit(): void {
    const [threshold = 0, seen = 0, peaks = 0] = this.#state;
    const tail = fitByLikelihood(this.#peaks.subarray(0, Math.min(peaks, this.params.peaks)));
    this.#state[3] = tail.shape;
    this.#state[4] = tail.scale;
    this.#state[5] = threshold + Math.max(0, paretoQuantile(tail, Math.min(1, (this.params.risk * seen) / peaks)));
  }
}

/** Each value less the mean of the `depth` before it; the first `depth` values have none. */
function distancesFromMean(values: Float64Array, depth: number): Float64Array {
  return values.slice(depth).map((value, index) => {
    let sum = 0;
    for (let before = index; before < index + depth; before++) sum += (values[before] as number) / depth;
    return value - sum;
  });
}
