/** What seasonal ARIMA costs: a fit, an update and a forecast, beside statsmodels in the same run, and how they grow. */
import { fileURLToPath } from "node:url";
import { Arima, type ArimaParams, createRandom } from "../src/index.ts";
import type { Part } from "./part.ts";
import { pythonWith } from "./python.ts";
import type { Row, Table } from "./report.ts";

/** The release that the goal was measured with. */
export const STATSMODELS = ["numpy==2.4.6", "scipy==1.17.1", "pandas==3.1.1", "statsmodels==0.14.6"] as const;

interface Case {
  readonly name: string;
  readonly order: readonly [number, number, number];
  readonly seasonal: readonly [number, number, number, number];
  readonly samples: number;
  /** Share of samples that are missing. */
  readonly missing?: number;
  /** Left out of the comparison where a fit of statsmodels takes minutes to hours. */
  readonly alone?: boolean;
}

/** Other work on the machine only ever adds time. */
const BEST = "The least time of 5 runs, of theirs of 3; a fit or update alone takes no longer where the machine has nothing else to do.";

/** Seconds, and the log-likelihood that the fit reached. */
interface Times {
  readonly fit: number;
  readonly append: number;
  readonly forecast: number;
  readonly logLikelihood: number;
}

const PLAIN = [0, 0, 0, 1] as const;
const GOAL: Case = { name: "ARIMA(2,0,2), 4,032", order: [2, 0, 2], seasonal: PLAIN, samples: 4_032 };
const sizes = (name: string, order: Case["order"], seasonal: Case["seasonal"], counts: readonly number[], alone = false): Case[] =>
  counts.map((samples) => ({ name: `${name}, ${samples.toLocaleString("en")}`, order, seasonal, samples, alone }));
const COMPARED: readonly Case[] = [
  ...sizes("ARIMA(1,0,0)", [1, 0, 0], PLAIN, [500, 1_000, 4_000, 16_000]),
  ...sizes("ARIMA(2,0,2)", [2, 0, 2], PLAIN, [500, 1_000, 4_000, 16_000]),
  ...sizes("ARIMA(2,1,2)", [2, 1, 2], PLAIN, [500, 1_000, 4_000, 16_000]),
  ...sizes("SARIMA(1,0,1)(1,0,1)24", [1, 0, 1], [1, 0, 1, 24], [500, 1_000, 4_000]),
];
const ALONE: readonly Case[] = [
  ...sizes("SARIMA(1,0,1)(1,0,1)24", [1, 0, 1], [1, 0, 1, 24], [16_000], true),
  ...sizes("SARIMA(1,0,1)(0,1,1)288", [1, 0, 1], [0, 1, 1, 288], [4_032, 16_128], true),
  { name: "SARIMA(1,0,1)(0,1,1)288, 4,032, 20 missing", order: [1, 0, 1], seasonal: [0, 1, 1, 288], samples: 4_032, missing: 20 / 4_032, alone: true },
  { name: "ARIMA(2,0,2), 4,032, 1 % missing", order: [2, 0, 2], seasonal: PLAIN, samples: 4_032, missing: 0.01, alone: true },
  ...sizes("ARIMA(2,0,2)", [2, 0, 2], PLAIN, [100_000, 1_000_000], true),
];

export const arimaSpeed: Part = {
  name: "arima-speed",
  title: "Speed of seasonal ARIMA",
  needs: [],
  async run(_, say) {
    const compared = [GOAL, ...COMPARED];
    const ours = [...compared, ...ALONE].map((each) => {
      say(`ours: ${each.name}`);
      return timesOf(each);
    });
    const python = await pythonWith(STATSMODELS, say);
    if ("missing" in python) say(python.missing);
    else say("statsmodels: the same, some minutes");
    const script = fileURLToPath(new URL("arima/speed.py", import.meta.url));
    const input = compared.map((each) => ({ order: each.order, seasonal: each.seasonal[3] > 1 ? each.seasonal : [0, 0, 0, 0], series: [...seriesOf(each)] }));
    const theirs = "missing" in python ? [] : ((await python.run(script, input)) as Times[]);
    const beside = "missing" in python ? python.missing : `Beside it, one after the other on the same machine, one thread: ${python.version}.`;
    return [
      {
        title: "ARIMA(2,0,2), 4,032 samples",
        notes: [beside, BEST, "Goals: a fit at least 10 times as fast at an equal or better log-likelihood; an update in less than 50 us."],
        ...columns(theirs.length > 0),
        rows: [rowOf("ours", ours[0] as Times, theirs[0], true), ...(theirs[0] === undefined ? [] : [rowOf("statsmodels", theirs[0], null, false)])],
        draw: "fit, ms",
      },
      {
        title: "Growth with samples and orders",
        notes: [
          "Ours, with how many times as fast as statsmodels, which filters the whole series again for each sample that is appended; the last column is its log-likelihood.",
        ],
        ...columns(theirs.length > 0),
        rows: COMPARED.map((each, index) => rowOf(each.name, ours[index + 1] as Times, theirs[index + 1], true)),
      },
      {
        title: "What statsmodels was not asked",
        notes: ["Long seasons, missing samples and long series, ours alone: their state of 290 numbers needs matrices of 290 x 290 at every sample."],
        ...columns(false),
        rows: ALONE.map((each, index) => rowOf(each.name, ours[compared.length + index] as Times, undefined, true)),
      },
    ];
  },
};

