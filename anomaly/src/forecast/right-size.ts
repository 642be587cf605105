/** Requests and limits from what was used: percentiles with a margin, and the more cautious the less is known. */
import { InputError } from "../input-error.ts";
import type { UsageHistogram } from "./usage-histogram.ts";

/** How generous a recommendation is. */
export interface RightSizeParams {
  /** The share of usage that the request should cover. Default 0.9, as the Vertical Pod Autoscaler; take 1 of memory peaks. */
  readonly target?: number;
  /** Added on top of the percentile: 0.15 (the default) is 15 %. */
  readonly margin?: number;
  /** Nothing below is recommended, in the unit of the usage. Default 0. */
  readonly least?: number;
  /** What is requested now: it is left alone while it lies between lower and upper. */
  readonly current?: number;
}

/** What to request, and between which bounds what is requested now can stay. */
export interface RightSize {
  /** What to request, in the unit of the usage. */
  readonly request: number;
  /** A request below is too little, above is wasted: the wider apart the less is known. */
  readonly lower: number;
  readonly upper: number;
  /** Days of history behind it. */
  readonly days: number;
  /** Where `current` was given: raise, lower or keep it. */
  readonly advice?: "raise" | "lower" | "keep";
}

const DAY = 86_400_000;
const MOST_MARGIN = 1000;

/**
 * Undefined while nothing was counted. The bounds are those of the Vertical Pod Autoscaler: the median times (1 + 0.001 / days)^-2 and the 95th percentile (at least the
 * target's) times 1 + 1 / days, each with the margin. Throws InputError for a parameter out of its range.
 */
export function rightSize(usage: UsageHistogram, params: RightSizeParams = {}): RightSize | undefined {
  const { target = 0.9, margin = 0.15, least = 0, current } = params;
  if (!(target > 0 && target <= 1)) throw new InputError(`target is ${target}: give a share above 0, at most 1`);
  if (!(margin >= 0 && margin <= MOST_MARGIN)) throw new InputError(`margin is ${margin}: give a share from 0 to ${MOST_MARGIN}`);
  if (!(least >= 0 && Number.isFinite(least))) throw new InputError(`least is ${least}: give an amount from 0`);
  if (current !== undefined && !(current >= 0 && Number.isFinite(current))) throw new InputError(`current is ${current}: give an amount from 0`);
  const at = usage.percentile(target);
  if (at === undefined) return undefined;
  // Less than an hour is as little as an hour.
  const days = usage.span / DAY;
  const known = Math.max(days, 1 / 24);
  const padded = (share: number): number => (usage.percentile(share) ?? at) * (1 + margin);
  const request = Math.max(least, at * (1 + margin));
  const lower = Math.min(request, Math.max(least, padded(Math.min(0.5, target)) * (1 + 0.001 / known) ** -2));
  const upper = Math.max(request, padded(Math.max(0.95, target)) * (1 + 1 / known));
  if (current === undefined) return { request, lower, upper, days };
  return { request, lower, upper, days, advice: current < lower ? "raise" : current > upper ? "lower" : "keep" };
}
