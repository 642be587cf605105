/**
 * What is not known because samples are missing: one number each, in deviations of what the model would have expected there. A column says what the number
 * changes in the state; here is what later samples tell about the numbers: their means and covariances.
 */
import { ArimaColumns, grown } from "./arima-columns.ts";

/** A number is forgotten when a standard deviation of it changes no entry of the state by this much, in units of the noise: variances feel the square of it. */
const FORGOTTEN = 1e-7;
/** Of an entry of a column. Far from what the number can still be, it would drown what is known in rounding: then columns are made anew from what can be. */
const LARGE = 1e3;
/** What a number lets expect of a sample, or has to do with it, counts as nothing below this, in units of the noise. */
export const NEGLIGIBLE = 1e-11;
/** Once in so many samples it is looked for such. */
const TIDY_EVERY = 8;

export class ArimaGaps {
  readonly columns: ArimaColumns;
  /** Entries of a column that can be other than 0: as many columns say all that any number of them can. */
  readonly #rank: number;
  #capacity = 0;
  /** Covariance of numbers r and c at `r * capacity + c`. */
  #covariances = new Float64Array(0);
  #means = new Float64Array(0);
  /** How the means would change with a constant greater by 1. */
  #ofConstant = new Float64Array(0);
  /** Covariance of each number with the sample at hand. */
  #withSample = new Float64Array(0);
  /** Columns at work: most of a long gap have nothing to do with the sample at hand. */
  #touched = new Int32Array(0);
  #sinceTidy = 0;
  /** Of the largest entry when columns were made anew. */
  #size = 1;

  constructor(stride: number, rank: number) {
    this.columns = new ArimaColumns(stride);
    this.#rank = rank;
  }

  clear(): void {
    this.columns.count = 0;
    this.#sinceTidy = 0;
    this.#size = 1;
  }

  get count(): number {
    return this.columns.count;
  }

  /** A new number: mean 0, variance 1, nothing to do with the others. Returns where its column, all zeros, begins. */
  add(): number {
    const base = this.columns.add();
    const last = this.columns.count - 1;
    this.#makeRoom();
    for (let other = 0; other < last; other++) this.#covariances[other * this.#capacity + last] = this.#covariances[last * this.#capacity + other] = 0;
    this.#covariances[last * this.#capacity + last] = 1;
    this.#means[last] = this.#ofConstant[last] = 0;
    return base;
  }

  #makeRoom(): void {
    const capacity = this.columns.reach.length;
    if (capacity === this.#capacity) return;
    const wider = new Float64Array(capacity * capacity);
    for (let row = 0; row < this.#capacity; row++) wider.set(this.#covariances.subarray(row * this.#capacity, (row + 1) * this.#capacity), row * capacity);
    this.#covariances = wider;
    this.#capacity = capacity;
    this.#means = grown(this.#means, capacity);
    this.#ofConstant = grown(this.#ofConstant, capacity);
    this.#withSample = grown(this.#withSample, capacity);
    this.#touched = new Int32Array(capacity);
  }

  /** What the numbers, each at its mean, add to the expectation of the sample at hand. */
  expected(): number {
    return this.#sumOfReach(this.#means);
  }

  expectedOfConstant(): number {
    return this.#sumOfReach(this.#ofConstant);
  }

  #sumOfReach(weights: Float64Array): number {
    const { reach, count } = this.columns;
    let sum = 0;
    for (let column = 0; column < count; column++) sum += (reach[column] as number) * (weights[column] as number);
    return sum;
  }

