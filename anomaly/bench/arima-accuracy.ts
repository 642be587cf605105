/** How well seasonal ARIMA forecasts series that nothing was tuned on: beside naive rows, Holt-Winters and statsmodels. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Arima, HoltWinters, selectArima } from "../src/index.ts";
import { naive, seasonalNaive } from "./arima/naive.ts";
import { type Accuracy, accuracyOf, HORIZONS, judged, LEVEL, type Method, splitOf } from "./arima/rolling.ts";
import { type NamedSeries, seriesIn } from "./arima/series.ts";
import { STATSMODELS } from "./arima-speed.ts";
import type { Part } from "./part.ts";
import { pythonWith } from "./python.ts";
import type { Row, Table } from "./report.ts";

const METHODS: readonly { readonly name: string; readonly ours: boolean; readonly method: Method }[] = [
  { name: "last value", ours: false, method: naive },
  { name: "same time yesterday", ours: false, method: seasonalNaive },
  { name: "Holt-Winters, daily season", ours: true, method: (known, day) => HoltWinters.fit(known, day > 1 && known.length > 2 * day ? { period: day } : {}) },
  { name: "ARIMA, order by AICc", ours: true, method: (known) => selectArima(known) },
  { name: "SARIMA, daily season, order by AICc", ours: true, method: (known, day) => selectArima(known, { season: day }) },
];
const TUNED = "Tuned on: that a drift is looked for only where told was decided on these series; nothing else was.";
const RULES = [
  "Fitted once on the first half (its last 4,032 samples at most), then told every sample; 20 origins through the second half. Orders by the stepwise search, all defaults.",
  "Error: mean absolute error over steps 1 to h in units of the mean absolute difference of neighbours in the known part; the mean is over series, then the median. Coverage: of the 95 % interval at step h.",
];

export const arimaAccuracy: Part = {
  name: "arima-accuracy",
  title: "Forecasts of seasonal ARIMA",
  needs: ["nab", "cloud-monitoring"],
  async run(data, say) {
    const nab = readdirSync(join(data, "nab", "data"))
      .filter((folder) => folder.startsWith("real"))
      .flatMap((folder) => seriesIn(join(data, "nab", "data", folder)));
    const cloud = readdirSync(join(data, "cloud-monitoring"))
      .filter((group) => existsSync(join(data, "cloud-monitoring", group)) && !group.includes("."))
      .filter((group) => group !== "LICENSE")
      .flatMap((group) => seriesIn(join(data, "cloud-monitoring", group)));
    return [
      await tableOf(
        "NAB, real series",
        "No parameter of a forecast was tuned on these series; how many starts the fit climbs from was chosen by comparing likelihoods with statsmodels on 30 of them.",
        nab,
        say,
        false,
      ),
      await tableOf("Cloud monitoring", TUNED, cloud, say, true),
    ];
  },
};

async function tableOf(title: string, tuned: string, all: readonly NamedSeries[], say: (line: string) => void, beside: boolean): Promise<Table> {
  const series = all.filter((each) => each.values.every(Number.isFinite) && splitOf(each).scale > 0);
  const found = METHODS.map(({ name, ours, method }) => {
    const began = performance.now();
    const accuracies = series.map((each) => accuracyOf(method, each));
    say(`${title}: ${name}, ${((performance.now() - began) / 1_000).toFixed(0)} s`);
    return { name, ours, accuracies };
  });
  const notes = [tuned, ...RULES, `${series.length} of ${all.length} series; the others have gaps or do not change in the known part.`];
  if (beside) {
    const python = await pythonWith(STATSMODELS, say);
    if ("missing" in python) notes.push(python.missing);
    else {
      say(`${title}: statsmodels`);
      const forecasts = (await python.run(fileURLToPath(new URL("arima/accuracy.py", import.meta.url)), series.map(asked))) as Forecasts[];
      found.push({ name: "statsmodels, ARIMA of the same orders", ours: false, accuracies: series.map((each, index) => judged(each, forecasts[index] ?? [])) });
      notes.push(python.version);
    }
  }
  const naiveErrors = found[0]?.accuracies ?? [];
  return {
    title,
    notes,
    columns: ["", ...HORIZONS.flatMap((step) => [`error to ${step}`, `median to ${step}`, `coverage at ${step}`]), "wins over last value"],
    rows: found.map(({ name, ours, accuracies }) => rowOf(name, ours, accuracies, naiveErrors)),
    digits: 3,
    draw: `median to ${HORIZONS[1]}`,
  };
}

type Forecasts = readonly { readonly mean: Float64Array; readonly lower: Float64Array; readonly upper: Float64Array }[];

/** The same order that ours chose without a season: a comparison of fits and forecasts, not of searches. */
function asked(series: NamedSeries): unknown {
  const { known, later, origins } = splitOf(series);
  const { order }: Arima = selectArima(known);
  return {
    order: [order.p, order.d, order.q],
    constant: order.constant,
    known: [...known],
    later: [...later],
    origins,
    steps: HORIZONS[HORIZONS.length - 1],
    level: LEVEL,
  };
}

function rowOf(name: string, ours: boolean, accuracies: readonly Accuracy[], naiveErrors: readonly Accuracy[]): Row {
  const cells = HORIZONS.flatMap((_, row) => {
    const errors = accuracies.map(({ scaledError }) => scaledError[row] as number);
    const held = accuracies.reduce((sum, { coverage }) => sum + (coverage[row] as number) / accuracies.length, 0);
    return [errors.reduce((sum, error) => sum + error / errors.length, 0), medianOf(errors), held];
  });
  const wins = accuracies.filter(({ scaledError }, index) => (scaledError[1] as number) < (naiveErrors[index]?.scaledError[1] as number)).length;
  return { name, cells: [...cells, `${wins} of ${accuracies.length}`], ours };
}

function medianOf(values: readonly number[]): number {
  return [...values].sort((one, other) => one - other)[values.length >> 1] as number;
}
