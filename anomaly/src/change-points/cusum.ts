/**
 * Change points of many series at once: E. S. Page's two-sided CUSUM ("Continuous inspection schemes", 1954) of level and of spread, on samples that are
 * standardised by a median and a MAD. One sample costs O(1) and allocates nothing, but where the last one of those that are learned from comes in; a series is a slot
 * of typed arrays.
 */
import { InputError } from "../input-error.ts";
import { median, medianAbsoluteDeviation, NORMAL_SCALE } from "../robust-score.ts";
import { squarable } from "../sample-range.ts";
import { readSnapshot, writeSnapshot } from "../snapshot.ts";
import { thresholdFor } from "./average-run-length.ts";

export interface CusumParams {
  /** The shift to be quickest for, in standard deviations; half of it is taken off each sample. Page's choice of 1 serves shifts from 0.5 to 2. */
  readonly shift?: number;
  /** How rarely it may alarm where nothing changes: once in so many samples (ARL0). By default 10,000: once in 42 h of samples that are 15 s apart. */
  readonly samplesPerFalseAlarm?: number;
  /** Samples from which level and spread are learned before the first answer, and again after each change. 64 by default. */
  readonly warmSamples?: number;
  /** Level and spread go on learning with a gain of 1 / samples seen, at least 1 / this: 1,000 by default; so a slow trend is no change. */
  readonly memorySamples?: number;
  /** A standardised sample counts at most this much; 4 by default. As it is less than the threshold, one wild sample is never a change. */
  readonly clip?: number;
  /** Looks for changes of spread as well as of level; true by default. */
  readonly spread?: boolean;
  /** "counter": samples only grow, and are taken as rates per unit of time; after a reset one sample is left out. "gauge" by default. */
  readonly kind?: "gauge" | "counter";
  /** After a pause longer than this, in the unit of `at`, what was summed before it is forgotten. By default never. */
  readonly longestGap?: number;
}

export const CHANGES = ["none", "up", "down", "wider", "narrower"] as const;
export type ChangeKind = (typeof CHANGES)[number];

export interface CusumBank {
  /**
   * Takes one sample and returns the index in CHANGES of what it makes certain, mostly 0. NaN is a missing sample: nothing happens but time.
   * Time that goes back, as when a clock is set, counts as a pause. Throws InputError for a sample that is infinite or beyond 1e140, or no time.
   */
  push(slot: number, value: number, at: number): number;
  /** When the last change began: the first sample after the statistic that alarmed was zero. NaN where none was found yet. */
  onset(slot: number): number;
  /** False while the slot still learns. */
  isWarm(slot: number): boolean;
  /** Middle and spread of the slot as learned, in the unit of the samples; NaN while it is not warm. */
  level(slot: number): number;
  scale(slot: number): number;
  snapshot(): Uint8Array;
  /** Throws InputError for damage, another version, or a bank of other slots or parameters. */
  restore(bytes: Uint8Array): void;
}

/** sqrt|Z| of a standard normal Z is nearly normal: its mean and deviation. D. M. Hawkins, "A CUSUM for a scale parameter" (1981). */
const ROOT_MEAN = 0.82218;
const ROOT_DEVIATION = 0.34915;
/** The median of |Z|. */
const MEDIAN_OF_ABSOLUTE = 0.6744897501960817;
/** Density of |Z| at its median: how fast the share of samples within moves with the scale. */
const DENSITY_AT_MEDIAN = 0.6355584;
/** Huber's bend: beyond it a sample moves the middle no further. The share of normal samples within it keeps the step that of a mean. */
const REACH = 1.5;
const SHARE_WITHIN_REACH = 0.8663855974622838;
const STEEP = 3;
const VERSION = 1;

/** `slots`: how many series. */
export function createCusum(slots: number, params: CusumParams = {}): CusumBank {
  return new Bank(slots, params);
}

