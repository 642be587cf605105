/** Control charts of one series, to be compared at equal rates of false alarms. */
import { CHANGES, type CusumParams, createCusum, createRandom } from "../../src/index.ts";

/** A chart in use: takes a sample, true where it alarms; after that it begins anew. `onset`: of the last alarm, counted in samples taken. */
export interface Chart {
  push(value: number): boolean;
  readonly onset?: () => number;
  /** Whether the sample before was judged, not only learned from. */
  readonly judges?: () => boolean;
}

/** A kind of chart with one knob: the larger, the rarer it alarms. */
export interface ChartKind {
  readonly name: string;
  make(knob: number): Chart;
  readonly least: number;
  readonly most: number;
  readonly ours?: boolean;
}

function library(name: string, params: CusumParams): ChartKind {
  return {
    name,
    least: 20,
    most: 1e6,
    ours: true,
    make(knob) {
      const bank = createCusum(1, { ...params, samplesPerFalseAlarm: knob });
      let at = 0;
      let wasWarm = false;
      return {
        push(value) {
          wasWarm = bank.isWarm(0);
          return CHANGES[bank.push(0, value, at++)] !== "none";
        },
        onset: () => bank.onset(0),
        judges: () => wasWarm,
      };
    },
  };
}

/** Page's two-sided CUSUM as it stands in books: it is told mean and deviation, which nobody is. */
const told: ChartKind = {
  name: "CUSUM, told level and spread",
  least: 0.1,
  most: 50,
  make(threshold) {
    let up = 0;
    let down = 0;
    let at = 0;
    let upSince = 0;
    let downSince = 0;
    let onset = Number.NaN;
    return {
      push(value) {
        if (up === 0) upSince = at;
        if (down === 0) downSince = at;
        at++;
        up = Math.max(0, up + value - 0.5);
        down = Math.max(0, down - value - 0.5);
        if (up <= threshold && down <= threshold) return false;
        onset = up > threshold ? upSince : downSince;
        up = 0;
        down = 0;
        return true;
      },
      onset: () => onset,
    };
  },
};

/** S. Roberts' chart of an exponentially weighted mean (1959) with weight 0.1, told mean and deviation as well. */
const weighted: ChartKind = {
  name: "EWMA, told level and spread",
  least: 0.1,
  most: 50,
  make(limit) {
    let mean = 0;
    return {
      push(value) {
        mean += 0.1 * (value - mean);
        if (Math.abs(mean) / Math.sqrt(0.1 / 1.9) <= limit) return false;
        mean = 0;
        return true;
      },
    };
  },
};

/** W. Shewhart's chart: one sample beyond a limit. */
const single: ChartKind = {
  name: "one sample beyond a limit, told level and spread",
  least: 0.1,
  most: 50,
  make: (limit) => ({ push: (value) => Math.abs(value) > limit }),
};

let chances = 0;
const random: ChartKind = {
  name: "random",
  least: 1,
  most: 1e6,
  make(knob) {
    const chance = createRandom(chances++);
    return { push: () => chance.next() < 1 / knob };
  },
};

export const KINDS: readonly ChartKind[] = [
  library("this library", {}),
  library("this library, level alone", { spread: false }),
  library("this library, without clipping", { spread: false, clip: 1e6 }),
  told,
  weighted,
  single,
  random,
  { name: "null: never", least: 1, most: 1, make: () => ({ push: () => false }) },
];

/** Judged samples for each alarm. */
export function samplesPerAlarm(chart: Chart, sample: () => number, samples: number): number {
  let alarms = 0;
  let judged = 0;
  for (let index = 0; index < samples; index++) {
    if (chart.push(sample())) alarms++;
    if (chart.judges?.() ?? true) judged++;
  }
  return judged / alarms;
}

/** The knob at which a kind of chart alarms once in `wanted` normal samples, by bisection on the same noise. */
export function calibrated(kind: ChartKind, wanted: number): number {
  let low = kind.least;
  let high = kind.most;
  for (let step = 0; step < 16 && high > low; step++) {
    const middle = Math.sqrt(low * high);
    const { normal } = createRandom(99);
    if (samplesPerAlarm(kind.make(middle), normal, 200 * wanted) < wanted) low = middle;
    else high = middle;
  }
  return Math.sqrt(low * high);
}
