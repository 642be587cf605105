/** Alarms a day: asked, and got on series in which nothing happens. */
import { AlarmGate, createRandom, discoveryThreshold, InputError, levelFor, RateControl, rateForTick, Spot, StreamBank } from "../src/index.ts";
import { NULLS, type NullSeries } from "./calibration/nulls.ts";
import { tailTable } from "./calibration/tails.ts";
import { troublesTable } from "./calibration/troubles.ts";
import type { Part } from "./part.ts";
import type { Row, Table } from "./report.ts";

const MINUTE = 60_000;
const SERIES = 100;
/** Of the others beside ours, which cost more. */
const FEW_SERIES = 20;
/** Days that a series learns before alarms are counted, and days that are counted. */
const LEARN_DAYS = 3;
const COUNT_DAYS = 14;
const START = Date.UTC(2026, 0, 5);
/** Per series and day. */
const ASKED = [10, 1, 0.1];
const SELDOM = 0.1;
const PERSISTENCE = { needed: 3, of: 5 };
const REFRACTORY_MS = 30 * MINUTE;
/** Per day, over all series together. */
const ASKED_OF_TENANT = 10;

/** Alarms per series and day for each of ASKED, then with persistence, then samples that count; ticks a day with a discovery; alarms a day of the tenant by its share. */
interface Got {
  readonly single: readonly number[];
  /** SELDOM asked, with one correction for all series. */
  readonly seldom: number;
  readonly persistent: number;
  readonly samples: number;
  readonly firstDays: number;
  readonly discoveries: number;
  /** Without correction by past alarms: single and persistent at 1 asked, and the tenant's. */
  readonly plain: readonly number[];
}

export const calibration: Part = {
  name: "calibration",
  title: "Calibration: alarms a day, asked and got",
  needs: [],
  run: async (_, say) => {
    const rows: Row[] = [];
    const beside: Row[] = [];
    const corrections: Row[] = [];
    for (const [name, series] of Object.entries(NULLS)) {
      say(name);
      const { single, seldom, persistent, samples, firstDays, discoveries, plain } = gotFrom(series);
      rows.push({ name, cells: [...single, seldom, persistent, firstDays, discoveries], ours: true });
      corrections.push({ name, cells: [samples, plain[0], single[1], plain[1], persistent, plain[2], discoveries], ours: true });
      beside.push({ name, cells: [single[1], plain[0], spotAlarms(series, false), spotAlarms(series, true), sigmaAlarms(series)], ours: true });
    }
    say("troubles");
    return [askedTable(rows), correctionTable(corrections), besideTable(beside), troublesTable(), tailTable()];
  },
};

function askedTable(rows: readonly Row[]): Table {
  return {
    title: "False alarms a day, per series; and of a tenant with false discovery rate per tick",
    notes: [
      `${SERIES} series of each kind, a sample a minute, ${LEARN_DAYS} days to learn, ${COUNT_DAYS} days counted. An alarm begins with a sample whose p-value is at most the level and whose predecessor's is not.`,
      `3 of 5: with ${PERSISTENCE.needed} of ${PERSISTENCE.of} samples and ${REFRACTORY_MS / MINUTE} minutes of silence. First days: from warm to day ${LEARN_DAYS}. Tenant: ticks a day with a discovery among all series.`,
      "Where it is off: at one alarm in ten days a series has too few of them to correct anything by, and the tail of the p-values, which errs on the side of silence, decides; series that share a correction have enough.",
    ],
    columns: [
      "",
      ...ASKED.map((asked) => `asked ${asked}`),
      `asked ${SELDOM}, shared`,
      "3 of 5, asked 1",
      "first days, asked 1",
      `tenant, asked ${ASKED_OF_TENANT}`,
    ],
    rows: [...rows, { name: "asked", cells: [...ASKED, SELDOM, 1, 1, ASKED_OF_TENANT] }],
    digits: 2,
    draw: "asked 1",
  };
}

function correctionTable(rows: readonly Row[]): Table {
  return {
    title: "What the correction by past alarms does, 1 alarm a day asked",
    notes: [
      "Samples: all whose p-value is at most the level, whatever came before them: the calibration itself. Plain: levels that would be right for independent samples. Alarms of dependent samples come in clusters, so there are fewer alarms than samples; and members that look at many samples make p-values dependent even where the series is not, so 3 of 5 is reached more often.",
    ],
    columns: ["", "samples", "1 of 1, plain", "corrected", "3 of 5, plain", "corrected", "tenant, plain", "corrected"],
    rows: [...rows, { name: "asked", cells: [1, 1, 1, 1, 1, ASKED_OF_TENANT, ASKED_OF_TENANT] }],
    digits: 2,
  };
}

function besideTable(rows: readonly Row[]): Table {
  return {
    title: "Beside others, 1 alarm a day asked",
    notes: [
      `SPOT (Siffer et al. 2017) on |value|, fitted on the first day, then streaming; with anomalies left out of the tail as in the paper, and not. Three sigma: |z| > 3 in a window of 64, what most dashboards do; it cannot be asked. ${FEW_SERIES} series for these.`,
      "SPOT has no idea of a season or of dependence, and needs none here: what these series do is the same every day. Ours is corrected by its past alarms, which SPOT is not: beside it stands ours without that. A dash: too few values lie above their own quantile to fit a tail.",
    ],
    columns: ["", "ours", "ours, not corrected", "SPOT, learning from anomalies", "SPOT as in the paper", "three sigma"],
    rows,
    digits: 2,
  };
}

