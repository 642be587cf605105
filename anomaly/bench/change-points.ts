/** Change points: how late an alarm comes at one rate of false ones, how far the onset is off, and what is wrongly taken for a change. */
import { averageRunLength, createCusum, createRandom, type Random, thresholdFor } from "../src/index.ts";
import { type Chart, type ChartKind, calibrated, KINDS, samplesPerAlarm } from "./change-points/chart.ts";
import type { Part } from "./part.ts";
import type { Row, Table } from "./report.ts";

/** Normal samples for each false alarm. */
const RATE = 1_000;
const RUNS = 300;
/** Samples before a change, of which some charts learn, and the longest wait after it. */
const QUIET = 500;
const LONGEST = 1_000;

type Series = (index: number, random: Random) => number;

const CHANGES: readonly { readonly name: string; readonly shift?: number; readonly of: Series }[] = [
  { name: "level + 0.5", shift: 0.5, of: (_, { normal }) => 0.5 + normal() },
  { name: "level + 1", shift: 1, of: (_, { normal }) => 1 + normal() },
  { name: "level + 2", shift: 2, of: (_, { normal }) => 2 + normal() },
  { name: "level + 4", shift: 4, of: (_, { normal }) => 4 + normal() },
  { name: "spread x 2", of: (_, { normal }) => 2 * normal() },
  { name: "spread / 3", of: (_, { normal }) => normal() / 3 },
  { name: "ramp of 0.02 a sample", of: (index, { normal }) => 0.02 * index + normal() },
];

/** What changes nothing that one would want to hear of. */
const CALM: readonly { readonly name: string; readonly of: Series }[] = [
  { name: "normal", of: (_, { normal }) => normal() },
  { name: "Student's t, 3 degrees", of: (_, random) => studentOf(random) },
  { name: "one wild sample in 100", of: (_, random) => random.normal() + (random.next() < 0.01 ? 15 : 0) },
  { name: "trend of 0.0005 a sample", of: (index, { normal }) => 0.0005 * index + normal() },
  { name: "season: 1 high, 400 long", of: (index, { normal }) => Math.sin((2 * Math.PI * index) / 400) + normal() },
];

export const changePointsPart: Part = {
  name: "change-points",
  title: "Change points",
  needs: [],
  async run(_, say) {
    const charts = KINDS.map((kind) => ({ kind, knob: calibrated(kind, RATE) }));
    say(`calibrated: ${charts.map(({ kind, knob }) => `${kind.name} ${knob.toPrecision(3)}`).join(", ")}`);
    return [delayTable(charts), onsetTable(charts), calmTable(charts), costTable(say)];
  },
};

interface Calibrated {
  readonly kind: ChartKind;
  readonly knob: number;
}

function delayTable(charts: readonly Calibrated[]): Table {
  const threshold = thresholdFor(RATE, 0.5);
  const siegmund: Row = {
    name: "Siegmund's approximation for the CUSUM",
    cells: CHANGES.map(({ shift }) =>
      shift === undefined ? undefined : 1 / (1 / averageRunLength(shift, 0.5, threshold) + 1 / averageRunLength(-shift, 0.5, threshold)),
    ),
  };
  const rows = charts.map(
    ({ kind, knob }): Row => ({
      name: kind.name,
      cells: CHANGES.map(({ of }) => meanOf(alarmsOf(kind, knob, of).map(({ delay }) => delay))),
      ours: kind.ours ?? false,
    }),
  );
  return {
    title: "Samples from a change to the alarm",
    notes: [
      `Every method is set to one false alarm in ${RATE} normal samples, by simulation; then ${RUNS} series change after ${QUIET} samples, in deviations of what was before. Series with an alarm before that are left out; where none comes within ${LONGEST} samples, ${LONGEST} count.`,
      "This library learns level and spread from the series itself; the others are told. The approximation counts from sums at zero, so it is a little late.",
    ],
    columns: ["method", ...CHANGES.map(({ name }) => name)],
    rows: [...rows, siegmund],
    digits: 1,
    draw: "level + 1",
  };
}

