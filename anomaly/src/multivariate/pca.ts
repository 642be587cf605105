/**
 * The vector of an owner's metrics against what its metrics usually do together: principal component analysis of clipped robust scores, in a stream.
 * A direction in which the history hardly varies counts as the PCA residual (its squared length), one in which it varies as Hotelling's T2, and in between smoothly so:
 * J. E. Jackson and G. S. Mudholkar, "Control Procedures for Residuals Associated With Principal Component Analysis" (1979); robust scores against masking after
 * M. Hubert et al., "ROBPCA" (2005). Sees metrics that leave their range or each other; does not see order in time beyond its moving means.
 */
import { InputError } from "../input-error.ts";
import { type Matrix, matrix, rowOf } from "../matrix.ts";
import { readSnapshot, writeSnapshot } from "../snapshot.ts";
import { columnScales, floorOfLevel } from "./column-scales.ts";
import { decay, type Moments, momentsOf, type Subspace, shrunkInverse } from "./decayed-moments.ts";
import { follow, type Timescales, timescalesOf, unusual } from "./timescales.ts";

export interface PcaParams {
  /** The most that one metric can be away from usual, in robust standard deviations, so that none decides alone. 10: made servers are told apart about equally well from 5 to 20. */
  readonly clip?: number;
  /** Unit of a metric: median and MAD of its history, or mean and standard deviation, which an incident in the history stretches. "robust". */
  readonly scale?: "robust" | "standard";
  /** Which directions count. "both". */
  readonly subspace?: Subspace;
  /** So many rows in a row are worth one independent vector: neighbours say nearly the same. 60, an hour of minutes. The less is known, the less correlations count. */
  readonly dependence?: number;
  /** Rows after which what was learned has lost most of its weight; before, each row weighs the same. 40,320: four weeks of minutes. 0 learns nothing after the fit. */
  readonly horizon?: number;
  /** A row that is this many times farther away than the mean row, squared, is learned with less weight, in inverse proportion. 3. Infinity learns all alike. */
  readonly trust?: number;
  /** Half-lives in rows of the moving means that the score is made of, 0 the row itself. 0, 5 and 20: a blow, a few minutes, half an hour. */
  readonly halfLives?: readonly number[];
  /** Rows between two eigendecompositions: what was learned counts from the next one on. 120. */
  readonly refresh?: number;
}

type Settled = Required<PcaParams>;

const KIND = "pca";
const VERSION = 1;
const SCALES = ["robust", "standard"] as const;
const SUBSPACES = ["both", "major", "minor"] as const;
/** The running mean of squared distances follows no row farther than this. */
const MEAN_FOLLOWS = 10;
/** Sweeps that fill gaps; each brings the filled values closer to what the others let expect. */
const FILLING_SWEEPS = 10;
/** In robust standard deviations of the mean metric. */
const LEAST_SPREAD = 0.1;
/** A metric's unit at most doubles or halves with one row. */
const LARGEST_STEP = 2;

interface State {
  readonly settled: Settled;
  readonly centre: Float64Array;
  readonly scale: Float64Array;
  readonly floor: Float64Array;
  /** Mean square of each metric's clipped score in the history: its unit follows so that it stays. */
  readonly usualSquare: Float64Array;
  readonly moments: Moments;
  readonly inverse: Float64Array;
  readonly timescales: Timescales;
  /** Rows learned, at most the horizon; rows since the last decomposition; mean squared distance of a row. */
  readonly counts: Float64Array;
}

const LEARNED = 0;
const SINCE = 1;
const MEAN_SQUARE = 2;

/**
 * Learns from `history`, one row per sample in order of time. Missing values are NaN and left out; a column without any value is learned once it has one.
 * One row is enough to begin, of fewer rows than columns too: what is not known counts as independent. Throws InputError for no rows, no columns or an infinite value.
 */
