/** How long a CUSUM runs until it alarms: Siegmund's approximation, and its inverse. */
import { InputError } from "../input-error.ts";
import { isSample } from "../sample-range.ts";

/** Mean overshoot over both boundaries of a walk with normal steps: 2 x 0.583. */
const OVERSHOOT = 1.166;

/**
 * Samples until a one-sided CUSUM alarms, on average. `mean`: of the standardised samples (0 where nothing changed), `allowance`: what is taken off each sample,
 * `threshold`: where it alarms; all in standard deviations. D. Siegmund, "Sequential Analysis" (1985), equation 2.57, with the correction h + 1.166.
 * Infinity where it is longer than numbers can say. Throws InputError for what is no number.
 */
export function averageRunLength(mean: number, allowance: number, threshold: number): number {
  if (!(isSample(mean) && isSample(allowance) && isSample(threshold) && threshold >= 0))
    throw new InputError(`the mean is ${mean}, the allowance ${allowance}, the threshold ${threshold}: give numbers within 1e140 of 0, and a threshold from 0`);
  const drift = mean - allowance;
  const height = threshold + OVERSHOOT;
  const way = 2 * drift * height;
  // Close to no drift the two exponentials cancel: the limit is height^2, and its first correction is enough.
  if (Math.abs(way) < 1e-4) return height * height * (1 - way / 3);
  return (Math.exp(-way) + way - 1) / (2 * drift * drift);
}

/** The threshold at which `count` one-sided CUSUMs together alarm once in `samples` samples in which nothing changed. */
export function thresholdFor(samples: number, allowance: number, count = 2): number {
  if (!(samples >= 10 && isSample(samples))) throw new InputError(`samplesPerFalseAlarm is ${samples}: give a number of samples from 10, at most 1e140`);
  if (!(isSample(allowance) && allowance >= 0)) throw new InputError(`the allowance is ${allowance}: give a number from 0`);
  if (!(count >= 1 && count <= 1e6)) throw new InputError(`count is ${count}: give a number of CUSUMs from 1`);
  let low = 0;
  let high = 1;
  while (averageRunLength(0, allowance, high) < samples * count) high *= 2;
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (averageRunLength(0, allowance, middle) < samples * count) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
