/** A bank of many streams: each push gives a calibrated p-value, and who voted for it. */
import { addScore, HISTOGRAM_FIELDS, scaleWeights } from "../calibration/decayed-histogram.ts";
import { tailP } from "../calibration/tail-probability.ts";
import { combineP, votesOf } from "../ensemble/cauchy.ts";
import { InputError } from "../input-error.ts";
import { readSnapshot, writeSnapshot } from "../snapshot.ts";
import { ORDER } from "./auto-regression.ts";
import { COUNTER, GAUGE, IGNORED, TAKEN_AFTER_GAP, takeIn } from "./intake.ts";
import { ACCEPTED, CLOCK_STEPS, GAPS, HISTOGRAMS, KIND, MEMBER_COUNT, MEMBER_WEIGHTS, NOT_FINITE, REPEATED, RESETS, WEIGHT } from "./layout.ts";
import { afterGap, scoreMembers } from "./members.ts";
import { narrowAt, SlotStore, wideAt } from "./slot-store.ts";
import { completeParams, numbersOf, paramsOf, type StreamParams } from "./stream-params.ts";

const SNAPSHOT = "stream bank";
const VERSION = 1;
/** The last millisecond that a Date can hold. */
const LAST_DATE = 8.64e15;
/** Weights grow until here and are then divided by it. */
const MOST_WEIGHT = 1e6;
/** ACCEPTED counts in 4 bytes: from here it goes back a little, by as much as keeps what is done every few samples going. */
const MOST_COUNTED = 2 ** 24 - 1;
/** Shapes of tail that are expected: of distances a little heavier than exponential, of -ln p exponential by its nature. */
const [MEMBER_SHAPE, COMBINED_SHAPE] = [0.3, 0.3];

/** "gauge": the values are what is watched. "counter": they only rise, and their rate per second is watched. */
export type SeriesKind = "gauge" | "counter";

/** How often a series gave what could not be used as it was. */
export interface IntakeCounts {
  readonly accepted: number;
  readonly notFinite: number;
  readonly repeated: number;
  readonly counterResets: number;
  readonly clockSteps: number;
  readonly gaps: number;
}

export class StreamBank {
  readonly params: StreamParams;
  /** Of the last push, one per member of MEMBERS: its own p-value, 1 while the series is silent. Reused by the next push. */
  readonly memberP = new Float64Array(MEMBER_COUNT).fill(1);
  /** Of the last push, one per member of MEMBERS: its score in units of spread. Reused by the next push. */
  readonly scores = new Float64Array(MEMBER_COUNT);
  /** Of the last push: [p-value, value (a counter's rate), expected value]. Reused by the next push. */
  readonly answer = Float64Array.of(1, 0, 0);
  readonly #store = new SlotStore();
  readonly #taken = new Float64Array(2);
  readonly #about = new Float64Array(2);
  readonly #growth: number;
  #votes = 0;

  constructor(params: Partial<StreamParams> = {}) {
    this.params = completeParams(params);
    this.#growth = 1 / (1 - 1 / this.params.calibrationSamples);
  }

  /** Slots from 0 that were ever open. */
  get size(): number {
    return this.#store.used;
  }

  /** Memory that the state of all slots takes. */
  get bytes(): number {
    return this.#store.bytes;
  }

  /** Members that voted in the last push, as bits in the order of MEMBERS; 0 while the series is silent. */
  get votes(): number {
    return this.#votes;
  }

  /** A slot for a new series. */
  open(kind: SeriesKind = "gauge"): number {
    const slot = this.#store.take();
    const { narrow } = this.#store.pageOf(slot);
    const n = narrowAt(slot);
    narrow[n + KIND] = kind === "counter" ? COUNTER : GAUGE;
    narrow[n + WEIGHT] = 1;
    narrow.fill(1, n + MEMBER_WEIGHTS, n + MEMBER_WEIGHTS + MEMBER_COUNT);
    return slot;
  }

  /** Forgets a series; its slot will be given to another. */
  close(slot: number): void {
    this.#opened(slot);
    this.#store.free(slot);
  }

  /**
   * Takes one sample; `at` is epoch milliseconds. Returns the p-value: how often a sample of this series is at least as unusual as this one. 1 for what is ignored
   * (counts() tells why) and until the series is warm. `votes`, `memberP`, `scores` and `answer` tell more until the next push.
   * Throws InputError for a slot that is not open and for a time that no Date can hold.
   */
  push(slot: number, value: number, at: number): number {
    this.#push(slot, value, at);
    return this.answer[0] as number;
  }

  /**
   * One tick: sample `values[i]` for `slots[i]`, all at the same time. Writes p-values and votes, and makes no object. Throws InputError where there
   * is not one place per slot; after
   * an error within, slots before the bad one have their sample.
   */
  pushTick(slots: Int32Array | Uint32Array, values: Float64Array, at: number, p: Float64Array, votes?: Uint8Array): void {
    const places = Math.min(values.length, p.length, votes?.length ?? slots.length);
    if (places < slots.length) throw new InputError(`a tick of ${slots.length} slots has room for ${places}: give as many values, p-values and votes as slots`);
    for (let index = 0; index < slots.length; index++) {
      this.#push(slots[index] as number, values[index] as number, at);
      p[index] = this.answer[0] as number;
      if (votes !== undefined) votes[index] = this.#votes;
    }
  }

