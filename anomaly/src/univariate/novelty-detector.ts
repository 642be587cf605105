/** One detector of one series, strictly causal: says how far what a series does now lies from everything that it has done before. */
import { InputError } from "../input-error.ts";
import { readSnapshot, writeSnapshot } from "../snapshot.ts";
import { DailyProfile } from "./daily-profile.ts";
import { FirstOfABurst } from "./first-of-a-burst.ts";
import { WindowNovelty } from "./window-novelty.ts";

const SNAPSHOT = "novelty detector";
const VERSION = 1;
/** Sums of a window do not overflow. */
const LARGEST = 1e300;

/** Every default was fixed on NAB's artificial files, the cloud-monitoring set and synthetic series; docs/novelty.md has the numbers. */
export interface NoveltyParams {
  /** Samples whose mean and spread are compared with those before; one memory of states for each. [3, 6, 12]. */
  readonly windows: readonly number[];
  /** The same for what is left without the usual value of the time of day. [6]. */
  readonly dailyWindows: readonly number[];
  /** States that one memory holds; few series need more. 256. */
  readonly capacity: number;
  /** States closer than this share of the series' range are one. 0.02. */
  readonly radius: number;
  /** Samples after which novelty counts half: a young memory finds much new. 2000. */
  readonly mature: number;
  /** Samples before which every score is 0. 50. */
  readonly warm: number;
  /** Quiet time after a score: samples at least and at most, and share of the samples seen. 20, 200, 0.06. */
  readonly quietLeast: number;
  readonly quietMost: number;
  readonly quietShare: number;
  /** A score within the quiet time counts where it is larger than all in it by this share. 0.25. */
  readonly margin: number;
}

const DEFAULTS: NoveltyParams = {
  windows: [3, 6, 12],
  dailyWindows: [6],
  capacity: 256,
  radius: 0.02,
  mature: 2000,
  warm: 50,
  quietLeast: 20,
  quietMost: 200,
  quietShare: 0.06,
  margin: 0.25,
};

/** One series at a time: a memory of what it did, in samples and in days. */
export class NoveltyDetector {
  readonly params: NoveltyParams;
  readonly #views: readonly WindowNovelty[];
  readonly #dailyViews: readonly WindowNovelty[];
  readonly #profile = new DailyProfile();
  readonly #burst: FirstOfABurst;
  /** [samples seen, least value, greatest value]. */
  readonly #seen = Float64Array.of(0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY);
  readonly #novelties: Float64Array;

  /** Throws InputError for a parameter that no detector can have. */
  constructor(params: Partial<NoveltyParams> = {}) {
    this.params = checked({ ...DEFAULTS, ...params });
    const { windows, dailyWindows, capacity, radius, quietLeast, quietMost, quietShare, margin } = this.params;
    this.#views = windows.map((window) => new WindowNovelty(window, capacity, radius));
    this.#dailyViews = dailyWindows.map((window) => new WindowNovelty(window, capacity, radius));
    this.#burst = new FirstOfABurst({ least: quietLeast, most: quietMost, share: quietShare, margin });
    this.#novelties = new Float64Array(windows.length + dailyWindows.length);
  }

  /** Samples seen, missing ones left out. */
  get samples(): number {
    return this.#seen[0] as number;
  }

  /** Novelty of the last sample by window, `windows` first, then `dailyWindows`, in ranges of the series: which of them found it new. */
  get novelties(): Float64Array {
    return this.#novelties.slice();
  }

