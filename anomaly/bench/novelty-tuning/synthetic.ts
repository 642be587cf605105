/** Synthetic series with incidents in them, by kind: what the detector of one series is tuned on. */
import { createRandom } from "../../src/index.ts";
import type { Series } from "../nab/corpus.ts";
import { Chance } from "./chance.ts";
import { planOf } from "./incidents.ts";
import type { Kind } from "./kind.ts";
import { RESTLESS } from "./restless-kinds.ts";
import { STEADY } from "./steady-kinds.ts";

export const KINDS: readonly Kind[] = [...STEADY, ...RESTLESS];

const LENGTHS = [1600, 2500, 4032, 4032, 4032, 8000, 15_000];
const MINUTE = 60_000;
const DAY = 86_400_000;
const START = Date.UTC(2014, 4, 13);

/** `count` series of a kind, named "kind/number"; the same seed gives the same series. */
export function seriesOfKind(kind: Kind, count: number, seed: number): readonly Series[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, (_, index) => seriesOf(`${kind.name}/${index}`, kind, new Chance(createRandom(random.below(2 ** 32)))));
}

function seriesOf(name: string, kind: Kind, chance: Chance): Series {
  const length = chance.one(LENGTHS);
  const step = MINUTE * (length < 2000 ? chance.one([5, 15, 60]) : length > 10_000 ? 5 : chance.one([5, 5, 5, 5, 30, 60]));
  const { incidents, windows } = planOf(chance, length, kind.types);
  const course = kind.start({ chance, day: DAY / step, incidents });
  const at = (row: number) => incidents.find(({ from, until }) => row >= from && row < until);
  const values = Float64Array.from({ length }, (_, row) => course(row, at(row)));
  return { name, values, times: timesOf(chance, length, step), windows };
}

/** A fifth of the series have gaps. */
function timesOf(chance: Chance, length: number, step: number): Float64Array {
  const gappy = chance.happens(0.2);
  let time = START + chance.below(30) * DAY;
  return Float64Array.from({ length }, () => {
    const now = time;
    time += step * (gappy && chance.happens(0.002) ? 2 + chance.below(10) : 1);
    return now;
  });
}
