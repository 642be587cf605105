/** From p-values to alarms: m of n samples, then silence for a while. State per slot in typed arrays. */
import { InputError } from "../input-error.ts";
import { isTime } from "../sample-range.ts";
import { readSnapshot, writeSnapshot } from "../snapshot.ts";
import { type AlarmBudget, levelFor, rateOf } from "./alarm-budget.ts";
import { RateControl } from "./rate-control.ts";

const SNAPSHOT = "alarm gate";
const MOST_SLOT = 2 ** 27 - 1;
/** 2: with the parameters. */
const VERSION = 2;

/** The budget, and how it is kept. */
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

/** The last step of a stream: whether a sample raises an alarm. State per slot in typed arrays; slots are made as they are used. */
export class AlarmGate {
  /**
   * P-values at or below it count, before a slot's own alarms are considered. Follows from the budget; one may set another for a tick, as
   * discoveryThreshold() says.
   */
  level: number;
  readonly #params: Float64Array;
  readonly #rate: number;
  readonly #control: RateControl;
  readonly #shared: boolean;
  readonly #needed: number;
  readonly #mask: number;
  readonly #refractoryMs: number;
  /** The last samples, newest in the lowest bit, and in the highest whether an alarm was raised for them. */
  #history = new Uint32Array(64);
  /** When the last alarm was, epoch milliseconds. */
  #alarmed = new Float64Array(64).fill(Number.NEGATIVE_INFINITY);

  /** Throws InputError for a budget that no level meets. */
  constructor(params: AlarmGateParams) {
    const { persistence = { needed: 1, of: 1 }, refractoryMs = 0, pace = 0.1, shared = false } = params;
    const { alarmsPerDay, intervalMs, series = 1 } = params;
    this.#params = Float64Array.of(alarmsPerDay, intervalMs, series, persistence.needed, persistence.of, refractoryMs, pace, shared ? 1 : 0);
    this.level = levelFor(params);
    this.#rate = rateOf(params);
    this.#control = new RateControl(pace);
    this.#shared = shared;
    this.#needed = persistence.needed;
    this.#mask = 2 ** persistence.of - 1;
    this.#refractoryMs = refractoryMs;
  }

  /**
   * Whether an alarm is raised with this sample: enough of the last ones count, none was raised since they do, and the last alarm is long ago;
   * trouble that begins in the
   * silence and lasts is told when that is over. A clock that steps back ends the silence.
   * Slots are whole numbers from 0, those of a StreamBank. Throws InputError for another slot, and for a time that no Date has. A p-value that is NaN does not count.
   */
  push(slot: number, p: number, at: number): boolean {
    if (!(slot >= 0 && slot < this.#history.length && Number.isInteger(slot))) this.#grow(slot);
    if (!isTime(at)) throw new InputError(`the time of a sample for slot ${slot} is ${at}: give epoch milliseconds`);
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

  /** All state as bytes, with the parameters. */
  snapshot(): Uint8Array {
    return writeSnapshot(SNAPSHOT, VERSION, [
      this.#params,
      Float64Array.of(this.level, this.#history.length, this.#control.state.length),
      this.#history,
      this.#alarmed,
      this.#control.state,
    ]);
  }

  /** The gate as it was. Throws InputError for bytes of another version, of something else, or damaged. */
  static restore(bytes: Uint8Array): AlarmGate {
    const reader = readSnapshot(bytes, SNAPSHOT, VERSION);
    const [alarmsPerDay = 0, intervalMs = 0, series = 0, needed = 0, of = 0, refractoryMs = 0, pace = 0, shared = 0] = reader.float64();
    const gate = new AlarmGate({ alarmsPerDay, intervalMs, series, persistence: { needed, of }, refractoryMs, pace, shared: shared === 1 });
    const [level = 0, slots = 0, controlled = 0] = reader.float64();
    // Sizes that somebody made up must not take more memory than the bytes that came.
    if (!(12 * slots + 4 * controlled <= bytes.length)) throw new InputError("the snapshot of an alarm gate is smaller than its slots");
    gate.level = level;
    gate.#history = new Uint32Array(slots);
    gate.#alarmed = new Float64Array(slots);
    gate.#control.state = new Float32Array(controlled);
    for (const field of [gate.#history, gate.#alarmed, gate.#control.state]) reader.into(field);
    reader.end();
    return gate;
  }

  #grow(slot: number): void {
    if (!Number.isInteger(slot) || slot < 0 || slot > MOST_SLOT) throw new InputError(`the slot is ${slot}: give a whole number from 0 to ${MOST_SLOT}`);
    let size = this.#history.length;
    while (size <= slot) size *= 2;
    const history = new Uint32Array(size);
    history.set(this.#history);
    const alarmed = new Float64Array(size).fill(Number.NEGATIVE_INFINITY);
    alarmed.set(this.#alarmed);
    [this.#history, this.#alarmed] = [history, alarmed];
  }
}
