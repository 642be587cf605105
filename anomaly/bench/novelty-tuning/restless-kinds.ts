/** Kinds of series for which it is usual to be restless; incidents are told from it by size, by silence or by calm. */
import type { Kind, Setting } from "./kind.ts";

const TYPES = 5;

/** The usual value, and how large a usual excursion is. */
interface Usual {
  readonly value: (row: number) => number;
  readonly excursion: number;
}

type Restless = (setting: Setting, base: number, season: (row: number) => number) => Usual;

/** Spikes that draw further spikes (A. Hawkes, 1971). */
const clusteredSpikes: Restless = ({ chance }, base, season) => {
  let drawn = 0;
  let spike = 0;
  return {
    excursion: 2.2 * base,
    value(row) {
      drawn *= 0.97;
      if (chance.happens(0.004 + drawn)) {
        drawn = Math.min(0.25, drawn + 0.06);
        spike = base * Math.exp(0.5 * chance.normal());
      } else spike *= 0.5;
      return 0.3 * base * (1 + season(row)) + spike + 0.03 * base * chance.normal();
    },
  };
};

const changingVolatility: Restless = ({ chance }, base, season) => {
  let heat = 0;
  return {
    excursion: 0.9 * base,
    value(row) {
      heat = 0.995 * heat + 0.15 * chance.normal();
      return base * (1 + season(row) + 0.08 * Math.exp(0.6 * heat) * chance.normal());
    },
  };
};

const wanderingLevel: Restless = ({ chance }, base, season) => {
  let walk = 0;
  return {
    excursion: 0.6 * base,
    value(row) {
      walk = 0.9995 * walk + 0.02 * chance.normal();
      return base * (1 + 0.5 * walk + 0.5 * season(row) + 0.04 * chance.normal());
    },
  };
};

const irregularJobs: Restless = ({ chance, day }, base) => {
  const apart = chance.uniform(10, day);
  let [until, left, height] = [0, 0, 0];
  return {
    excursion: 1.2 * base,
    value() {
      if (--until <= 0) {
        until = Math.ceil(chance.exponential(apart)) + 2;
        left = 1 + chance.below(12);
        height = base * chance.uniform(0.5, 1.3);
      }
      return 0.1 * base + (left-- > 0 ? height * (1 + 0.05 * chance.normal()) : 0) + 0.02 * base * chance.normal();
    },
  };
};

const weekly: Restless = ({ chance, day }, base, season) => ({
  excursion: 1.3 * base,
  value(row) {
    const weekend = Math.floor(row / day) % 7 >= 5;
    return base * (1 + 2 * season(row) * (weekend ? 0.5 : 1)) * (weekend ? 0.7 : 1) * (1 + 0.06 * chance.normal());
  },
});

/** Rises until it is collected, sooner or later. */
const collected: Restless = ({ chance }, base) => {
  const period = 20 + chance.below(180);
  return {
    excursion: 0.7 * base,
    value: (row) => base * (0.4 + (0.6 * ((row + Math.floor(5 + 5 * Math.sin(row / 50))) % period)) / period) * (1 + 0.03 * chance.normal()),
  };
};

const KINDS: Readonly<Record<string, Restless>> = {
  "clustered spikes": clusteredSpikes,
  "changing volatility": changingVolatility,
  "wandering level": wanderingLevel,
  "irregular jobs": irregularJobs,
  weekly,
  collected,
};

export const RESTLESS: readonly Kind[] = Object.entries(KINDS).map(([name, begin]) => ({ name, types: TYPES, start: (setting) => startOf(setting, begin) }));

function startOf(setting: Setting, begin: Restless): ReturnType<Kind["start"]> {
  const { chance, day } = setting;
  const base = chance.logUniform(1, 400);
  const height = chance.uniform(0, 0.5);
  const phase = chance.uniform(0, 2 * Math.PI);
  const usual = begin(setting, base, (row) => height * Math.sin((2 * Math.PI * row) / day + phase));
  const { excursion } = usual;
  return (row, incident) => {
    const value = usual.value(row);
    if (incident === undefined) return Math.max(0, value);
    const { type, size } = incident;
    const effects = [value + excursion * size, 0.1 * value, value + 0.7 * excursion * size, base * (0.6 + 0.01 * chance.normal())];
    return Math.max(0, effects[type] ?? value + excursion * size * chance.uniform(-0.3, 0.7));
  };
}
