/** The usual value at each time of day. */

const DAY_MS = 86_400_000;
/** Half an hour: a day's shape without its noise. */
const SLOTS = 48;
/** A slot follows its last 33 samples at least: a few days of five-minute samples. */
const SLOWEST = 0.03;
/** Samples after which a slot counts no more than others. */
const KNOWN = 30;
/** Weight below which nothing is expected: about two samples. */
const LEAST = 2;

export class DailyProfile {
  readonly #means = new Float64Array(SLOTS);
  readonly #counts = new Float64Array(SLOTS);

  get state(): readonly Float64Array[] {
    return [this.#means, this.#counts];
  }

  /** What is usual at this time of day (UTC), between the middles of two slots; NaN where too little is known. `at` in milliseconds since 1970. */
  expected(at: number): number {
    const position = (timeOfDay(at) / DAY_MS) * SLOTS - 0.5;
    const before = Math.floor(position);
    const share = position - before;
    const first = (before + SLOTS) % SLOTS;
    const second = (before + 1) % SLOTS;
    const weight = (1 - share) * Math.min(this.#counts[first] as number, KNOWN);
    const otherWeight = share * Math.min(this.#counts[second] as number, KNOWN);
    if (weight + otherWeight <= LEAST) return Number.NaN;
    return (weight * (this.#means[first] as number) + otherWeight * (this.#means[second] as number)) / (weight + otherWeight);
  }

  learn(value: number, at: number): void {
    const slot = Math.floor((timeOfDay(at) / DAY_MS) * SLOTS);
    const count = (this.#counts[slot] as number) + 1;
    this.#counts[slot] = count;
    const mean = this.#means[slot] as number;
    this.#means[slot] = mean + (value - mean) * Math.max(1 / count, SLOWEST);
  }
}

/** Also before 1970. */
function timeOfDay(at: number): number {
  return ((at % DAY_MS) + DAY_MS) % DAY_MS;
}
