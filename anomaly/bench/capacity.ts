/** Time to limit beside what people use today: predict_linear of Prometheus, a least-squares line over the window. */
import { timeToLimit } from "../src/index.ts";
import { costTable } from "./capacity/cost.ts";
import { NAMES, type Scenario, scenario } from "./capacity/scenarios.ts";
import type { Part } from "./part.ts";
import type { Row, Table } from "./report.ts";

const SEEDS = 200;
const DAY = 86_400_000;
/** A warning counts where it speaks of the next days. */
const HORIZON_DAYS = 30;
/** What the alerts of the Kubernetes mixin ask predict_linear for. */
const MIXIN_DAYS = 4;

interface Answer {
  readonly at?: number;
  readonly earliest?: number;
  readonly latest?: number;
}

type Method = (scenario: Scenario) => Answer;

const METHODS: Readonly<Record<string, Method>> = {
  kintsugi: ({ times, values, limit, period = 0 }) => timeToLimit(times, values, { limit, period }),
  "predict_linear, whole window": ({ times, values, limit }) => leastSquares(times, values, limit),
  "predict_linear, last 6 h": ({ times, values, limit }) => leastSquares(times.subarray(-72), values.subarray(-72), limit),
  "never (null)": () => ({}),
};

function leastSquares(times: Float64Array, values: Float64Array, limit: number): Answer {
  const mean = (of: Float64Array): number => of.reduce((sum, value) => sum + value, 0) / of.length;
  const [middle, level] = [mean(times), mean(values)];
  let [products, squares] = [0, 0];
  times.forEach((time, index) => {
    products += (time - middle) * ((values[index] as number) - level);
    squares += (time - middle) ** 2;
  });
  const slope = products / squares;
  return slope > 0 ? { at: Math.max(times.at(-1) as number, middle + (limit - level) / slope) } : {};
}

export const capacity: Part = {
  name: "capacity",
  title: "Time to limit",
  needs: [],
  run: async (_, say) => {
    const tables: Table[] = [];
    const all = new Map(NAMES.map((name) => [name, Array.from({ length: SEEDS }, (__, seed) => scenario(name, 1 + seed))]));
    const rows: Row[] = [];
    for (const [name, method] of Object.entries(METHODS)) {
      say(`${name} on ${NAMES.length * SEEDS} series`);
      rows.push({ name, ours: name === "kintsugi", cells: cellsOf(method, [...all.values()].flat()) });
    }
    tables.push({
      title: "Warnings of series that fill, and of series that do not",
      notes: [
        `${SEEDS} seeds of each of ${NAMES.length} kinds, two days at one sample in five minutes. Error: median of |predicted - true| / true remaining time. A warning: the limit within ${HORIZON_DAYS} days.`,
        "Nothing was tuned on these seeds; the method was made for these kinds, which are those of the unit tests. It is told the period where there is a daily cycle, which a line cannot use.",
        `What fills is full in 0.5 to 14 days. People mostly ask predict_linear for ${MIXIN_DAYS} days, so warnings within those stand beside.`,
      ],
      columns: [
        "method",
        "warned of what fills",
        "error",
        "true time in the interval of 90 %",
        "wrongly warned of what does not",
        `the same, within ${MIXIN_DAYS} days`,
        `warned of what fills within ${MIXIN_DAYS} days`,
      ],
      rows,
      digits: 3,
      draw: "wrongly warned of what does not",
    });
    tables.push({
      title: "Warned, by kind",
      columns: ["method", ...NAMES],
      rows: Object.entries(METHODS).map(([name, method]) => ({
        name,
        ours: name === "kintsugi",
        cells: [...all.values()].map((series) => shareOf(series, (each) => warns(each, method(each)))),
      })),
      digits: 2,
    });
    tables.push(costTable());
    return tables;
  },
};

function cellsOf(method: Method, series: readonly Scenario[]): (number | undefined)[] {
  const fills = series.filter(({ truth }) => truth !== undefined).map((each) => ({ each, answer: method(each) }));
  const errors = fills.flatMap(({ each: { truth = 0, times }, answer: { at } }) =>
    at === undefined ? [] : [Math.abs(at - truth) / (truth - (times.at(-1) as number))],
  );
  const intervals = fills.filter(({ answer }) => answer.earliest !== undefined);
  const held = intervals.filter(({ each: { truth = 0 }, answer: { earliest = 0, latest = Number.POSITIVE_INFINITY } }) => earliest <= truth && truth <= latest);
  const others = series.filter(({ truth }) => truth === undefined);
  return [
    fills.filter(({ each, answer }) => warns(each, answer)).length / fills.length,
    errors.sort((a, b) => a - b)[errors.length >> 1],
    intervals.length === 0 ? undefined : held.length / intervals.length,
    shareOf(others, (each) => warns(each, method(each))),
    shareOf(others, (each) => warns(each, method(each), MIXIN_DAYS)),
    fills.filter(({ each, answer }) => dueWithin(each, MIXIN_DAYS) && warns(each, answer, MIXIN_DAYS)).length /
      fills.filter(({ each }) => dueWithin(each, MIXIN_DAYS)).length,
  ];
}

function shareOf<Each>(all: readonly Each[], holds: (each: Each) => boolean): number {
  return all.filter(holds).length / all.length;
}

function warns({ times }: Scenario, { at }: Answer, days = HORIZON_DAYS): boolean {
  return at !== undefined && at - (times.at(-1) as number) <= days * DAY;
}

function dueWithin({ times, truth = Number.POSITIVE_INFINITY }: Scenario, days: number): boolean {
  return truth - (times.at(-1) as number) <= days * DAY;
}
