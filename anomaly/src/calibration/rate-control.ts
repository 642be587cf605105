/**
 * Keeps alarms at the rate that was asked for, whatever dependence, persistence and a wrong tail do to it: an alarm makes the level stricter, time
 * without one makes it
 * looser (I. Gibbs and E. Candes, "Adaptive Conformal Inference Under Distribution Shift", 2021, on the logarithm of the level).
 * While the factor stays within its bounds, alarms over T samples differ from asked ones by at most its range / pace, for any series at all: their
 * mean comes out as asked.
 * The price: real incidents spend the budget too. After five alarms in a day the level is e^-0.5 of what it was, at the default pace, and comes back
 * in five days at one a day asked.
 */
import { InputError } from "../input-error.ts";

/** Bounds of the factor, as logarithms: a hundredth, and ten times the level. */
const [LEAST, MOST] = [Math.log(0.01), Math.log(10)];

export class RateControl {
  readonly #pace: number;
  #drift: Float32Array = new Float32Array(64);

  /** `pace`: by how much one alarm lowers the logarithm of the level; 0 is no control. */
  constructor(pace: number) {
    if (!(pace >= 0 && pace <= 1)) throw new InputError(`the pace is ${pace}: give a number from 0 to 1, such as 0.1`);
    this.#pace = pace;
  }

  /** What the level of a slot is to be multiplied with. */
  factor(slot: number): number {
    return Math.exp(this.#drift[slot] ?? 0);
  }

  /** Learns whether the sample that was just judged raised an alarm; `rate` is how often one should. */
  learn(slot: number, alarm: boolean, rate: number): void {
    if (slot >= this.#drift.length) this.#grow(slot);
    const next = (this.#drift[slot] as number) + this.#pace * (rate - (alarm ? 1 : 0));
    this.#drift[slot] = Math.max(LEAST, Math.min(MOST, next));
  }

  forget(slot: number): void {
    if (slot < this.#drift.length) this.#drift[slot] = 0;
  }

  /** The state, for a snapshot of its owner. */
  get state(): Float32Array {
    return this.#drift;
  }

  set state(drift: Float32Array) {
    this.#drift = drift;
  }

  #grow(slot: number): void {
    let size = this.#drift.length;
    while (size <= slot) size *= 2;
    const drift = new Float32Array(size);
    drift.set(this.#drift);
    this.#drift = drift;
  }
}