  /** The variance that they add to it. */
  spread(): number {
    const { reach, count } = this.columns;
    const [covariances, capacity, withSample, touched] = [this.#covariances, this.#capacity, this.#withSample, this.#touched];
    let reaching = 0;
    for (let column = 0; column < count; column++) if (reach[column] !== 0) touched[reaching++] = column;
    let spread = 0;
    for (let row = 0; row < count; row++) {
      const base = row * capacity;
      let sum = 0;
      for (let index = 0; index < reaching; index++) {
        const column = touched[index] as number;
        sum += (covariances[base + column] as number) * (reach[column] as number);
      }
      withSample[row] = Math.abs(sum) < NEGLIGIBLE ? 0 : sum;
      spread += sum * (reach[row] as number);
    }
    return Math.max(spread, 0);
  }

  /** The sample at hand is seen: it was `error` off, with `variance`, and would have been `ofConstant` less so with a constant greater by 1. */
  learn(error: number, ofConstant: number, variance: number): void {
    const { count } = this.columns;
    const [covariances, capacity, withSample, touched] = [this.#covariances, this.#capacity, this.#withSample, this.#touched];
    let related = 0;
    for (let row = 0; row < count; row++) if (withSample[row] !== 0) touched[related++] = row;
    for (let one = 0; one < related; one++) {
      const row = touched[one] as number;
      const base = row * capacity;
      const share = (withSample[row] as number) / variance;
      this.#means[row] = (this.#means[row] as number) + share * error;
      this.#ofConstant[row] = (this.#ofConstant[row] as number) - share * ofConstant;
      for (let other = 0; other < related; other++) {
        const column = touched[other] as number;
        covariances[base + column] = (covariances[base + column] as number) - share * (withSample[column] as number);
      }
    }
  }

  /** Forgets numbers that no longer matter, and says with few what many say. Their means go to the vectors at 0 and at `ofConstant`, where that is not 0. */
  tidy(vectors: Float64Array, ofConstant: number): void {
    if (++this.#sinceTidy < TIDY_EVERY) return;
    this.#sinceTidy = 0;
    let most = 0;
    for (let column = this.columns.count - 1; column >= 0; column--) {
      const variance = Math.max(this.#covariances[column * this.#capacity + column] as number, 0);
      const size = this.columns.largest(column);
      if (size * Math.sqrt(variance) < FORGOTTEN) this.#remove(column, vectors, ofConstant);
      else most = Math.max(most, size);
    }
    if (most > LARGE * this.#size || this.columns.count > 2 * this.#rank + TIDY_EVERY) this.#compress(vectors, ofConstant);
  }

  #settle(column: number, vectors: Float64Array, ofConstant: number): void {
    this.columns.addScaled(column, vectors, 0, this.#means[column] as number);
    if (ofConstant > 0) this.columns.addScaled(column, vectors, ofConstant, this.#ofConstant[column] as number);
    this.#means[column] = this.#ofConstant[column] = 0;
  }

  #remove(column: number, vectors: Float64Array, ofConstant: number): void {
    this.#settle(column, vectors, ofConstant);
    this.columns.remove(column);
    const last = this.columns.count;
    if (column === last) return;
    const [covariances, capacity] = [this.#covariances, this.#capacity];
    covariances.copyWithin(column * capacity, last * capacity, last * capacity + last + 1);
    for (let row = 0; row <= last; row++) covariances[row * capacity + column] = covariances[row * capacity + last] as number;
    this.#means[column] = this.#means[last] as number;
    this.#ofConstant[column] = this.#ofConstant[last] as number;
  }

  /** New numbers, independent and of variance 1, in place of the old ones: columns times a root of the covariances, turned until all but `rank` are 0. */
  #compress(vectors: Float64Array, ofConstant: number): void {
    const { columns } = this;
    const { count, stride } = columns;
    for (let column = 0; column < count; column++) this.#settle(column, vectors, ofConstant);
    const root = rootOf(this.#covariances, this.#capacity, count);
    const old = columns.values.slice(0, count * stride);
    columns.values.fill(0, 0, count * stride);
    for (let column = 0; column < count; column++)
      for (let row = column; row < count; row++) {
        const weight = root[row * count + column] as number;
        if (weight === 0) continue;
        for (let index = 0; index < stride; index++)
          columns.values[column * stride + index] = (columns.values[column * stride + index] as number) + weight * (old[row * stride + index] as number);
      }
    turn(columns);
    this.#size = 1;
    for (let column = 0; column < columns.count; column++) this.#size = Math.max(this.#size, columns.largest(column));
    for (let row = 0; row < columns.count; row++)
      for (let column = 0; column < columns.count; column++) this.#covariances[row * this.#capacity + column] = row === column ? 1 : 0;
  }

  state(): Float64Array {
    const { count } = this.columns;
    const state = new Float64Array(2 + (2 + count) * count);
    state[0] = this.#sinceTidy;
    state[1] = this.#size;
    state.set(this.#means.subarray(0, count), 2);
    state.set(this.#ofConstant.subarray(0, count), 2 + count);
    for (let row = 0; row < count; row++) state.set(this.#covariances.subarray(row * this.#capacity, row * this.#capacity + count), 2 + (2 + row) * count);
    return state;
  }

  restore(columns: Float64Array, state: Float64Array): void {
    this.clear();
    while (this.columns.count * this.columns.stride < columns.length) this.add();
    this.columns.restore(columns);
    const { count } = this.columns;
    this.#sinceTidy = state[0] as number;
    this.#size = state[1] as number;
    const part = (index: number): Float64Array => state.subarray(2 + index * count, 2 + (index + 1) * count);
    this.#means.set(part(0));
    this.#ofConstant.set(part(1));
    for (let row = 0; row < count; row++) this.#covariances.set(part(2 + row), row * this.#capacity);
  }
}

/** Cholesky's lower triangle; what is known exactly leaves a column of zeros. */
function rootOf(covariances: Float64Array, capacity: number, count: number): Float64Array {
  const root = new Float64Array(count * count);
  for (let column = 0; column < count; column++) {
    for (let row = column; row < count; row++) {
      let sum = covariances[row * capacity + column] as number;
      for (let before = 0; before < column; before++) sum -= (root[row * count + before] as number) * (root[column * count + before] as number);
      if (row === column) root[row * count + row] = sum > 1e-14 ? Math.sqrt(sum) : 0;
      else {
        const pivot = root[column * count + column] as number;
        root[row * count + column] = pivot > 0 ? sum / pivot : 0;
      }
    }
  }
  return root;
}

/** Householder's reflections, entry by entry, until no column is left but those that the entries need. */
function turn(columns: ArimaColumns): void {
  const { values, count, stride } = columns;
  const reflector = columns.reach;
  let done = 0;
  for (let row = 0; row < stride && done < count; row++) {
    let square = 0;
    for (let column = done; column < count; column++) square += (values[column * stride + row] as number) ** 2;
    if (square === 0) continue;
    const first = values[done * stride + row] as number;
    const pivot = first > 0 ? -Math.sqrt(square) : Math.sqrt(square);
    for (let column = done; column < count; column++) reflector[column] = values[column * stride + row] as number;
    reflector[done] = first - pivot;
    const scale = 2 / (square - first * first + (first - pivot) ** 2);
    for (let other = row; other < stride; other++) {
      let product = 0;
      for (let column = done; column < count; column++) product += (reflector[column] as number) * (values[column * stride + other] as number);
      if (product === 0) continue;
      for (let column = done; column < count; column++)
        values[column * stride + other] = (values[column * stride + other] as number) - scale * product * (reflector[column] as number);
    }
    for (let column = done + 1; column < count; column++) values[column * stride + row] = 0;
    done++;
  }
  columns.count = done;
}
