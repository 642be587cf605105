/** One answer per owner, of all series of a pod, a workload or a node: their p-values of one tick, combined. */
import { InputError } from "../input-error.ts";
import { cauchyTerm, pOfCotangent } from "./cauchy.ts";

/** As in a StreamBank: more says nothing that less would not say. */
const MOST_WEIGHT = 1e9;
const MOST_OWNERS = 1e8;

/** Reused from tick to tick: no object is made. */
export class OwnerAnswers {
  /** One p-value per owner after combine(); 1 where all its series are silent. */
  readonly p: Float64Array;
  readonly #sums: Float64Array;
  readonly #weights: Float64Array;

  constructor(owners: number) {
    if (!(Number.isInteger(owners) && owners > 0 && owners <= MOST_OWNERS))
      throw new InputError(`owners is ${owners}: give a whole number from 1 to ${MOST_OWNERS}`);
    this.p = new Float64Array(owners).fill(1);
    this.#sums = new Float64Array(owners);
    this.#weights = new Float64Array(owners);
  }

  /**
   * `p[i]` is the p-value of a series, `owners[i]` the number of its owner, `weights[i]` its say (1 where left out). A p-value of 1 or NaN is a series that
   * says nothing and has no say.
   * Throws InputError for an owner that there is not, for unequal lengths, and for a p-value below 0 or a weight from 1e9.
   */
  combine(p: Float64Array, owners: Int32Array | Uint32Array, weights?: Float64Array): void {
    if (owners.length !== p.length || (weights !== undefined && weights.length !== p.length))
      throw new InputError(`there are ${p.length} p-values, ${owners.length} owners and ${weights?.length ?? p.length} weights: give one each per series`);
    this.#sums.fill(0);
    this.#weights.fill(0);
    for (let series = 0; series < p.length; series++) {
      const owner = owners[series] as number;
      if (!(owner >= 0 && owner < this.p.length)) throw new InputError(`the owner of series ${series} is ${owner}: give one from 0 to ${this.p.length - 1}`);
      const own = p[series] as number;
      const weight = weights === undefined ? 1 : (weights[series] as number);
      if (own < 0 || !(weight < MOST_WEIGHT))
        throw new InputError(`series ${series} has the p-value ${own} and the weight ${weight}: give p-values from 0 to 1 and weights below ${MOST_WEIGHT}`);
      if (!(own < 1 && weight > 0)) continue;
      this.#sums[owner] = (this.#sums[owner] as number) + weight * cauchyTerm(own);
      this.#weights[owner] = (this.#weights[owner] as number) + weight;
    }
    for (let owner = 0; owner < this.p.length; owner++) {
      const total = this.#weights[owner] as number;
      this.p[owner] = total === 0 ? 1 : pOfCotangent((this.#sums[owner] as number) / total);
    }
  }

  /** The series that voted for an owner's answer, surest first: those whose own p-value is at most `level`, and those as sure as the answer. */
  voters(owner: number, p: Float64Array, owners: Int32Array | Uint32Array, level: number): number[] {
    const limit = Math.max(level, this.p[owner] ?? 0);
    const voters: number[] = [];
    for (let series = 0; series < p.length; series++)
      if (owners[series] === owner && (p[series] as number) < 1 && (p[series] as number) <= limit) voters.push(series);
    return voters.sort((a, b) => (p[a] as number) - (p[b] as number));
  }
}