class Bank implements CusumBank {
  private readonly slots: number;
  private readonly settings: Settings;
  /** Middle, spread and what was seen of each slot. */
  private readonly centre: Float64Array;
  private readonly spread: Float64Array;
  private readonly seen: Float64Array;
  private readonly lastAt: Float64Array;
  private readonly lastCount: Float64Array;
  private readonly found: Float64Array;
  /** Per slot and test: Page's sum, and since when it is not zero. */
  private readonly sums: Float64Array;
  private readonly since: Float64Array;
  /** Per slot and test: how many samples since then, their sum and the sum of their squares. */
  private readonly moments: Float64Array;
  /** Per slot, upwards and downwards: the same for a shift three times as large, only to tell the onset of one. */
  private readonly steepSums: Float64Array;
  private readonly steepSince: Float64Array;
  /** Of the sample that is being judged. */
  private allowance = 0;
  /** The samples that a slot learns from. */
  private readonly learning: Float64Array;

  constructor(slots: number, params: CusumParams) {
    if (!(Number.isInteger(slots) && slots > 0)) throw new InputError(`${slots} slots: a whole number from 1 on is right`);
    this.slots = slots;
    this.settings = settingsOf(params);
    const perSlot = (initial: number, each = 1): Float64Array => new Float64Array(slots * each).fill(initial);
    this.centre = perSlot(0);
    this.spread = perSlot(0);
    this.seen = perSlot(0);
    this.lastAt = perSlot(Number.NaN);
    this.lastCount = perSlot(Number.NaN);
    this.found = perSlot(Number.NaN);
    this.sums = perSlot(0, this.settings.tests);
    this.since = perSlot(Number.NaN, this.settings.tests);
    this.moments = perSlot(0, 3 * this.settings.tests);
    this.steepSums = perSlot(0, 2);
    this.steepSince = perSlot(Number.NaN, 2);
    this.learning = perSlot(0, this.settings.warmSamples);
  }

  push(slot: number, value: number, at: number): number {
    if (!(slot >= 0 && slot < this.slots)) throw new InputError(`slot ${slot} is not among the ${this.slots} of this bank`);
    if (!Number.isFinite(at)) throw new InputError(`slot ${slot}: the time of a sample is ${at}, a finite number is right`);
    if (Number.isNaN(value)) return 0;
    if (!squarable(value))
      throw new InputError(`slot ${slot} at ${at}: the sample is ${value}; a number within 1e140 of 0 is right, or NaN where there is none`);
    const pause = at - (this.lastAt[slot] as number);
    this.lastAt[slot] = at;
    if (pause < 0 || pause > this.settings.longestGap) this.forget(slot);
    if (!this.settings.isCounter) return this.take(slot, value, at);
    const rate = (value - (this.lastCount[slot] as number)) / pause;
    this.lastCount[slot] = value;
    // The first sample, one after a reset or a step of the clock, and a second one of the same moment say nothing about a rate.
    return rate >= 0 && pause > 0 ? this.take(slot, rate, at) : 0;
  }

  onset(slot: number): number {
    return this.found[slot] ?? Number.NaN;
  }

  isWarm(slot: number): boolean {
    return (this.seen[slot] ?? 0) >= this.settings.warmSamples;
  }

  level(slot: number): number {
    return this.isWarm(slot) ? (this.centre[slot] as number) : Number.NaN;
  }

  scale(slot: number): number {
    return this.isWarm(slot) ? (this.spread[slot] as number) : Number.NaN;
  }

  snapshot(): Uint8Array {
    return writeSnapshot("cusum", VERSION, [this.settings.values, ...this.state()]);
  }

  restore(bytes: Uint8Array): void {
    const reader = readSnapshot(bytes, "cusum", VERSION);
    const theirs = reader.float64();
    const ours = this.settings.values;
    if (theirs.length !== ours.length || theirs.some((value, index) => value !== ours[index]))
      throw new InputError("the snapshot is of a cusum with other parameters: create the bank with those that it had");
    const copies = this.state().map((field) => field.slice());
    for (const copy of copies) reader.into(copy);
    reader.end();
    for (const [index, field] of this.state().entries()) field.set(copies[index] as Float64Array);
  }