export function fitPca(history: Matrix, params: PcaParams = {}): Pca {
  const settled = settle(params);
  const { rows, columns, values } = history;
  if (rows < 1 || columns < 1) throw new InputError(`a history of ${rows} rows and ${columns} columns says nothing: give at least one row of one metric`);
  const infinite = values.findIndex((value) => Math.abs(value) === Number.POSITIVE_INFINITY);
  if (infinite >= 0)
    throw new InputError(`row ${Math.floor(infinite / columns)}, column ${infinite % columns} of the history is infinite: give NaN where a value is missing`);
  const { centre, scale, floor } = columnScales(history, settled.scale);
  const scored = matrix(rows, columns);
  for (let row = 0; row < rows; row++) standardise(rowOf(history, row), 0, centre, scale, settled.clip, rowOf(scored, row));
  const moments = momentsOf(scored);
  const usualSquare = Float64Array.from(moments.mean, (mean, column) => (moments.covariance[column * columns + column] as number) + mean * mean || 1);
  const learned = settled.horizon === 0 ? rows : Math.min(rows, settled.horizon);
  const inverse = new Float64Array(columns * columns);
  shrunkInverse(moments, learned / settled.dependence, settled.subspace, inverse);
  const state = { settled, centre, scale, floor, usualSquare, moments, inverse, counts: Float64Array.of(learned, 0, 1) };
  const squares = new Pca({ ...state, timescales: timescalesOf(new Float64Array(0), [], LEAST_SPREAD) }).squares(history);
  const seen = squares.filter((square) => !Number.isNaN(square));
  state.counts[MEAN_SQUARE] = Math.max(seen.reduce((sum, square) => sum + square, 0) / Math.max(seen.length, 1), 1);
  return new Pca({ ...state, timescales: timescalesOf(seen.map(Math.sqrt), settled.halfLives, LEAST_SPREAD) });
}

/** A fitted detector of one owner's vectors. Bounded: 3 numbers per pair of metrics and a few per metric. */
export class Pca {
  private readonly state: State;
  private readonly vector: Float64Array;
  private readonly image: Float64Array;
  private readonly distance: Float64Array;
  private readonly missing: Int32Array;

  /** @internal Use `fitPca` or `restorePca`. */
  constructor(state: State) {
    this.state = state;
    const columns = state.centre.length;
    this.vector = new Float64Array(columns);
    this.image = new Float64Array(columns);
    this.distance = new Float64Array(columns);
    this.missing = new Int32Array(columns);
  }

  /** Metrics of a vector. */
  get columns(): number {
    return this.state.centre.length;
  }

  /**
   * Scores the vector that begins at `offset` of `values`, then learns from it. About 0 is usual, 3 is three standard deviations above what the history has; higher is more unusual.
   * Never uses later vectors. A missing metric (NaN) is taken as the others let expect it, so that it is no evidence and not learned; an infinite one counts as farther out than any.
   * A vector without any value changes nothing and scores as the one before. Allocates nothing except at a refresh.
   */
  push(values: Float64Array, offset = 0): number {
    const { timescales, settled } = this.state;
    const square = this.squareOf(values, offset);
    if (Number.isNaN(square)) {
      this.meet(values, offset);
      return unusual(timescales);
    }
    follow(timescales, Math.sqrt(square));
    if (settled.horizon > 0) this.learn(values, offset, square);
    return unusual(timescales);
  }

  /** `push` for each row in turn. */
  pushRows(rows: Matrix, into: Float64Array = new Float64Array(rows.rows)): Float64Array {
    this.checkRoom(rows, into);
    for (let row = 0; row < rows.rows; row++) into[row] = this.push(rows.values, row * rows.columns);
    return into;
  }

  /** The mean squared distance per metric of each row by itself: changes nothing. About 1 is usual; NaN for a row without any value. */
  squares(rows: Matrix, into: Float64Array = new Float64Array(rows.rows)): Float64Array {
    this.checkRoom(rows, into);
    for (let row = 0; row < rows.rows; row++) into[row] = this.squareOf(rows.values, row * rows.columns);
    return into;
  }

  /** How much each metric has of one vector's squared distance: the sum is what `squares` gives. A little below zero where a metric explains others. Changes nothing. */
  contributions(values: Float64Array, offset = 0, into: Float64Array = new Float64Array(this.columns)): Float64Array {
    this.squareOf(values, offset);
    const present = this.columns - this.missingOf(values, offset);
    for (let column = 0; column < this.columns; column++)
      into[column] = present === 0 ? 0 : ((this.vector[column] as number) * (this.image[column] as number)) / present;
    return into;
  }