function onsetTable(charts: readonly Calibrated[]): Table {
  const rows = charts.flatMap(({ kind, knob }): Row[] => {
    if (kind.make(knob).onset === undefined) return [];
    return [{ name: kind.name, cells: CHANGES.map(({ of }) => errorsOf(alarmsOf(kind, knob, of))), ours: kind.ours ?? false }];
  });
  const naive: Row = {
    name: "time of the alarm (this library's)",
    cells: CHANGES.map(({ of }) =>
      errorsOf(alarmsOf(charts[0]?.kind as ChartKind, charts[0]?.knob as number, of).map((each) => ({ ...each, onset: each.delay }))),
    ),
  };
  return {
    title: "How many samples the onset is off",
    notes: ["Of the alarms in time: the median of the error, before or after, and the error that nine of ten stay within."],
    columns: ["method", ...CHANGES.map(({ name }) => name)],
    rows: [...rows, naive],
  };
}

function calmTable(charts: readonly Calibrated[]): Table {
  const rows = charts.map(
    ({ kind, knob }): Row => ({
      name: kind.name,
      cells: CALM.map(({ of }, seed) => {
        const random = createRandom(500 + seed);
        let index = 0;
        return 10_000 / samplesPerAlarm(kind.make(knob), () => of(index++, random), 200_000);
      }),
      ours: kind.ours ?? false,
    }),
  );
  return {
    title: "Alarms in 10,000 samples of what is no change",
    notes: [
      "At the same settings. Student's t is scaled to the quartiles of the normal distribution. Of the season and the trend a CUSUM should be given what is left without them.",
    ],
    columns: ["method", ...CALM.map(({ name }) => name)],
    rows,
    digits: 1,
  };
}

function costTable(say: (line: string) => void): Table {
  const rows = [1, 1_000, 100_000, 1_000_000].map((slots): Row => {
    const bank = createCusum(slots);
    const random = createRandom(3);
    const noise = Float64Array.from({ length: 8_192 }, () => random.normal());
    const fill = (from: number, to: number): void => {
      for (let at = from; at < to; at++) for (let slot = 0; slot < slots; slot++) bank.push(slot, noise[(at * 31 + slot * 7) & 8_191] as number, at);
    };
    fill(0, 70);
    const ticks = Math.max(3, Math.floor(3_000_000 / slots));
    const began = performance.now();
    fill(70, 70 + ticks);
    const nanoseconds = ((performance.now() - began) * 1e6) / (ticks * slots);
    say(`${slots} series: ${nanoseconds.toFixed(0)} ns a sample`);
    return { name: `${slots} series`, cells: [nanoseconds, bank.snapshot().length / slots], ours: true };
  });
  return {
    title: "What a sample costs",
    notes: ["One core; level and spread, after warming up. Every tick goes once through all series, so that with many of them memory is part of the cost."],
    columns: ["series", "ns a sample", "bytes a series"],
    rows,
    digits: 0,
  };
}

interface Alarm {
  readonly delay: number;
  /** Relative to the change; NaN where there was no alarm, or none is told. */
  readonly onset: number;
}

function alarmsOf(kind: ChartKind, knob: number, changed: Series): Alarm[] {
  return Array.from({ length: RUNS }, (_, seed) => createRandom(1_000 + seed)).flatMap((random) => {
    const chart: Chart = kind.make(knob);
    for (let index = 0; index < QUIET; index++) if (chart.push(random.normal())) return [];
    for (let index = 0; index < LONGEST; index++)
      if (chart.push(changed(index, random))) return [{ delay: index + 1, onset: (chart.onset?.() ?? Number.NaN) - QUIET }];
    return [{ delay: LONGEST, onset: Number.NaN }];
  });
}

function errorsOf(alarms: readonly Alarm[]): string {
  const errors = alarms
    .map(({ onset }) => Math.abs(onset))
    .filter((error) => !Number.isNaN(error))
    .sort((a, b) => a - b);
  const at = (share: number): number => errors[Math.min(errors.length - 1, Math.floor(share * errors.length))] ?? Number.NaN;
  return errors.length === 0 ? "-" : `${at(0.5)}, ${at(0.9)}`;
}

function meanOf(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** A normal one over the root of a mean of three squares; 0.8819 makes its quartiles those of the normal distribution. */
function studentOf({ normal }: Random): number {
  const square = (normal() ** 2 + normal() ** 2 + normal() ** 2) / 3;
  return (0.8819 * normal()) / Math.sqrt(square);
}