  private state(): readonly Float64Array[] {
    return [
      this.centre,
      this.spread,
      this.seen,
      this.lastAt,
      this.lastCount,
      this.found,
      this.sums,
      this.since,
      this.moments,
      this.steepSums,
      this.steepSince,
      this.learning,
    ];
  }

  private forget(slot: number): void {
    const { tests } = this.settings;
    this.sums.fill(0, slot * tests, (slot + 1) * tests);
    this.steepSums.fill(0, slot * 2, slot * 2 + 2);
  }

  private take(slot: number, value: number, at: number): number {
    const count = this.seen[slot] as number;
    const { warmSamples } = this.settings;
    if (count >= warmSamples) return this.judge(slot, value, at);
    this.learning[slot * warmSamples + count] = value;
    this.seen[slot] = count + 1;
    if (count + 1 < warmSamples) return 0;
    const window = this.learning.subarray(slot * warmSamples, (slot + 1) * warmSamples);
    this.centre[slot] = median(window);
    this.spread[slot] = scaleOf(window);
    return 0;
  }

  private judge(slot: number, value: number, at: number): number {
    const { tests, clip } = this.settings;
    // Level and spread are not known but learned: half the standard error of a median more is taken off, which brings false alarms back to what was asked.
    this.allowance = this.settings.allowance + 0.627 / Math.sqrt(this.seen[slot] as number);
    const distance = value - (this.centre[slot] as number);
    const scale = this.spread[slot] as number;
    // Of a constant it is only known whether a sample is another value.
    const z = distance === 0 ? 0 : Math.max(-clip, Math.min(clip, scale === 0 ? distance * Number.POSITIVE_INFINITY : distance / scale));
    const first = slot * tests;
    let alarming = -1;
    if (this.add(first, z, z, at)) alarming = 0;
    if (this.add(first + 1, -z, z, at)) alarming = 1;
    this.addSteep(2 * slot, z, at);
    this.addSteep(2 * slot + 1, -z, at);
    // A constant has no spread that could become narrower, and a wider one is a change of its level first.
    if (tests > 2 && scale > 0) {
      const root = (Math.sqrt(Math.abs(z)) - ROOT_MEAN) / ROOT_DEVIATION;
      const wider = this.add(first + 2, root, z, at);
      const narrower = this.add(first + 3, -root, z, at);
      if (alarming < 0) alarming = wider ? 2 : narrower ? 3 : -1;
    }
    if (alarming < 0) {
      this.refine(slot, z);
      return 0;
    }
    this.found[slot] = this.onsetOf(slot, alarming);
    const kind = tests > 2 && alarming < 3 ? this.levelOrSpread(first + alarming) : alarming + 1;
    this.seen[slot] = 0;
    this.forget(slot);
    return kind;
  }

  /** A level that moved far looks wider as well, and a wide spread wanders far to one side: of the samples since it began, the mean or the spread is larger. */
  private levelOrSpread(index: number): number {
    const count = this.moments[3 * index] as number;
    const mean = (this.moments[3 * index + 1] as number) / count;
    const square = (this.moments[3 * index + 2] as number) / count;
    if (2 * mean * mean < square) return 3;
    return mean > 0 ? 1 : 2;
  }

  /** Adds `step` to a sum that never falls below zero, and `z` to the moments since it was zero; true where it alarms. */
  private add(index: number, step: number, z: number, at: number): boolean {
    const before = this.sums[index] as number;
    const { moments } = this;
    if (before === 0) {
      this.since[index] = at;
      moments.fill(0, 3 * index, 3 * index + 3);
    }
    moments[3 * index] = (moments[3 * index] as number) + 1;
    moments[3 * index + 1] = (moments[3 * index + 1] as number) + z;
    moments[3 * index + 2] = (moments[3 * index + 2] as number) + z * z;
    const after = Math.max(0, before + step - this.allowance);
    this.sums[index] = after;
    return after > this.settings.threshold;
  }