  /** Points that the memories hold. */
  get points(): number {
    return [...this.#views, ...this.#dailyViews].reduce((sum, view) => sum + view.points, 0);
  }

  /** Bytes of state. */
  get bytes(): number {
    return this.#state().reduce((sum, field) => sum + field.byteLength, 0);
  }

  /**
   * The score in [0, 1) of this sample: 0 while warming, where nothing is new, and in the quiet time after a score as large. `at` in milliseconds since 1970, for the time of day
   * alone: samples count in the order in which they come, whatever their clock says. A missing sample (NaN) scores 0 and changes nothing.
   * Throws InputError for a value beyond 1e300 or infinite, or a time that is not finite; the detector is as before then.
   */
  push(value: number, at: number): number {
    if (!Number.isFinite(at)) throw new InputError(`sample ${this.samples} is at ${at}: give milliseconds since 1970`);
    if (Number.isNaN(value)) return 0;
    if (Math.abs(value) > LARGEST) throw new InputError(`sample ${this.samples} is ${value}: give a value up to ${LARGEST}, or NaN where it is missing`);
    const perRange = this.#stretch(value);
    const total = this.#look(value, at, perRange);
    const samples = this.samples;
    const { mature, warm } = this.params;
    const novelty = (total / this.#novelties.length) * (samples / (samples + mature));
    return this.#burst.push(samples > warm ? novelty / (1 + novelty) : 0);
  }

  /** Every score of a series, by push alone; a missing sample scores 0. `times` as for push. */
  score(values: Float64Array, times: Float64Array): Float64Array {
    if (values.length !== times.length) throw new InputError(`${values.length} values have ${times.length} times: give one for each`);
    return values.map((value, sample) => this.push(value, times[sample] as number));
  }

  snapshot(): Uint8Array {
    const { windows, dailyWindows, capacity, radius, mature, warm, quietLeast, quietMost, quietShare, margin } = this.params;
    const numbers = Float64Array.of(capacity, radius, mature, warm, quietLeast, quietMost, quietShare, margin);
    return writeSnapshot(SNAPSHOT, VERSION, [Float64Array.from(windows), Float64Array.from(dailyWindows), numbers, ...this.#state()]);
  }

  /** Throws InputError for bytes of another version, of something else, or damaged. */
  static restore(bytes: Uint8Array): NoveltyDetector {
    const reader = readSnapshot(bytes, SNAPSHOT, VERSION);
    const windows = [...reader.float64()];
    const dailyWindows = [...reader.float64()];
    const [capacity = 0, radius = 0, mature = 0, warm = 0, quietLeast = 0, quietMost = 0, quietShare = 0, margin = 0] = reader.float64();
    const detector = new NoveltyDetector({ windows, dailyWindows, capacity, radius, mature, warm, quietLeast, quietMost, quietShare, margin });
    for (const field of detector.#state()) reader.into(field);
    reader.end();
    return detector;
  }

  /** 1 / range of the values seen so far; 0 while they are all the same (or nearer to each other than numbers can say). */
  #stretch(value: number): number {
    const seen = this.#seen;
    seen[0] = (seen[0] as number) + 1;
    if (value < (seen[1] as number)) seen[1] = value;
    if (value > (seen[2] as number)) seen[2] = value;
    const perRange = 1 / ((seen[2] as number) - (seen[1] as number));
    return Number.isFinite(perRange) ? perRange : 0;
  }

  #look(value: number, at: number, perRange: number): number {
    let total = 0;
    let index = 0;
    for (const view of this.#views) total += this.#novelties[index++] = view.push(value, perRange);
    const expected = this.#profile.expected(at);
    this.#profile.learn(value, at);
    for (const view of this.#dailyViews) total += this.#novelties[index++] = Number.isNaN(expected) ? 0 : view.push(value - expected, perRange);
    return total;
  }

  #state(): readonly Float64Array[] {
    const views = [...this.#views, ...this.#dailyViews].flatMap((view) => view.state);
    return [this.#seen, this.#novelties, ...this.#profile.state, ...this.#burst.state, ...views];
  }
}

function checked(params: NoveltyParams): NoveltyParams {
  const { windows, dailyWindows, capacity, radius, mature, warm, quietLeast, quietMost, quietShare, margin } = params;
  const whole = (name: string, value: number, least: number): void => {
    if (!Number.isInteger(value) || value < least || value > 1e6) throw new InputError(`${name} is ${value}: give a whole number from ${least} to a million`);
  };
  if (windows.length + dailyWindows.length === 0) throw new InputError("no windows: give at least one, such as windows: [3, 6, 12]");
  for (const window of [...windows, ...dailyWindows]) whole("a window", window, 1);
  whole("capacity", capacity, 1);
  whole("quietMost", quietMost, 0);
  for (const [name, value] of Object.entries({ radius, mature, warm, quietLeast, quietShare, margin }))
    if (!(value >= 0 && Number.isFinite(value))) throw new InputError(`${name} is ${value}: give a number from 0`);
  if (quietLeast > quietMost) throw new InputError(`quietLeast is ${quietLeast}, above quietMost, ${quietMost}: give at most that`);
  return params;
}
