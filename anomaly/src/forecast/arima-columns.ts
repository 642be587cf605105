/** Vectors of one length, column after column, as many as there are unknown numbers. */

const FIRST_CAPACITY = 4;

export class ArimaColumns {
  count = 0;
  /** Column c begins at `c * stride`. */
  values = new Float64Array(0);
  /** What each column lets expect of the sample at hand. */
  reach = new Float64Array(0);
  readonly stride: number;

  constructor(stride: number) {
    this.stride = stride;
  }

  /** Adds a column of zeros and returns where it begins. */
  add(): number {
    if (this.count === this.reach.length) {
      const capacity = Math.max(FIRST_CAPACITY, this.count * 2);
      this.values = grown(this.values, capacity * this.stride);
      this.reach = grown(this.reach, capacity);
    }
    const base = this.count++ * this.stride;
    this.values.fill(0, base, base + this.stride);
    return base;
  }

  /** The last column takes the place of this one. */
  remove(column: number): void {
    const { stride } = this;
    this.count--;
    if (column === this.count) return;
    this.values.copyWithin(column * stride, this.count * stride, (this.count + 1) * stride);
    this.reach[column] = this.reach[this.count] as number;
  }

  /** Takes column `pivot` off each of `others` so that none of them reaches the sample at hand. */
  eliminate(pivot: number, others: ArimaColumns): void {
    for (let column = 0; column < others.count; column++)
      if (others !== this || column !== pivot) this.addTo(pivot, others.values, column * this.stride, -(others.reach[column] as number));
  }

  /** Adds `error` over the reach of column `pivot` times that column to the vector at `base`. */
  addTo(pivot: number, vectors: Float64Array, base: number, error: number): void {
    this.addScaled(pivot, vectors, base, error / (this.reach[pivot] as number));
  }

  addScaled(column: number, vectors: Float64Array, base: number, scale: number): void {
    const from = column * this.stride;
    if (scale === 0) return;
    for (let index = 0; index < this.stride; index++) vectors[base + index] = (vectors[base + index] as number) + scale * (this.values[from + index] as number);
  }

  /** Of a column, without signs. */
  largest(column: number): number {
    const base = column * this.stride;
    let most = 0;
    for (let index = 0; index < this.stride; index++) {
      const size = Math.abs(this.values[base + index] as number);
      if (size > most) most = size;
    }
    return most;
  }

  state(): Float64Array {
    return this.values.slice(0, this.count * this.stride);
  }

  restore(state: Float64Array): void {
    this.count = 0;
    while (this.count * this.stride < state.length) this.add();
    this.values.set(state);
  }
}

export function grown(values: Float64Array, length: number): Float64Array<ArrayBuffer> {
  const longer = new Float64Array(length);
  longer.set(values);
  return longer;
}
