/** How new the last samples are: their mean and their spread, against all means and spreads before them. */
import { StateMemory } from "./state-memory.ts";

/** Per sample that waits to be learned: mean, spread, how new it was. */
const FIELDS = 3;

export class WindowNovelty {
  readonly #memory: StateMemory;
  readonly #radius: number;
  readonly #window: number;
  /** A ring of the last samples. */
  readonly #samples: Float64Array;
  /** A ring of states that still share samples with the window. */
  readonly #waiting: Float64Array;
  /** [samples seen, states seen]. */
  readonly #counts = new Float64Array(2);

  constructor(window: number, capacity: number, radius: number) {
    this.#window = window;
    this.#radius = radius;
    this.#memory = new StateMemory(capacity, radius);
    this.#samples = new Float64Array(window);
    this.#waiting = new Float64Array(window * FIELDS);
  }

  get points(): number {
    return this.#memory.points;
  }

  get state(): readonly Float64Array[] {
    return [this.#samples, this.#waiting, this.#counts, ...this.#memory.state];
  }

  /** Distance of the window that ends with `sample` from the nearest one known, in ranges of the series; 0 until a window is full. `perRange` is 0 while the series is constant. */
  push(sample: number, perRange: number): number {
    const window = this.#window;
    const seen = this.#counts[0] as number;
    this.#samples[seen % window] = sample;
    this.#counts[0] = seen + 1;
    if (seen + 1 < window || perRange === 0) return 0;
    const mean = this.#mean();
    const spread = this.#spread(mean, perRange);
    const novelty = this.#memory.meet(mean, spread, perRange);
    this.#wait(mean, spread, novelty, perRange);
    return novelty;
  }

  #mean(): number {
    let sum = 0;
    for (const sample of this.#samples) sum += sample;
    return sum / this.#window;
  }

  /** Standard deviation of the window. */
  #spread(mean: number, perRange: number): number {
    let squares = 0;
    for (const sample of this.#samples) {
      const deviation = (sample - mean) * perRange;
      squares += deviation * deviation;
    }
    return Math.sqrt(squares / this.#window) / perRange;
  }

  /** A state is learned when the window no longer shares a sample with it: else a slow change would be known before it is complete. */
  #wait(mean: number, spread: number, novelty: number, perRange: number): void {
    const waiting = this.#waiting;
    const states = this.#counts[1] as number;
    const slot = (states % this.#window) * FIELDS;
    const full = states >= this.#window;
    if (full && (this.#memory.points === 0 || (waiting[slot + 2] as number) > this.#radius))
      this.#memory.learn(waiting[slot] as number, waiting[slot + 1] as number, perRange);
    waiting[slot] = mean;
    waiting[slot + 1] = spread;
    waiting[slot + 2] = novelty;
    this.#counts[1] = states + 1;
  }
}
