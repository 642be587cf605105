/** Which p-values of one tick are discoveries: step-up procedures that bound the expected share of false ones among them. */
import { InputError } from "../input-error.ts";

/**
 * "any-positive": Y. Benjamini and Y. Hochberg (1995), valid for independent p-values and for positively dependent ones, as those of series that share a load are.
 * "any": Benjamini and D. Yekutieli (2001), valid however they depend, at a price of ln(number of series).
 */
export type Dependence = "any-positive" | "any";

/**
 * The largest p-value that is a discovery at false discovery rate `rate`; 0 where none is. p[i] <= threshold are the discoveries. Linear in the number of p-values,
 * for only those below `rate` can be discoveries and are sorted. Where all is well, some tick has a discovery with probability `rate`: with
 * rateForTick() of alarm-budget.ts that is the knob, alarms a day. NaN counts as 1. `p` is not changed. Throws InputError for a p-value below 0 and for a rate that is none.
 */
export function discoveryThreshold(p: Float64Array, rate: number, dependence: Dependence = "any-positive"): number {
  if (!(rate > 0 && rate < 1)) throw new InputError(`the false discovery rate is ${rate}: give a number between 0 and 1`);
  const allowed = dependence === "any" ? rate / harmonic(p.length) : rate;
  let few = 0;
  for (let index = 0; index < p.length; index++) {
    if ((p[index] as number) < 0) throw new InputError(`p-value ${index} is ${p[index]}: give numbers from 0 to 1, NaN where there is none`);
    if ((p[index] as number) <= allowed) few++;
  }
  if (few === 0) return 0;
  const small = new Float64Array(few);
  few = 0;
  for (let index = 0; index < p.length; index++) if ((p[index] as number) <= allowed) small[few++] = p[index] as number;
  small.sort();
  for (let rank = few; rank > 0; rank--) {
    const candidate = small[rank - 1] as number;
    if (candidate <= (rank * allowed) / p.length) return candidate;
  }
  return 0;
}

/** 1 + 1/2 + ... + 1/count. */
function harmonic(count: number): number {
  let sum = 0;
  for (let term = count; term > 0; term--) sum += 1 / term;
  return sum;
}