  /** Samples so far, and how many were bad in which way. */
  counts(slot: number): IntakeCounts {
    const narrow = this.#opened(slot);
    const of = (field: number): number => narrow[narrowAt(slot) + field] as number;
    return {
      accepted: of(ACCEPTED),
      notFinite: of(NOT_FINITE),
      repeated: of(REPEATED),
      counterResets: of(RESETS),
      clockSteps: of(CLOCK_STEPS),
      gaps: of(GAPS),
    };
  }

  /** From 0, new, to 1, may speak. */
  warmth(slot: number): number {
    return Math.min(1, (this.#opened(slot)[narrowAt(slot) + ACCEPTED] as number) / this.params.warmSamples);
  }

  /** The say of each member in a series' answer, a copy. 1 each unless setMemberWeights() was called. */
  memberWeights(slot: number): Float32Array {
    const from = narrowAt(slot) + MEMBER_WEIGHTS;
    return this.#opened(slot).slice(from, from + MEMBER_COUNT);
  }

  /** Gives members of a series another say: see MemberWeights. Throws InputError unless there is one finite weight >= 0 per member, one of them above 0. */
  setMemberWeights(slot: number, weights: ArrayLike<number>): void {
    const all = Array.from(weights);
    if (all.length !== MEMBER_COUNT || !all.every((weight) => weight >= 0 && weight < 1e9) || !all.some((weight) => weight > 0))
      throw new InputError(`weights are ${all.join(", ")}: give ${MEMBER_COUNT} numbers from 0, one of them above 0`);
    this.#opened(slot).set(all, narrowAt(slot) + MEMBER_WEIGHTS);
  }

  /** All state as bytes. */
  snapshot(): Uint8Array {
    return writeSnapshot(SNAPSHOT, VERSION, [numbersOf(this.params), ...this.#store.fields()]);
  }

  /** A bank that goes on where the snapshot was taken. Throws InputError for bytes of another version, of something else, or damaged. */
  static restore(bytes: Uint8Array): StreamBank {
    const reader = readSnapshot(bytes, SNAPSHOT, VERSION);
    const bank = new StreamBank(paramsOf(reader.float64()));
    bank.#store.restore((field) => reader.into(field));
    reader.end();
    return bank;
  }

  #push(slot: number, value: number, at: number): void {
    const { wide, narrow } = this.#store.pageOf(slot);
    const w = wideAt(slot);
    const n = narrowAt(slot);
    if (narrow[n + KIND] === 0) throw notOpen(slot);
    if (!(Math.abs(at) <= LAST_DATE)) throw new InputError(`the time of a sample for slot ${slot} is ${at}: give epoch milliseconds`);
    this.answer[0] = 1;
    this.memberP.fill(1);
    this.#votes = 0;
    const taken = takeIn(wide, w, narrow, n, value, at, this.#taken);
    if (taken === IGNORED) return;
    if (taken === TAKEN_AFTER_GAP) afterGap(narrow, n);
    const before = narrow[n + ACCEPTED] as number;
    const count = before < MOST_COUNTED ? before + 1 : before + 1 - ORDER;
    narrow[n + ACCEPTED] = count;
    const sample = this.#taken[0] as number;
    scoreMembers(wide, w, narrow, n, sample, at, this.#taken[1] as number, this.params, this.scores, this.#about);
    this.answer[1] = sample;
    this.answer[2] = this.#about[0] as number;
    if (count > this.params.learnSamples) this.#calibrate(narrow, n, count);
  }

  /** P-values from scores, then their combination, calibrated once more: members depend on each other, and how is what the last histogram knows. */
  #calibrate(narrow: Float32Array, n: number, count: number): void {
    const { memberP, scores, params } = this;
    const weight = narrow[n + WEIGHT] as number;
    for (let member = 0; member < MEMBER_COUNT; member++) {
      const histogram = n + HISTOGRAMS + member * HISTOGRAM_FIELDS;
      memberP[member] = tailP(narrow, histogram, scores[member] as number, weight, "square", MEMBER_SHAPE);
      addScore(narrow, histogram, scores[member] as number, weight);
    }
    const combined = combineP(memberP, MEMBER_COUNT, narrow, n + MEMBER_WEIGHTS);
    // Histograms of the members must know a little before the combination of their p-values is counted.
    if (count > 2 * params.learnSamples) {
      const histogram = n + HISTOGRAMS + MEMBER_COUNT * HISTOGRAM_FIELDS;
      const surprise = -Math.log(combined);
      if (count > params.warmSamples) {
        this.answer[0] = tailP(narrow, histogram, surprise, weight, "plain", COMBINED_SHAPE);
        this.#votes = votesOf(memberP, MEMBER_COUNT, combined, params.voteLevel);
      }
      addScore(narrow, histogram, surprise, weight);
    }
    const grown = weight * this.#growth;
    narrow[n + WEIGHT] = grown;
    if (grown < MOST_WEIGHT) return;
    for (let member = 0; member <= MEMBER_COUNT; member++) scaleWeights(narrow, n + HISTOGRAMS + member * HISTOGRAM_FIELDS, 1 / grown);
    narrow[n + WEIGHT] = 1;
  }

  #opened(slot: number): Float32Array {
    const { narrow } = this.#store.pageOf(slot);
    if (narrow[narrowAt(slot) + KIND] === 0) throw notOpen(slot);
    return narrow;
  }
}

function notOpen(slot: number): InputError {
  return new InputError(`slot ${slot} is not open: give one that open() returned and close() did not take back`);
}