const columns = (compared: boolean): Pick<Table, "columns" | "digits"> => ({
  columns: [
    "",
    "fit, ms",
    "update, us",
    "forecast of 24, ms",
    "log-likelihood",
    ...(compared ? ["fit, times as fast", "update, times as fast", "theirs"] : []),
  ],
  digits: 2,
});

/** `other` is null where the table compares and this row has nothing to be compared with. */
function rowOf(name: string, own: Times, other: Times | null | undefined, ours: boolean): Row {
  const nothing = other === null ? [undefined, undefined, undefined] : [];
  const beside = other === undefined || other === null ? nothing : [other.fit / own.fit, other.append / own.append, other.logLikelihood.toFixed(4)];
  return { name, cells: [own.fit * 1e3, own.append * 1e6, own.forecast * 1e3, own.logLikelihood.toFixed(4), ...beside], ours };
}

function timesOf(each: Case): Times {
  const series = seriesOf(each);
  const params: ArimaParams = { order: each.order, seasonal: each.seasonal };
  const repeats = each.samples > 50_000 || each.seasonal[3] > 100 ? 2 : 5;
  // The first fits are compiled while they run.
  for (let warm = 0; warm < repeats; warm++) Arima.fit(series.subarray(0, 4_000), params);
  let model = Arima.fit(series.subarray(0, Math.min(series.length, 2_000)), params);
  const fit = bestSeconds(repeats, () => {
    model = Arima.fit(series, params);
  });
  const { logLikelihood } = model.quality;
  const forecast = bestSeconds(5, () => model.forecast(24));
  const updates = Math.min(series.length, 4_000);
  const append =
    bestSeconds(5, () => {
      for (let time = 0; time < updates; time++) model.update(series[time] as number);
    }) / updates;
  return { fit, append, forecast, logLikelihood };
}

/** A series of the order, with roots well inside: made the same way in every run. */
function seriesOf({ order: [p, d, q], seasonal: [P, D, Q, m], samples, missing = 0 }: Case): Float64Array {
  const random = createRandom(samples + p + 7 * q + 31 * m);
  const noise = Float64Array.from({ length: samples }, () => random.normal());
  const at = (series: Float64Array, time: number): number => (time < 0 ? 0 : (series[time] as number));
  const inner = noise.slice();
  for (let time = 0; time < samples; time++) {
    if (q > 0) inner[time] = at(inner, time) + 0.4 * at(noise, time - 1) + (q > 1 ? 0.2 * at(noise, time - 2) : 0);
    if (p > 0) inner[time] = at(inner, time) + 0.6 * at(inner, time - 1) + (p > 1 ? 0.2 * at(inner, time - 2) : 0);
  }
  const series = inner.slice();
  for (let time = 0; time < samples; time++) {
    if (Q > 0) series[time] = at(series, time) - 0.4 * at(inner, time - m);
    if (P > 0) series[time] = at(series, time) + 0.7 * at(series, time - m);
    if (D > 0) series[time] = at(series, time) + at(series, time - m);
    if (d > 0) series[time] = at(series, time) + at(series, time - 1);
  }
  return series.map((value) => (random.next() < missing ? Number.NaN : value + 10));
}

function bestSeconds(repeats: number, run: () => unknown): number {
  const spans = Array.from({ length: repeats }, () => {
    const began = performance.now();
    run();
    return (performance.now() - began) / 1_000;
  });
  return Math.min(...spans);
}
