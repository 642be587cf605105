/** Adam (D. Kingma and J. Ba, "Adam: A Method for Stochastic Optimization", 2015, algorithm 1) with gradients clipped by their norm. */

export interface AdamState {
  /** Running means of the gradient and of its square. */
  readonly mean: Float64Array;
  readonly square: Float64Array;
  /** beta1^t and beta2^t, t steps so far: what the running means still lack. */
  readonly decay: Float64Array;
}

const BETA_1 = 0.9;
const BETA_2 = 0.999;
const EPSILON = 1e-8;

export function createAdam(size: number): AdamState {
  return { mean: new Float64Array(size), square: new Float64Array(size), decay: Float64Array.of(1, 1) };
}

/**
 * One step down: changes `weights`. A gradient whose Euclidean norm is above `clip` is scaled to that norm first
 * (R. Pascanu et al., "On the difficulty of training recurrent neural networks", 2013). Returns the norm before clipping.
 */
export function adamStep({ mean, square, decay }: AdamState, weights: Float64Array, gradient: Float64Array, learningRate: number, clip: number): number {
  let sum = 0;
  for (let k = 0; k < gradient.length; k++) sum += (gradient[k] as number) * (gradient[k] as number);
  const norm = Math.sqrt(sum);
  const scale = norm > clip ? clip / norm : 1;
  decay[0] = (decay[0] as number) * BETA_1;
  decay[1] = (decay[1] as number) * BETA_2;
  const rate = learningRate / (1 - (decay[0] as number));
  const correction = 1 / (1 - (decay[1] as number));
  for (let k = 0; k < weights.length; k++) {
    const g = scale * (gradient[k] as number);
    const m = BETA_1 * (mean[k] as number) + (1 - BETA_1) * g;
    const v = BETA_2 * (square[k] as number) + (1 - BETA_2) * g * g;
    mean[k] = m;
    square[k] = v;
    weights[k] = (weights[k] as number) - (rate * m) / (Math.sqrt(v * correction) + EPSILON);
  }
  return norm;
}
