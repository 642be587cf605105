/** What a detector must beat: chance, and silence. */
import { createRandom } from "../../src/random.ts";

/** Uniform scores from a seed. */
export function randomScores(length: number, seed: number): Float64Array {
  const random = createRandom(seed);
  return Float64Array.from({ length }, () => random.next());
}

/** One and the same score for every sample. */
export function nullScores(length: number): Float64Array {
  return new Float64Array(length);
}
