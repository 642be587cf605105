/** The one knob: how many false alarms a day are bearable. What a p-value must be below, so that there are that many. */
import { InputError } from "../input-error.ts";

const DAY_MS = 86_400_000;

/** An alarm needs `needed` of the last `of` samples. */
export interface PersistenceRule {
  readonly needed: number;
  readonly of: number;
}

/** How many false alarms are bearable, and what of. */
export interface AlarmBudget {
  /** False alarms that are bearable, per day, over all `series`. */
  readonly alarmsPerDay: number;
  /** Time between samples of a series, milliseconds. */
  readonly intervalMs: number;
  /** Series that share the budget: 1 for a budget per series, all of a tenant's for one per tenant. 1. */
  readonly series?: number;
  /** 1 of 1. */
  readonly persistence?: PersistenceRule;
  /** After an alarm a series is silent for so long, milliseconds. 0. */
  readonly refractoryMs?: number;
}

/**
 * The p-value at or below which a sample counts. A series raises an alarm when `needed` of its last `of` samples count that did not before; for independent samples
 * that happens at C(of - 1, needed - 1) a^needed (1 - a)^(of - needed + 1) of them, which is solved for a by bisection. Dependent samples come in
 * clusters: with 1 of 1 that makes
 * alarms fewer than asked, with more it makes them more, and AlarmGate corrects the level by what the alarms have been.
 * Throws InputError for a budget that no level meets.
 */
export function levelFor({ alarmsPerDay, intervalMs, series = 1, persistence = { needed: 1, of: 1 }, refractoryMs = 0 }: AlarmBudget): number {
  checkPersistence(persistence);
  for (const [name, value] of Object.entries({ alarmsPerDay, intervalMs, series }))
    if (!(value > 0 && Number.isFinite(value))) throw new InputError(`${name} is ${value}: give a number above 0`);
  if (!(refractoryMs >= 0 && Number.isFinite(refractoryMs))) throw new InputError(`refractoryMs is ${refractoryMs}: give milliseconds, 0 for none`);
  const perSample = rateOf({ alarmsPerDay, intervalMs, series });
  const silent = perSample * (refractoryMs / intervalMs);
  const wanted = silent < 1 ? perSample / (1 - silent) : Number.POSITIVE_INFINITY;
  const { needed, of } = persistence;
  // The rate rises with the level up to here.
  let high = needed / (of + 1);
  if (onsetRate(high, persistence) < wanted)
    throw new InputError(
      `${alarmsPerDay} alarms a day from ${series} series every ${intervalMs} ms cannot be: at most ${onsetRate(high, persistence)} alarms per sample can: give fewer, or less silence`,
    );
  let low = 0;
  for (let step = 0; step < 200 && high - low > 1e-15 * high; step++) {
    const middle = (low + high) / 2;
    if (onsetRate(middle, persistence) < wanted) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Alarms per sample of one series that a budget asks for. */
export function rateOf({ alarmsPerDay, intervalMs, series = 1 }: AlarmBudget): number {
  return (alarmsPerDay * intervalMs) / DAY_MS / series;
}

/** The false discovery rate for discoveryThreshold(), applied once per tick to all series: where all is well, a tick has one with this probability. */
export function rateForTick(alarmsPerDay: number, intervalMs: number): number {
  const rate = (alarmsPerDay * intervalMs) / DAY_MS;
  if (!(rate > 0 && rate < 1))
    throw new InputError(`${alarmsPerDay} alarms a day at a tick every ${intervalMs} ms: give more than none, and fewer than there are ticks`);
  return rate;
}

export function checkPersistence({ needed, of }: PersistenceRule): void {
  if (!(Number.isInteger(needed) && Number.isInteger(of) && needed >= 1 && of >= needed && of <= 31))
    throw new InputError(`${needed} of ${of} samples: give whole numbers, from 1 of 1 to 31 of 31`);
}

/** How often, per sample, alarms begin when independent samples count with probability `level`. */
function onsetRate(level: number, { needed, of }: PersistenceRule): number {
  let ways = 1;
  for (let index = 1; index < needed; index++) ways *= (of - index) / index;
  return ways * level ** needed * (1 - level) ** (of - needed + 1);
}
