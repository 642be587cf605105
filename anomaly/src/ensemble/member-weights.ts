/** How much say each member of an ensemble has, learned from what became of its alarms. */
import { InputError } from "../input-error.ts";
import { readSnapshot, writeSnapshot } from "../snapshot.ts";

const SNAPSHOT = "member weights";
const VERSION = 1;
/** Evidence of one member in one case is bounded: e(1e-6) = 500. */
const SMALLEST_P = 1e-6;

/** How fast weights follow what became of alarms. */
export interface MemberWeightsParams {
  /** How fast weights follow feedback: the exponent of the evidence. 0.1, where the cloud-monitoring set gained most; 1 lost. */
  readonly rate: number;
  /** Part of all say that is spread evenly after each case, so that a member can come back (M. Herbster and M. Warmuth, "Tracking the Best Expert", 1998). 0.02. */
  readonly share: number;
}

/**
 * Hedge (Y. Freund and R. Schapire, 1997) with the evidence of p-values as gain: a member's weight is multiplied by e(p)^rate where a person or an
 * outcome has confirmed an
 * incident, and divided by it where an alarm was false, with e(p) = 1 / (2 sqrt(p)), which makes a p-value a bet (V. Vovk and R. Wang, "E-values:
 * Calibration, Combination
 * and Applications", 2021). Without feedback all weights stay equal: weights learned from agreement among members alone made the answer worse wherever it was tried.
 * Nor is feedback a sure gain: docs/ensemble.md of the library has the numbers.
 * One object may serve one series, or all of a kind: incidents are rare, and what sees them in one service sees them in the next.
 */
export class MemberWeights {
  readonly params: MemberWeightsParams;
  /** Mean 1. Replaced in place by update(). */
  readonly weights: Float64Array;

  constructor(members: number, params: Partial<MemberWeightsParams> = {}) {
    this.params = { rate: 0.1, share: 0.02, ...params };
    const { rate, share } = this.params;
    if (!(Number.isInteger(members) && members > 0 && members <= 1e6)) throw new InputError(`members is ${members}: give a whole number from 1 to 1,000,000`);
    if (!(rate >= 0 && rate <= 10)) throw new InputError(`rate is ${rate}: give a number from 0 to 10`);
    if (!(share >= 0 && share < 1)) throw new InputError(`share is ${share}: give a number from 0, below 1`);
    this.weights = new Float64Array(members).fill(1);
  }

  /**
   * Learns of one case: `p` is the smallest p-value that each member had while it lasted, `real` whether it was an incident. Call it when that is
   * known, never before: answers
   * given until then used the weights of then. Throws InputError where `p` is not one number in (0, 1] per member.
   */
  update(p: ArrayLike<number>, real: boolean): void {
    const { weights, params } = this;
    if (p.length !== weights.length) throw new InputError(`there are ${p.length} p-values for ${weights.length} members: give one each`);
    for (let member = 0; member < weights.length; member++)
      if (!((p[member] as number) > 0 && (p[member] as number) <= 1))
        throw new InputError(`the p-value of member ${member} is ${p[member]}: give a number above 0, at most 1`);
    let sum = 0;
    for (let member = 0; member < weights.length; member++) {
      const own = p[member] as number;
      const gain = params.rate * Math.log(0.5 / Math.sqrt(Math.max(SMALLEST_P, own)));
      weights[member] = (weights[member] as number) * Math.exp(real ? gain : -gain);
      sum += weights[member] as number;
    }
    for (let member = 0; member < weights.length; member++)
      weights[member] = ((1 - params.share) * weights.length * (weights[member] as number)) / sum + params.share;
  }

  /** All state as bytes, with the parameters. */
  snapshot(): Uint8Array {
    return writeSnapshot(SNAPSHOT, VERSION, [Float64Array.of(this.params.rate, this.params.share), this.weights]);
  }

  /** The weights as they were. Throws InputError for bytes that `snapshot` of this version did not write. */
  static restore(bytes: Uint8Array): MemberWeights {
    const reader = readSnapshot(bytes, SNAPSHOT, VERSION);
    const [rate = 0, share = 0] = reader.float64();
    const weights = reader.float64();
    reader.end();
    const restored = new MemberWeights(weights.length, { rate, share });
    restored.weights.set(weights);
    return restored;
  }
}
