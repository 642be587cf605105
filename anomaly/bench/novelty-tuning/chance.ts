/** Chance with a shape, from one stream of random numbers. */
import type { Random } from "../../src/index.ts";

/** Above it a Poisson count is drawn as a rounded normal. */
const MANY = 50;

export class Chance {
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  /** True with this probability. */
  happens(probability: number): boolean {
    return this.#random.next() < probability;
  }

  uniform(from: number, to: number): number {
    return from + (to - from) * this.#random.next();
  }

  /** As many below the geometric mean as above it. */
  logUniform(from: number, to: number): number {
    return Math.exp(this.uniform(Math.log(from), Math.log(to)));
  }

  below(bound: number): number {
    return this.#random.below(bound);
  }

  one<T>(values: readonly T[]): T {
    return values[this.#random.below(values.length)] as T;
  }

  normal(): number {
    return this.#random.normal();
  }

  /** Time to the next event of a process without memory. */
  exponential(mean: number): number {
    return -Math.log(1 - this.#random.next()) * mean;
  }

  poisson(mean: number): number {
    if (mean <= 0) return 0;
    if (mean > MANY) return Math.max(0, Math.round(mean + Math.sqrt(mean) * this.normal()));
    const least = Math.exp(-mean);
    let count = -1;
    for (let product = 1; product > least; count++) product *= this.#random.next();
    return count;
  }

  /** Mean 1, variance 1/2: the sum of two exponentials. */
  burst(): number {
    return this.exponential(0.5) + this.exponential(0.5);
  }
}
