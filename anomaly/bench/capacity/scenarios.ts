/** Series that fill, and series that do not, with the truth known. */
import { createRandom, type Random } from "../../src/index.ts";

export interface Scenario {
  readonly name: string;
  readonly limit: number;
  readonly period?: number;
  /** Milliseconds from the start until the limit is reached if it goes on so; undefined: never. */
  readonly truth?: number;
  readonly times: Float64Array;
  readonly values: Float64Array;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const HOURS = 48;

type Shape = (random: Random) => { readonly limit: number; readonly truth?: number; readonly period?: number; value(hour: number): number };

const uniform = (random: Random, least: number, most: number): number => least + (most - least) * random.next();

/** A leak: some unit an hour on top of a level, limit two to eight windows away. */
const line: Shape = (random) => {
  const [slope, noise] = [uniform(random, 0.5, 4), uniform(random, 0.2, 6)];
  const truth = uniform(random, 2, 8) * HOURS;
  return { limit: 100 + slope * truth, truth: truth * HOUR, value: (hour) => 100 + slope * hour + noise * random.normal() };
};

const SHAPES: Readonly<Record<string, Shape>> = {
  "fills by a line": line,
  "fills, with a daily cycle": (random) => {
    const { limit, truth = 0, value } = line(random);
    const swing = uniform(random, 2, 15);
    // The peaks of the cycle get there first.
    const slope = (limit - 100) / (truth / HOUR);
    return { limit, truth: truth - (swing / slope) * HOUR, period: 24 * HOUR, value: (hour) => value(hour) - swing * Math.cos((2 * Math.PI * hour) / 24) };
  },
  "began to fill lately": (random) => {
    const began = uniform(random, 30, 42);
    const [slope, noise, truth] = [uniform(random, 4, 12), uniform(random, 0.2, 3), uniform(random, 60, 150)];
    return { limit: 100 + slope * (truth - began), truth: truth * HOUR, value: (hour) => 100 + Math.max(0, hour - began) * slope + noise * random.normal() };
  },
  "steady, noise": (random) => {
    const noise = uniform(random, 1, 10);
    return { limit: 100 + 6 * noise, value: () => 100 + noise * random.normal() };
  },
  "steady, neighbours alike": (random) => {
    let state = 0;
    const next = (): number => {
      state = 0.9 * state + 4 * random.normal();
      return state;
    };
    return { limit: 150, value: () => 100 + next() };
  },
  "daily cycle": (random) => {
    const [swing, phase] = [uniform(random, 5, 30), uniform(random, 0, 24)];
    return { limit: 110 + swing, period: 24 * HOUR, value: (hour) => 100 + swing * Math.sin((2 * Math.PI * (hour + phase)) / 24) + random.normal() };
  },
  "cleaned up each time": (random) => {
    const [cycle, slope, noise] = [uniform(random, 4, 12), uniform(random, 2, 8), uniform(random, 0.1, 1)];
    return { limit: 45 + cycle * slope * 1.5, value: (hour) => 40 + slope * (hour % cycle) + noise * random.normal() };
  },
  "one step, then steady": (random) => {
    const [at, size] = [uniform(random, 12, 40), uniform(random, 10, 40)];
    return { limit: 110 + 2 * size, value: (hour) => 100 + (hour > at ? size : 0) + 2 * random.normal() };
  },
};

export const NAMES = Object.keys(SHAPES);

/** Two days of samples every five minutes. */
export function scenario(name: string, seed: number): Scenario {
  const random = createRandom(seed);
  const shape = (SHAPES[name] as Shape)(random);
  const times = Float64Array.from({ length: (HOURS * HOUR) / (5 * MINUTE) }, (_, index) => index * 5 * MINUTE);
  const { limit, truth, period } = shape;
  return {
    name,
    limit,
    ...(truth === undefined ? {} : { truth }),
    ...(period === undefined ? {} : { period }),
    times,
    values: times.map((time) => shape.value(time / HOUR)),
  };
}
