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
import { readSnapshot, writeSnapshot } from "../snapshot.ts";

const SNAPSHOT = "rate control";
const VERSION = 1;
const MOST_SLOT = 2 ** 27 - 1;

/** Bounds of the factor, as logarithms: a hundredth, and ten times the level. */
const [LEAST, MOST] = [Math.log(0.01), Math.log(10)];

/** One number per slot. */
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

  /** Learns whether the sample that was just judged raised an alarm; `rate` is how often one should: alarms per sample. */
  learn(slot: number, alarm: boolean, rate: number): void {
    if (!(rate >= 0 && rate <= 1)) throw new InputError(`the rate is ${rate}: give alarms per sample, from 0 to 1`);
    if (!(Number.isInteger(slot) && slot >= 0 && slot <= MOST_SLOT)) throw new InputError(`the slot is ${slot}: give a whole number from 0 to ${MOST_SLOT}`);
    if (slot >= this.#drift.length) this.#grow(slot);
    const next = (this.#drift[slot] as number) + this.#pace * (rate - (alarm ? 1 : 0));
    this.#drift[slot] = Math.max(LEAST, Math.min(MOST, next));
  }

  /** Forgets a slot that was given back. */
  forget(slot: number): void {
    if (slot < this.#drift.length) this.#drift[slot] = 0;
  }

  /** All state as bytes, with the pace. */
  snapshot(): Uint8Array {
    return writeSnapshot(SNAPSHOT, VERSION, [Float64Array.of(this.#pace, this.#drift.length), this.#drift]);
  }

  /** The control as it was. Throws InputError for bytes that `snapshot` of this version did not write. */
  static restore(bytes: Uint8Array): RateControl {
    const reader = readSnapshot(bytes, SNAPSHOT, VERSION);
    const [pace = 0, slots = 0] = reader.float64();
    const control = new RateControl(pace);
    if (!(4 * slots <= bytes.length)) throw new InputError("the snapshot of a rate control is smaller than its slots");
    control.#drift = new Float32Array(slots);
    reader.into(control.#drift);
    reader.end();
    return control;
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
