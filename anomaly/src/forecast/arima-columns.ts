/** A matrix by its square root, column after column, that grows with what is unknown and shrinks with what is learnt. */

/** A column whose every entry is smaller than this, in units of the noise, is forgotten. */
const FORGOTTEN = 1e-12;
const FIRST_CAPACITY = 4;
/** Columns are looked through for forgotten ones once in so many samples. */
const TIDY_EVERY = 8;

export class ArimaColumns {
  count = 0;
  /** Column c is at `c * stride`. */
  values: Float64Array;
  /** What each column lets expect of the sample at hand. */
  reach: Float64Array;
  #direction: Float64Array;
  #sinceTidy = 0;
  readonly #stride: number;
  /** Entries of a column that can be other than 0: as many columns say all that any number of them can. */
  readonly #rank: number;

  constructor(stride: number, rank: number) {
    this.#stride = stride;
    this.#rank = rank;
    this.values = new Float64Array(0);
    this.reach = new Float64Array(0);
    this.#direction = new Float64Array(0);
  }

  clear(): void {
    this.count = 0;
    this.#sinceTidy = 0;
  }

  state(): Float64Array {
    return Float64Array.of(this.#sinceTidy, ...this.values.subarray(0, this.count * this.#stride));
  }

  restore(state: Float64Array): void {
    this.clear();
    while (this.count * this.#stride < state.length - 1) this.add();
    this.values.set(state.subarray(1));
    this.#sinceTidy = state[0] as number;
  }

  /** Adds a column of zeros and returns where it begins. */
  add(): number {
    if (this.count === this.reach.length) this.#grow();
    const base = this.count++ * this.#stride;
    this.values.fill(0, base, base + this.#stride);
    return base;
  }

  #grow(): void {
    const capacity = Math.max(FIRST_CAPACITY, this.count * 2);
    const [values, reach] = [this.values, this.reach];
    this.values = new Float64Array(capacity * this.#stride);
    this.values.set(values);
    this.reach = new Float64Array(capacity);
    this.reach.set(reach);
    this.#direction = new Float64Array(this.#stride);
  }

  remove(column: number): void {
    const stride = this.#stride;
    this.count--;
    if (column === this.count) return;
    this.values.copyWithin(column * stride, this.count * stride, (this.count + 1) * stride);
    this.reach[column] = this.reach[this.count] as number;
  }

  /** The sum of all columns times their reach; valid until the next call. */
  combine(): Float64Array {
    const direction = this.#direction;
    const stride = this.#stride;
    direction.fill(0);
    for (let column = 0; column < this.count; column++) {
      const reach = this.reach[column] as number;
      if (reach === 0) continue;
      const base = column * stride;
      for (let index = 0; index < stride; index++) direction[index] = (direction[index] as number) + reach * (this.values[base + index] as number);
    }
    return direction;
  }

  /** Takes `factor` times reach times the combined direction off each column: J. Potter's square-root update. */
  shrink(factor: number): void {
    const direction = this.#direction;
    const stride = this.#stride;
    for (let column = 0; column < this.count; column++) {
      const scale = factor * (this.reach[column] as number);
      if (scale === 0) continue;
      const base = column * stride;
      for (let index = 0; index < stride; index++) this.values[base + index] = (this.values[base + index] as number) - scale * (direction[index] as number);
    }
  }

  /** Takes column `pivot` off each of `others` so that none of them reaches the sample at hand. */
  eliminate(pivot: number, others: ArimaColumns): void {
    for (let column = 0; column < others.count; column++)
      if (others !== this || column !== pivot) this.addTo(pivot, others.values, column * this.#stride, -(others.reach[column] as number));
  }

  /** Adds `error` over the column's reach times column `pivot` to the vector at `base`. */
  addTo(pivot: number, vectors: Float64Array, base: number, error: number): void {
    const scale = error / (this.reach[pivot] as number);
    const from = pivot * this.#stride;
    for (let index = 0; index < this.#stride; index++)
      vectors[base + index] = (vectors[base + index] as number) + scale * (this.values[from + index] as number);
  }

  /** Forgets columns that no longer matter, and says with few what many say. */
  tidy(): void {
    if (++this.#sinceTidy < TIDY_EVERY) return;
    this.#sinceTidy = 0;
    const stride = this.#stride;
    for (let column = this.count - 1; column >= 0; column--) {
      const base = column * stride;
      let index = 0;
      while (index < stride && Math.abs(this.values[base + index] as number) < FORGOTTEN) index++;
      if (index === stride) this.remove(column);
    }
    if (this.count > 2 * this.#rank + TIDY_EVERY) this.#compress();
  }

  /** Rotates the columns (Householder's reflections, row by row) until all but `rank` of them are 0. */
  #compress(): void {
    const { values, count } = this;
    const stride = this.#stride;
    const reflector = this.reach;
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
    this.count = done;
  }
}