  private addSteep(index: number, step: number, at: number): void {
    const before = this.steepSums[index] as number;
    if (before === 0) this.steepSince[index] = at;
    this.steepSums[index] = Math.max(0, before + step - STEEP * this.settings.allowance);
  }

  /** The likelier of two: a shift by as much as the chart is made for, or by three times that (log-likelihood ratio: twice the allowance times the sum). */
  private onsetOf(slot: number, alarming: number): number {
    const index = slot * this.settings.tests + alarming;
    const steep = 2 * slot + alarming;
    const isSteep = alarming < 2 && STEEP * (this.steepSums[steep] as number) > (this.sums[index] as number);
    return (isSteep ? this.steepSince[steep] : this.since[index]) as number;
  }

  private refine(slot: number, z: number): void {
    const count = Math.min(this.settings.memorySamples, (this.seen[slot] as number) + 1);
    this.seen[slot] = count;
    const scale = this.spread[slot] as number;
    if (scale === 0) return;
    this.centre[slot] = (this.centre[slot] as number) + (scale * Math.max(-REACH, Math.min(REACH, z))) / (count * SHARE_WITHIN_REACH);
    // Robbins and Monro: the scale moves until half of the samples lie within 0.6745 of it.
    const beyond = Math.abs(z) > MEDIAN_OF_ABSOLUTE ? 0.5 : -0.5;
    this.spread[slot] = scale * Math.exp(beyond / (count * DENSITY_AT_MEDIAN * MEDIAN_OF_ABSOLUTE));
  }
}

interface Settings {
  readonly warmSamples: number;
  readonly memorySamples: number;
  readonly clip: number;
  readonly isCounter: boolean;
  readonly longestGap: number;
  readonly allowance: number;
  readonly threshold: number;
  readonly tests: number;
  /** All of them as numbers, for a snapshot. */
  readonly values: Float64Array;
}

function settingsOf(params: CusumParams): Settings {
  const { shift = 1, samplesPerFalseAlarm = 10_000, warmSamples = 64, memorySamples = 1_000, clip = 4, spread = true, kind = "gauge" } = params;
  const { longestGap = Number.POSITIVE_INFINITY } = params;
  if (!(shift > 0 && Number.isFinite(shift))) throw new InputError(`shift is ${shift}: a number of standard deviations above 0 is right`);
  if (!(Number.isInteger(warmSamples) && warmSamples >= 8)) throw new InputError(`warmSamples is ${warmSamples}: a whole number from 8 on is right`);
  if (!(memorySamples >= warmSamples)) throw new InputError(`memorySamples is ${memorySamples}: at least the ${warmSamples} warmSamples are right`);
  if (!(clip > shift / 2)) throw new InputError(`clip is ${clip}: more than half of the shift of ${shift} is right`);
  if (!(longestGap > 0)) throw new InputError(`longestGap is ${longestGap}: a time above 0 is right`);
  const tests = spread ? 4 : 2;
  const allowance = shift / 2;
  const threshold = thresholdFor(samplesPerFalseAlarm, allowance, tests);
  const isCounter = kind === "counter";
  const values = Float64Array.of(warmSamples, memorySamples, clip, isCounter ? 1 : 0, longestGap, allowance, threshold, tests);
  return { warmSamples, memorySamples, clip, isCounter, longestGap, allowance, threshold, tests, values };
}

/** Robust where it can be; where more than half of the samples are one value, the plain deviation. 0 only for a constant. */
function scaleOf(window: Float64Array): number {
  const robust = medianAbsoluteDeviation(window) * NORMAL_SCALE;
  if (robust > 0) return robust;
  const middle = median(window);
  return Math.sqrt(window.reduce((sum, value) => sum + (value - middle) ** 2, 0) / window.length);
}
