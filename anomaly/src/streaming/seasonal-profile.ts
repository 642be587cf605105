/**
 * What a stream usually does at this time of day and of the week, above or below its level: slots that learn an average, read with linear interpolation
 * (the additive seasonal of Holt and Winters, with slots of time instead of sample numbers, so that sampling may be irregular and gaps cost nothing).
 * How far a profile is believed is itself learned: the regression coefficient of what came on what the profile had said, between 0 and 1. A series without a season
 * is not made worse by the noise in its slots.
 */

/** Numbers of state beside the slots: covariance and variance for the coefficient. */
export const TRUST_FIELDS = 2;
const DAY_MS = 86_400_000;

/** One profile: where its state lies, how many slots it has, and its period. */
export interface Profile {
  /** Offset of its slots. */
  readonly slots: number;
  readonly count: number;
  /** Offset of its TRUST_FIELDS. */
  readonly trust: number;
  readonly periodMs: number;
  /** Epoch milliseconds at which a period begins. */
  readonly originMs: number;
  /** Share that the newest period has in a slot's average, once enough were seen. */
  readonly newest: number;
}

/** Trust fades over this many periods. */
const TRUST_PERIODS = 3;

/** The period in which `time` lies, from 0 to 1, also before the origin. */
function phaseOf({ periodMs, originMs }: Profile, time: number): number {
  const since = (time - originMs) / periodMs;
  return since - Math.floor(since);
}

/** What the profile says for `time`, before trust. */
export function profileAt(state: Float32Array, base: number, profile: Profile, time: number): number {
  const { slots, count } = profile;
  const position = phaseOf(profile, time) * count + count - 0.5;
  const whole = Math.floor(position);
  const part = position - whole;
  const first = base + slots;
  return (state[first + (whole % count)] as number) * (1 - part) + (state[first + ((whole + 1) % count)] as number) * part;
}

/** Between 0, it says nothing about what comes, and 1. */
export function trustOf(state: Float32Array, base: number, { trust }: Profile): number {
  const variance = state[base + trust + 1] as number;
  return variance > 0 ? Math.max(0, Math.min(1, (state[base + trust] as number) / variance)) : 0;
}

/**
 * Learns that at `time` the stream was `seen` above its level where the profile had said `said`; `elapsed` is the time since the sample before, `age`
 * the time since the
 * first one: a profile is judged only in its second period.
 */
export function learnProfile(
  state: Float32Array,
  base: number,
  profile: Profile,
  time: number,
  seen: number,
  said: number,
  elapsed: number,
  age: number,
): void {
  const { slots, count, trust, periodMs, newest } = profile;
  if (age >= periodMs) {
    const gain = elapsed / (TRUST_PERIODS * periodMs + elapsed);
    const first = base + trust;
    state[first] = (state[first] as number) + gain * (seen * said - (state[first] as number));
    state[first + 1] = (state[first + 1] as number) + gain * (said * said - (state[first + 1] as number));
  }
  const visit = Math.max(newest, 1 / (Math.floor(age / periodMs) + 1));
  const gain = Math.min(1, (visit * elapsed * count) / periodMs);
  const position = phaseOf(profile, time) * count + count - 0.5;
  const whole = Math.floor(position);
  const part = position - whole;
  const left = base + slots + (whole % count);
  const right = base + slots + ((whole + 1) % count);
  state[left] = (state[left] as number) + gain * (1 - part) * (seen - said);
  state[right] = (state[right] as number) + gain * part * (seen - said);
}

export const DAY: Omit<Profile, "slots" | "trust"> = { count: 48, periodMs: DAY_MS, originMs: 0, newest: 0.15 };
/** Slots of three hours; 1970-01-05 was a Monday. What the day's profile leaves over. */
export const WEEK: Omit<Profile, "slots" | "trust"> = { count: 56, periodMs: 7 * DAY_MS, originMs: 4 * DAY_MS, newest: 0.25 };
