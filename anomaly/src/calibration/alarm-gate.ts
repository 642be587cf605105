/** From p-values to alarms: m of n samples, then silence for a while. State per slot in typed arrays. */
import { InputError } from "../input-error.ts";
import { readSnapshot, writeSnapshot } from "../snapshot.ts";
import { type AlarmBudget, levelFor, rateOf } from "./alarm-budget.ts";
import { RateControl } from "./rate-control.ts";

const SNAPSHOT = "alarm gate";
const VERSION = 2;

export interface AlarmGateParams extends AlarmBudget {
  /** How fast the level of a slot follows what its alarms have been: see RateControl. 0 leaves it where the budget puts it for independent samples. 0.1. */
  readonly pace?: number;
  /**
   * One correction for all slots in place of one each: a budget of one alarm in ten days leaves a series too few alarms to learn from, a thousand
   * series together have enough.
   * What one series does then changes the level of the others a little. false.
   */
  readonly shared?: boolean;
}

/** Bits set in 32. */
function bitCount(bits: number): number {
  let word = bits - ((bits >>> 1) & 0x55555555);
  word = (word & 0x33333333) + ((word >>> 2) & 0x33333333);
  return Math.imul((word + (word >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

export class AlarmGate {
  /**
   * P-values at or below it count, before a slot's own alarms are considered. Follows from the budget; one may set another for a tick, as
   * discoveryThreshold() says.
   */
  level: number;
  readonly #rate: number;
  readonly #control: RateControl;
  readonly #shared: boolean;
  readonly #needed: number;
  readonly #mask: number;
  readonly #refractoryMs: number;
  /** What it was made with, as numbers, for a snapshot. */
  readonly #budget: Float64Array;
  /** The last samples, newest in the lowest bit, and in the highest whether an alarm was raised for them. */
  #history = new Uint32Array(64);
  /** When the last alarm was, epoch milliseconds. */
  #alarmed = new Float64Array(64).fill(Number.NEGATIVE_INFINITY);

  /** Throws InputError for a budget that no level meets. */
  constructor(params: AlarmGateParams) {
    const { persistence = { needed: 1, of: 1 }, refractoryMs = 0, pace = 0.1, shared = false } = params;
    this.level = levelFor(params);
    this.#rate = rateOf(params);
    this.#control = new RateControl(pace);
    this.#shared = shared;
    this.#needed = persistence.needed;
    this.#mask = 2 ** persistence.of - 1;
    if (!(refractoryMs >= 0)) throw new InputError(`refractoryMs is ${refractoryMs}: give milliseconds, 0 for none`);
    this.#refractoryMs = refractoryMs;
    this.#budget = Float64Array.of(this.#rate, params.intervalMs, persistence.needed, persistence.of, refractoryMs, pace, Number(shared));
  }

  /**
   * Whether an alarm is raised with this sample: enough of the last ones count, none was raised since they do, and the last alarm is long ago;
   * trouble that begins in the
   * silence and lasts is told when that is over. A clock that steps back ends the silence.
   * Slots are whole numbers from 0, those of a StreamBank.
   */
  push(slot: number, p: number, at: number): boolean {
    if (!(slot >= 0 && slot < this.#history.length)) this.#grow(slot);
    const corrected = this.#shared ? 0 : slot;
    const past = this.#history[slot] as number;
    const history = ((past << 1) | (p <= this.level * this.#control.factor(corrected) ? 1 : 0)) & this.#mask;
    const raised = past >>> 31 === 1;
    const holds = bitCount(history) >= this.#needed;
    const since = at - (this.#alarmed[slot] as number);
    const raises = holds && !raised && !(since >= 0 && since < this.#refractoryMs);
    this.#history[slot] = (holds && (raised || raises) ? history | 0x80000000 : history) >>> 0;
    if (raises) this.#alarmed[slot] = at;
    this.#control.learn(corrected, raises, this.#rate);
    return raises;
  }

  /** Forgets a slot that was given back. */
  forget(slot: number): void {
    if (slot >= this.#history.length) return;
    this.#history[slot] = 0;
    if (!this.#shared) this.#control.forget(slot);
    this.#alarmed[slot] = Number.NEGATIVE_INFINITY;
  }

  snapshot(): Uint8Array {
    return writeSnapshot(SNAPSHOT, VERSION, [
      Uint32Array.of(this.#history.length, this.#control.state.length),
      this.#budget,
      Float64Array.of(this.level),
      this.#history,
      this.#alarmed,
      this.#control.state,
    ]);
  }

  /** Takes the state of a gate with the same budget. Throws InputError for that of another one, for bytes of another version, of something else, or damaged, and stays as it was. */
  restore(bytes: Uint8Array): void {
    const reader = readSnapshot(bytes, SNAPSHOT, VERSION);
    const [slots, budget, level] = [new Uint32Array(2), new Float64Array(this.#budget.length), new Float64Array(1)];
    reader.into(slots);
    reader.into(budget);
    if (budget.some((value, index) => value !== this.#budget[index]))
      throw new InputError("the snapshot is of a gate with another budget: make the gate with that one, or let it begin anew");
    reader.into(level);
    const history = new Uint32Array(slots[0] as number);
    const alarmed = new Float64Array(slots[0] as number);
    const drift = new Float32Array(slots[1] as number);
    reader.into(history);
    reader.into(alarmed);
    reader.into(drift);
    reader.end();
    this.level = level[0] as number;
    this.#control.state = drift;
    [this.#history, this.#alarmed] = [history, alarmed];
  }

  #grow(slot: number): void {
    if (!Number.isInteger(slot) || slot < 0 || slot > 2 ** 30) throw new InputError(`the slot is ${slot}: give a whole number from 0`);
    let size = this.#history.length;
    while (size <= slot) size *= 2;
    const history = new Uint32Array(size);
    history.set(this.#history);
    const alarmed = new Float64Array(size).fill(Number.NEGATIVE_INFINITY);
    alarmed.set(this.#alarmed);
    [this.#history, this.#alarmed] = [history, alarmed];
  }
}
