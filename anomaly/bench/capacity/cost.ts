/** What a decomposition, a fit and a look ahead cost, and how each grows with the samples. */
import { createRandom, HoltWinters, stl, timeToLimit } from "../../src/index.ts";
import type { Row, Table } from "../report.ts";

const PERIOD = 24;
const SIZES = [1_000, 4_000, 16_000];
const REPEATS = 5;

const CALLS: Readonly<Record<string, (times: Float64Array, values: Float64Array) => unknown>> = {
  "STL, plain": (_, values) => stl(values, { period: PERIOD, robust: false }),
  "STL, robust": (_, values) => stl(values, { period: PERIOD }),
  "Holt-Winters, a fit": (_, values) => HoltWinters.fit(values, { period: PERIOD }),
  "time to limit": (times, values) => timeToLimit(times, values, { limit: 1e6 }),
};

export function costTable(): Table {
  return {
    title: "What a call costs",
    notes: [`Milliseconds of processor time, median of ${REPEATS}; a season of ${PERIOD} samples with a trend and noise.`],
    columns: ["", ...SIZES.map((size) => `${size.toLocaleString("en")} samples`)],
    rows: Object.entries(CALLS).map(([name, call]): Row => ({ name, cells: SIZES.map((size) => milliseconds(call, size)), ours: true })),
    digits: 1,
  };
}

function milliseconds(call: (times: Float64Array, values: Float64Array) => unknown, size: number): number {
  const random = createRandom(size);
  const times = Float64Array.from({ length: size }, (_, index) => index * 60_000);
  const values = times.map((_, index) => 10 * Math.sin((2 * Math.PI * index) / PERIOD) + 0.01 * index + random.normal());
  call(times, values);
  const spans = Array.from({ length: REPEATS }, () => {
    const began = process.cpuUsage();
    call(times, values);
    const { user, system } = process.cpuUsage(began);
    return (user + system) / 1_000;
  });
  return spans.toSorted((one, other) => one - other)[REPEATS >> 1] as number;
}
