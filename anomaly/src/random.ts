/** Chance from a seed: the same seed gives the same numbers on any machine. */

/** Numbers that follow from a seed. */
export interface Random {
  /** Uniform in [0, 1), in steps of 2^-32. */
  next(): number;
  /** A whole number in [0, `bound`); `bound` is a whole number from 1 to 2^32. */
  below(bound: number): number;
  /** Standard normal. */
  normal(): number;
}

/**
 * sfc32 of PractRand (C. Doty-Humphrey), its state filled from `seed` by SplitMix32 (G. Steele et al., "Fast Splittable Pseudorandom Number Generators", 2014)
 * so that neighbouring seeds share nothing. `seed`: any whole number; its lowest 32 bits count.
 */
export function createRandom(seed: number): Random {
  let mix = seed | 0;
  const fill = (): number => {
    mix = (mix + 0x9e3779b9) | 0;
    let z = mix;
    z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
    z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
    return z ^ (z >>> 16);
  };
  let a = fill();
  let b = fill();
  let c = fill();
  let counter = 1;
  let spare: number | undefined;
  const draw = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  for (let warm = 0; warm < 12; warm++) draw();
  const next = (): number => draw() / 4_294_967_296;
  return {
    next,
    below: (bound) => Math.floor(next() * bound),
    // G. Marsaglia and T. Bray's polar method (1964): no trigonometry, whose last digit differs between machines.
    normal() {
      if (spare !== undefined) {
        const kept = spare;
        spare = undefined;
        return kept;
      }
      for (;;) {
        const u = 2 * next() - 1;
        const v = 2 * next() - 1;
        const square = u * u + v * v;
        if (square >= 1 || square === 0) continue;
        const scale = Math.sqrt((-2 * Math.log(square)) / square);
        spare = v * scale;
        return u * scale;
      }
    },
  };
}
