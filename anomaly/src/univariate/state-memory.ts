/**
 * The states that a series has been in, as few points as cover them: leader clustering (J. Hartigan, "Clustering Algorithms", 1975, chapter 3) with a fixed radius, which is
 * adaptive resonance (G. Carpenter and S. Grossberg, 1987) with vigilance 1 - radius and fast learning. Nothing is forgotten while there is room; then what was met longest ago goes.
 * A state is two numbers in the unit of the series; distances are measured in ranges of the series, so they change as the range does and points need not.
 */
export class StateMemory {
  readonly #radius: number;
  readonly #capacity: number;
  /** Two numbers per point. */
  readonly #points: Float64Array;
  /** When a point was last the nearest one. */
  readonly #met: Float64Array;
  /** [points in use, clock]. */
  readonly #counts = new Float64Array(2);
  #nearest = -1;

  constructor(capacity: number, radius: number) {
    this.#radius = radius;
    this.#capacity = capacity;
    this.#points = new Float64Array(2 * capacity);
    this.#met = new Float64Array(capacity);
  }

  get points(): number {
    return this.#counts[0] as number;
  }

  /** What restores it. */
  get state(): readonly Float64Array[] {
    return [this.#points, this.#met, this.#counts];
  }

  /** Distance to the nearest point, root mean square of the two differences times `perRange`; 0 where there is none. */
  distance(first: number, second: number, perRange: number): number {
    const points = this.#points;
    const end = 2 * this.points;
    let least = Number.POSITIVE_INFINITY;
    let nearest = -1;
    for (let index = 0; index < end; index += 2) {
      // In ranges before they are squared: the unit of the series may be too large for a square.
      const one = (first - (points[index] as number)) * perRange;
      const other = (second - (points[index + 1] as number)) * perRange;
      const square = one * one + other * other;
      if (square < least) {
        least = square;
        nearest = index >> 1;
      }
    }
    this.#nearest = nearest;
    return nearest < 0 ? 0 : Math.sqrt(least / 2);
  }

  /** The distance, and the nearest point counts as met. */
  meet(first: number, second: number, perRange: number): number {
    const distance = this.distance(first, second, perRange);
    this.#counts[1] = (this.#counts[1] as number) + 1;
    if (this.#nearest >= 0) this.#met[this.#nearest] = this.#counts[1] as number;
    return distance;
  }

  /** Adds the state as a point, unless one lies within the radius. */
  learn(first: number, second: number, perRange: number): void {
    if (this.points > 0 && this.distance(first, second, perRange) <= this.#radius) return;
    const point = this.points < this.#capacity ? this.points : this.#longestAgo();
    if (point === this.points) this.#counts[0] = point + 1;
    this.#points[2 * point] = first;
    this.#points[2 * point + 1] = second;
    this.#met[point] = this.#counts[1] as number;
  }

  #longestAgo(): number {
    const met = this.#met;
    let oldest = 0;
    for (let point = 1; point < this.#capacity; point++) if ((met[point] as number) < (met[oldest] as number)) oldest = point;
    return oldest;
  }
}