  /** All of its state, as bytes for `restorePca`: the restored one goes on with the same scores. */
  snapshot(): Uint8Array {
    const { settled, centre, scale, floor, usualSquare, moments, inverse, timescales, counts } = this.state;
    const { clip, dependence, horizon, trust, refresh } = settled;
    const header = [this.columns, clip, SCALES.indexOf(settled.scale), SUBSPACES.indexOf(settled.subspace), dependence, horizon, trust, refresh];
    const { rates, means, middles, spreads } = timescales;
    const fields = [centre, scale, floor, usualSquare, moments.mean, moments.covariance, inverse, counts];
    return writeSnapshot(KIND, VERSION, [Float64Array.from(header), Float64Array.from(settled.halfLives), ...fields, rates, means, middles, spreads]);
  }

  private checkRoom({ rows, columns }: Matrix, into: Float64Array): void {
    this.checkWidth(columns);
    if (into.length < rows) throw new InputError(`room for ${into.length} scores, ${rows} are needed`);
  }

  private checkWidth(columns: number): void {
    if (columns !== this.columns) throw new InputError(`${columns} metrics, the history had ${this.columns}: give the same ones in the same order`);
  }

  /** Leaves the distances from the mean in `vector`, their image under the inverse in `image`. */
  private squareOf(values: Float64Array, offset: number): number {
    const { centre, scale, settled, moments, inverse } = this.state;
    const { vector, image, columns } = this;
    if (!(offset >= 0 && offset + columns <= values.length)) this.checkWidth(values.length - offset);
    standardise(values, offset, centre, scale, settled.clip, vector);
    let absent = 0;
    for (let column = 0; column < columns; column++) {
      const from = (vector[column] as number) - (moments.mean[column] as number);
      vector[column] = Number.isNaN(from) ? 0 : from;
      if (Number.isNaN(from)) this.missing[absent++] = column;
    }
    if (absent === columns) return Number.NaN;
    if (absent > 0) this.fill(absent);
    let square = 0;
    for (let row = 0; row < columns; row++) {
      let sum = 0;
      const at = row * columns;
      for (let column = 0; column < columns; column++) sum += (inverse[at + column] as number) * (vector[column] as number);
      image[row] = sum;
      square += sum * (vector[row] as number);
    }
    return Math.max(square, 0) / (columns - absent);
  }

  /** Gives the missing metrics the values that make the distance least, which is the distance of the others alone: C. F. Gauss and P. L. Seidel's sweeps. */
  private fill(absent: number): void {
    const { inverse } = this.state;
    const { vector, missing, columns } = this;
    for (let sweep = 0; sweep < FILLING_SWEEPS; sweep++)
      for (let index = 0; index < absent; index++) {
        const column = missing[index] as number;
        const at = column * columns;
        const own = inverse[at + column] as number;
        if (!(own > 0)) continue;
        let sum = 0;
        for (let other = 0; other < columns; other++) sum += (inverse[at + other] as number) * (vector[other] as number);
        vector[column] = (vector[column] as number) - sum / own;
      }
  }

  private missingOf(values: Float64Array, offset: number): number {
    let count = 0;
    for (let column = 0; column < this.columns; column++)
      if (Number.isNaN(values[offset + column] as number) || Number.isNaN(this.state.centre[column] as number)) count++;
    return count;
  }

