/** What can be told to a bank of streams, and what it does when told nothing. */
import { InputError } from "../input-error.ts";

/** Memory and thresholds of a StreamBank, the same for all its series; the constructor takes any of them, and these defaults for the rest. */
export interface StreamParams {
  /** Samples from which a series only learns what is usual; nothing is scored. 64. */
  readonly learnSamples: number;
  /** Samples after which a series may speak; before, its p-value is 1. 256: an hour of samples every 15 s. The smallest p-value means little before. */
  readonly warmSamples: number;
  /** Samples that spreads, autocovariances and the slow averages remember. 256. */
  readonly memorySamples: number;
  /** Samples that the fast average remembers. 8. */
  readonly fastSamples: number;
  /**
   * Time constant of the level, milliseconds. 12 hours: a longer one finds more shifts in series with a daily season, a shorter one more in hourly
   * series without.
   */
  readonly levelMs: number;
  /** Half of the shift, in spreads of the innovation, that the CUSUM is meant to see. 0.25. */
  readonly allowance: number;
  /** Scores that the histograms remember. 10,000: two days of samples every 15 s. */
  readonly calibrationSamples: number;
  /** A member whose p-value is at most this has voted for an alarm. 0.001. */
  readonly voteLevel: number;
}

/** Fixed on generated series (bench/calibration) and the cloud-monitoring set. */
const DEFAULTS: StreamParams = {
  learnSamples: 64,
  warmSamples: 256,
  memorySamples: 256,
  fastSamples: 8,
  levelMs: 12 * 3_600_000,
  allowance: 0.25,
  calibrationSamples: 10_000,
  voteLevel: 0.001,
};

const NAMES = Object.keys(DEFAULTS) as readonly (keyof StreamParams)[];

/** With the defaults filled in. Throws InputError for one that makes no sense. */
export function completeParams(params: Partial<StreamParams>): StreamParams {
  const complete = { ...DEFAULTS, ...params };
  for (const name of NAMES)
    if (!(complete[name] > 0 && complete[name] < 1e12)) throw new InputError(`${name} is ${complete[name]}: give a number above 0, such as ${DEFAULTS[name]}`);
  if (complete.calibrationSamples < 2) throw new InputError(`calibrationSamples is ${complete.calibrationSamples}: give a number of scores from 2`);
  if (complete.fastSamples < 1) throw new InputError(`fastSamples is ${complete.fastSamples}: give a number of samples from 1`);
  if (complete.warmSamples < 2 * complete.learnSamples)
    throw new InputError(`warmSamples is ${complete.warmSamples}, fewer than twice the ${complete.learnSamples} learnSamples: give at least as many`);
  if (complete.fastSamples >= complete.memorySamples)
    throw new InputError(`fastSamples is ${complete.fastSamples}: give fewer than the ${complete.memorySamples} memorySamples`);
  return complete;
}

export function numbersOf(params: StreamParams): Float64Array {
  return Float64Array.from(NAMES, (name) => params[name]);
}

export function paramsOf(numbers: Float64Array): StreamParams {
  return completeParams(Object.fromEntries(NAMES.map((name, index) => [name, numbers[index] ?? Number.NaN])));
}
