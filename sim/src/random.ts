/**
 * Seeded randomness: sfc32 (Chris Doty-Humphrey's "small fast counter" generator from PractRand), seeded through FNV-1a and twelve
 * rounds of warm-up as its author advises. Every stream has a name, so that drawing once more in one place shifts no other place.
 */
export interface Random {
  /** Uniform in [0, 1), 32 bits of resolution. */
  next(): number;
  /** Integer in [0, count). */
  below(count: number): number;
  /** Integer in [low, high], both included. */
  between(low: number, high: number): number;
  chance(probability: number): boolean;
  pick<T>(items: readonly T[]): T;
  /** A new array in random order (Fisher-Yates). */
  shuffle<T>(items: readonly T[]): T[];
  /** Characters as `k8s.io/apimachinery/pkg/util/rand` uses them: no vowels, no look-alikes. */
  suffix(length: number): string;
  hex(length: number): string;
  /** An independent stream; the same name from the same seed gives the same stream, whatever was drawn before. */
  fork(name: string): Random;
}

const SUFFIX = "bcdfghjklmnpqrstvwxz2456789";
const HEX = "0123456789abcdef";

/** 32-bit FNV-1a (Fowler, Noll, Vo) of a text's UTF-16 units. */
export function fnv1a(text: string, basis = 0x811c9dc5): number {
  let hash = basis;
  for (let i = 0; i < text.length; i += 1) {
    hash ^= text.charCodeAt(i);
    hash = Math.imul(hash, 0x01000193);
  }
  return hash >>> 0;
}

export function createRandom(seed: string | number): Random {
  const name = String(seed);
  let a = fnv1a(name);
  let b = fnv1a(name, a ^ 0x9e3779b9);
  let c = fnv1a(name, b ^ 0x85ebca6b);
  let counter = 1;
  const draw = (): number => {
    const t = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + t;
    c |= 0;
    return t >>> 0;
  };
  for (let i = 0; i < 12; i += 1) draw();
  const next = (): number => draw() / 4294967296;
  const below = (count: number): number => Math.floor(next() * count);
  const text = (alphabet: string, length: number): string => {
    let out = "";
    for (let i = 0; i < length; i += 1) out += alphabet[below(alphabet.length)];
    return out;
  };
  return {
    next,
    below,
    between: (low, high) => low + below(high - low + 1),
    chance: (probability) => next() < probability,
    pick: <T>(items: readonly T[]): T => {
      if (items.length === 0) throw new Error("pick: nothing to pick from");
      return items[below(items.length)] as T;
    },
    shuffle: <T>(items: readonly T[]): T[] => {
      const out = [...items];
      for (let i = out.length - 1; i > 0; i -= 1) {
        const j = below(i + 1);
        [out[i], out[j]] = [out[j] as T, out[i] as T];
      }
      return out;
    },
    suffix: (length) => text(SUFFIX, length),
    hex: (length) => text(HEX, length),
    fork: (label) => createRandom(`${name}/${label}`),
  };
}