function gotFrom(series: NullSeries): Got {
  const bank = new StreamBank();
  const random = createRandom(23);
  const slots = Int32Array.from({ length: SERIES }, () => bank.open());
  const draws = Array.from({ length: SERIES }, () => series(random));
  const gates = ASKED.map((alarmsPerDay) => new AlarmGate({ alarmsPerDay, intervalMs: MINUTE }));
  const patient = new AlarmGate({ alarmsPerDay: 1, intervalMs: MINUTE, persistence: PERSISTENCE, refractoryMs: REFRACTORY_MS });
  const uncorrected = [{ needed: 1, of: 1 }, PERSISTENCE].map((persistence) => new AlarmGate({ alarmsPerDay: 1, intervalMs: MINUTE, persistence, pace: 0 }));
  const shared = new AlarmGate({ alarmsPerDay: SELDOM, intervalMs: MINUTE, shared: true });
  const tenant = new RateControl(0.1);
  const early = new AlarmGate({ alarmsPerDay: 1, intervalMs: MINUTE });
  const one = levelFor({ alarmsPerDay: 1, intervalMs: MINUTE });
  const rate = rateForTick(ASKED_OF_TENANT, MINUTE);
  const values = new Float64Array(SERIES);
  const p = new Float64Array(SERIES);
  const single = ASKED.map(() => 0);
  const plain = [0, 0];
  let [persistent, samples, firstDays, discoveries, plainDiscoveries, seldom] = [0, 0, 0, 0, 0, 0];
  for (let tick = 0; tick < (LEARN_DAYS + COUNT_DAYS) * 1440; tick++) {
    const at = START + tick * MINUTE;
    for (let index = 0; index < SERIES; index++) values[index] = (draws[index] as (at: number) => number)(at);
    bank.pushTick(slots, values, at, p);
    const counts = tick >= LEARN_DAYS * 1440;
    const discovered = discoveryThreshold(p, rate * tenant.factor(0)) > 0;
    tenant.learn(0, discovered, rate);
    if (counts && discovered) discoveries++;
    if (counts && discoveryThreshold(p, rate) > 0) plainDiscoveries++;
    for (let index = 0; index < SERIES; index++) {
      const own = p[index] as number;
      if (early.push(index, own, at) && !counts) firstDays++;
      for (const [which, gate] of gates.entries()) if (gate.push(index, own, at) && counts) single[which] = (single[which] as number) + 1;
      for (const [which, gate] of uncorrected.entries()) if (gate.push(index, own, at) && counts) plain[which] = (plain[which] as number) + 1;
      if (shared.push(index, own, at) && counts) seldom++;
      if (patient.push(index, own, at) && counts) persistent++;
      if (counts && own <= one) samples++;
    }
  }
  const perDay = (count: number): number => count / SERIES / COUNT_DAYS;
  return {
    single: single.map(perDay),
    seldom: perDay(seldom),
    persistent: perDay(persistent),
    samples: perDay(samples),
    firstDays: firstDays / SERIES / LEARN_DAYS,
    discoveries: discoveries / COUNT_DAYS,
    plain: [...plain.map(perDay), plainDiscoveries / COUNT_DAYS],
  };
}

/** Alarms per series and day, where two samples in a row are one alarm. */
function alarmsOf(series: NullSeries, judge: () => (value: number, tick: number) => boolean): number {
  const random = createRandom(23);
  let alarms = 0;
  for (let index = 0; index < FEW_SERIES; index++) {
    const draw = series(random);
    const alarming = judge();
    let before = false;
    for (let tick = 0; tick < (LEARN_DAYS + COUNT_DAYS) * 1440; tick++) {
      const now = alarming(draw(START + tick * MINUTE), tick);
      if (now && !before && tick >= LEARN_DAYS * 1440) alarms++;
      before = now;
    }
  }
  return alarms / FEW_SERIES / COUNT_DAYS;
}

/** Undefined where too few values lie above their own quantile to fit a tail. */
function spotAlarms(series: NullSeries, discard: boolean): number | undefined {
  const judge = (): ((value: number, tick: number) => boolean) => {
    const first = new Float64Array(1440);
    const spot = new Spot({ risk: levelFor({ alarmsPerDay: 1, intervalMs: MINUTE }), discard });
    return (value, tick) => {
      if (tick < first.length) first[tick] = Math.abs(value);
      if (tick === first.length) spot.fit(first);
      return tick >= first.length && spot.push(Math.abs(value)) === "anomaly";
    };
  };
  try {
    return alarmsOf(series, judge);
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

function sigmaAlarms(series: NullSeries): number {
  return alarmsOf(series, () => {
    const window: number[] = [];
    return (value) => {
      const mean = window.reduce((sum, each) => sum + each, 0) / (window.length || 1);
      const variance = window.reduce((sum, each) => sum + (each - mean) ** 2, 0) / (window.length || 1);
      window.push(value);
      if (window.length > 64) window.shift();
      return Math.abs(value - mean) > 3 * Math.sqrt(variance);
    };
  });
}
