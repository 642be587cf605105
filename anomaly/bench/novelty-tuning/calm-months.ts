/** How many states a memory needs: alarms in months in which nothing happens, by capacity. A memory that is too small forgets what comes once a week and calls it new. */
import { createRandom, NoveltyDetector } from "../../src/index.ts";
import type { Table } from "../report.ts";
import { Chance } from "./chance.ts";
import type { Kind } from "./kind.ts";

/** Seven months of five-minute samples; alarms are counted in the second half. */
const SAMPLES = 60_000;
const STEP = 300_000;
const DAY = 288;
const SERIES_OF_A_KIND = 2;
const SEED = 900;
const CAPACITIES = [64, 128, 192, 256, 512];

export function calmMonths(kinds: readonly Kind[], level: number): Table {
  const rows = kinds.map(({ name, start }, index) => {
    const random = createRandom(SEED + index);
    const series = Array.from({ length: SERIES_OF_A_KIND }, () => {
      const course = start({ chance: new Chance(createRandom(random.below(2 ** 32))), day: DAY, incidents: [] });
      return Float64Array.from({ length: SAMPLES }, (_, row) => course(row, undefined));
    });
    return { name, alarms: CAPACITIES.map((capacity) => series.reduce((sum, values) => sum + alarmsOf(values, capacity, level), 0)) };
  });
  const total = CAPACITIES.map((_, index) => rows.reduce((sum, { alarms }) => sum + (alarms[index] ?? 0), 0));
  return {
    title: "Alarms in months in which nothing happens, by states that a plane remembers",
    notes: [
      `${SERIES_OF_A_KIND} series of each kind without incidents, ${SAMPLES} samples of five minutes; alarms of the second half at the best threshold of the synthetic set.`,
    ],
    columns: ["kind", ...CAPACITIES.map(String)],
    rows: [...rows, { name: "all", alarms: total }].map(({ name, alarms }) => ({ name, cells: alarms.map(String), ours: name === "all" })),
  };
}

function alarmsOf(values: Float64Array, capacity: number, level: number): number {
  const detector = new NoveltyDetector({ capacity });
  let alarms = 0;
  values.forEach((value, row) => {
    if (detector.push(value, row * STEP) >= level && row >= SAMPLES / 2) alarms++;
  });
  return alarms;
}