  private learn(values: Float64Array, offset: number, square: number): void {
    const { settled, centre, scale, floor, usualSquare, moments, counts, inverse } = this.state;
    const learned = Math.min((counts[LEARNED] as number) + 1, settled.horizon);
    const usual = counts[MEAN_SQUARE] as number;
    counts[LEARNED] = learned;
    const weight = Math.min(1, (settled.trust * usual) / square) / learned;
    counts[MEAN_SQUARE] = Math.max(usual + (Math.min(square, MEAN_FOLLOWS * usual) - usual) / learned, 1);
    standardise(values, offset, centre, scale, settled.clip, this.vector);
    decay(moments, this.vector, weight, this.distance);
    for (let column = 0; column < this.columns; column++) {
      const score = this.vector[column] as number;
      if (Number.isNaN(score)) continue;
      const unit = scale[column] as number;
      centre[column] = (centre[column] as number) + weight * unit * score;
      const growth = 1 + weight * (score * score - (usualSquare[column] as number));
      const step = Math.sqrt(Math.min(Math.max(growth, 1 / LARGEST_STEP ** 2), LARGEST_STEP ** 2));
      scale[column] = Math.max(unit * step, floor[column] as number);
    }
    this.meet(values, offset);
    counts[SINCE] = (counts[SINCE] as number) + 1;
    if ((counts[SINCE] as number) < settled.refresh) return;
    counts[SINCE] = 0;
    shrunkInverse(moments, learned / settled.dependence, settled.subspace, inverse);
  }

  /** A metric that had no value until now begins at this one. */
  private meet(values: Float64Array, offset: number): void {
    const { centre, scale, floor } = this.state;
    for (let column = 0; column < this.columns; column++) {
      const value = values[offset + column] as number;
      if (!Number.isNaN(centre[column] as number) || !Number.isFinite(value)) continue;
      centre[column] = value;
      floor[column] = floorOfLevel(value);
      scale[column] = floor[column] as number;
    }
  }
}

/** The detector whose `snapshot()` this is. Throws InputError for damage, another version, or bytes of something else. */
export function restorePca(bytes: Uint8Array): Pca {
  const reader = readSnapshot(bytes, KIND, VERSION);
  const [columns = 0, clip = 0, scale = 0, subspace = 0, dependence = 0, horizon = 0, trust = 0, refresh = 0] = reader.float64();
  const halfLives = [...reader.float64()];
  const settled = settle({ clip, scale: SCALES[scale] ?? "robust", subspace: SUBSPACES[subspace] ?? "both", dependence, horizon, trust, refresh, halfLives });
  const field = (length: number): Float64Array => reader.float64(length);
  const [centre, unit, floor, usualSquare] = [field(columns), field(columns), field(columns), field(columns)];
  const moments = { mean: field(columns), covariance: field(columns * columns) };
  const inverse = field(columns * columns);
  const counts = field(3);
  const few = halfLives.length;
  const timescales = { rates: field(few), means: field(few), middles: field(few), spreads: field(few) };
  reader.end();
  return new Pca({ settled, centre, scale: unit, floor, usualSquare, moments, inverse, timescales, counts });
}

/** Clipped robust scores of one vector; NaN where it, or the history of a metric, has no value. */
function standardise(values: Float64Array, offset: number, centre: Float64Array, scale: Float64Array, clip: number, into: Float64Array): void {
  for (let column = 0; column < into.length; column++) {
    const score = ((values[offset + column] as number) - (centre[column] as number)) / (scale[column] as number);
    into[column] = Math.max(-clip, Math.min(clip, score));
  }
}

function settle(params: PcaParams): Settled {
  const { clip = 10, scale = "robust", subspace = "both", dependence = 60, horizon = 40_320, trust = 3, halfLives = [0, 5, 20], refresh = 120 } = params;
  const check = (name: string, value: number, fits: boolean, right: string): void => {
    if (!fits) throw new InputError(`${name} is ${value}: give ${right}`);
  };
  check("clip", clip, clip > 0 && clip <= 1e6, "a number above 0, at most a million");
  check("dependence", dependence, dependence >= 1 && Number.isFinite(dependence), "a number of rows from 1");
  check("horizon", horizon, horizon === 0 || (horizon >= 2 && Number.isFinite(horizon)), "a number of rows from 2, or 0 to learn nothing");
  check("trust", trust, trust > 0, "a number above 0");
  check("refresh", refresh, Number.isInteger(refresh) && refresh >= 1, "a whole number of rows");
  check("the number of half-lives", halfLives.length, halfLives.length >= 1 && halfLives.length <= 16, "1 to 16");
  for (const halfLife of halfLives) check("a half-life", halfLife, halfLife >= 0 && Number.isFinite(halfLife), "a number of rows, or 0");
  return { clip, scale, subspace, dependence, horizon, trust, halfLives, refresh };
}
