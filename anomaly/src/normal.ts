/** The standard normal distribution, by arithmetic alone. */

/**
 * P(Z > z), to 15 digits also far in the tail. A series below 3, the continued fraction of Mills' ratio above
 * (Abramowitz and Stegun, "Handbook of Mathematical Functions", 26.2.11 and 26.2.14).
 */
export function normalTail(z: number): number {
  if (z < 0) return 1 - normalTail(-z);
  if (z > 38.5) return 0;
  const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  if (z > 3) {
    let fraction = 0;
    for (let term = 80; term > 0; term--) fraction = term / (z + fraction);
    return density / (z + fraction);
  }
  let sum = z;
  let term = z;
  for (let k = 3; term > 1e-17 * sum; k += 2) {
    term *= (z * z) / k;
    sum += term;
  }
  return 0.5 - density * sum;
}

/** P(Z <= z). */
export function normalCdf(z: number): number {
  return normalTail(-z);
}

/** The z with P(Z <= z) = `p`, for 0 < p < 1: bisection to start, Newton's steps to end (12 digits). -Infinity and Infinity at 0 and 1. */
export function normalQuantile(p: number): number {
  if (p <= 0) return Number.NEGATIVE_INFINITY;
  if (p >= 1) return Number.POSITIVE_INFINITY;
  if (p < 0.5) return -quantileOfTail(p);
  return p === 0.5 ? 0 : quantileOfTail(1 - p);
}

/** The z > 0 with P(Z > z) = `tail`, for 0 < tail < 1/2. */
function quantileOfTail(tail: number): number {
  let low = 0;
  let high = 38.5;
  for (let step = 0; step < 20; step++) {
    const middle = (low + high) / 2;
    if (normalTail(middle) > tail) low = middle;
    else high = middle;
  }
  let z = (low + high) / 2;
  for (let step = 0; step < 3; step++) {
    const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
    if (density > 0) z += (normalTail(z) - tail) / density;
  }
  return z;
}
