/** Every exported function that looks at a series or a table as a whole, in one shape. */
import {
  Arima,
  combineP,
  discoveryThreshold,
  dominantPeriod,
  extractFeatures,
  fitByLikelihood,
  fitByMoments,
  HoltWinters,
  IsolationForest,
  LstmAutoencoder,
  type Matrix,
  matrix,
  matrixOfRows,
  median,
  medianAbsoluteDeviation,
  metricEvidence,
  OwnerAnswers,
  Pca,
  rankRootCauses,
  rightSize,
  robustScore,
  SubPca,
  selectArima,
  senSlope,
  stl,
  strengths,
  symmetricEigen,
  timeToLimit,
  UsageHistogram,
  votesOf,
} from "../../index.ts";
import type { Told } from "./subject.ts";

/** All numbers of an answer; undefined where the function documents that it cannot tell. */
export interface Answer {
  /** In no unit. */
  readonly scores?: readonly Told[];
  /** Where something is, and how large, in the unit of the samples. */
  readonly levels?: readonly Told[];
  readonly sizes?: readonly Told[];
}

export interface Whole {
  /** As the index calls it, and what about it where it is there twice. */
  readonly name: string;
  readonly part?: string;
  run(values: Float64Array, times: Float64Array): Answer;
  /** Whether levels begin with those of a prefix of the samples, one for each; else why not. */
  readonly prefix: "kept" | { readonly exempt: string };
  /** Whether scores stay, and the rest moves with the samples, when these are in another unit or have another zero; else why not. */
  readonly scale: "follows" | { readonly exempt: string };
  readonly shift: "follows" | { readonly exempt: string };
}

const ONE = { exempt: "one answer about all that it was given" };
const ALL = { exempt: "it looks at the whole series, samples that come later included, and its page says so" };
const FOLLOWS = { scale: "follows", shift: "follows" } as const;
const P_VALUES = { exempt: "it takes p-values" };

const orUndefined = (number: number): Told => (Number.isNaN(number) ? undefined : number);

/** NaN is the answer for a sample that is missing, and only for that. */
const besideGaps = (answers: Float64Array, values: Float64Array): Told[] =>
  Array.from(answers, (answer, index) => (Number.isNaN(values[index]) ? undefined : answer));

export const twice = (values: Float64Array): Matrix => matrixOfRows(Array.from(values, (value) => [value, 2 * value]));

/** The second half is the incident. */
export function incidentOf(values: Float64Array) {
  const half = values.length >> 1;
  const [before, during] = [values.subarray(0, half), values.subarray(half)];
  const series = [
    { node: "a", metric: "latency", before, during },
    { node: "b", metric: "latency", before, during: during.toReversed() },
  ];
  return {
    times: Float64Array.from(during, (_, index) => index),
    series,
    dependencies: [{ from: "a", to: "b" }],
    changes: [{ node: "b", at: 0, what: "rollout" }],
  };
}

function usageOf(values: Float64Array, times: Float64Array): UsageHistogram {
  const usage = new UsageHistogram({ most: 1e9 });
  values.forEach((value, index) => {
    usage.add(value, times[index] as number);
  });
  return usage;
}

const SCHEMA = { features: [{ name: "memory", unit: "bytes", promql: "memory", kind: "gauge" }], step: 15_000, window: 1 } as const;

/** Rows from the first time on, a minute more than the samples reach at most an hour. */
function featuresOf(kind: "gauge" | "counter", values: Float64Array, times: Float64Array): Float64Array {
  const unit = kind === "gauge" ? "bytes" : "bytes/s";
  const schema = { ...SCHEMA, features: [{ ...SCHEMA.features[0], unit, kind }] };
  const from = times[0] ?? 0;
  const { rows } = extractFeatures([{ name: "memory", unit: "bytes", times, values }], schema, { from, to: Math.min(times.at(-1) ?? 0, from + 3_600_000) });
  return rows.values;
}

export const WHOLES: readonly Whole[] = [
  { name: "median", run: (values) => ({ levels: [orUndefined(median(values))] }), prefix: ONE, ...FOLLOWS },
  { name: "medianAbsoluteDeviation", run: (values) => ({ sizes: [orUndefined(medianAbsoluteDeviation(values))] }), prefix: ONE, ...FOLLOWS },
  { name: "robustScore", run: (values) => ({ scores: [robustScore(values.subarray(1), values[0] ?? 0)] }), prefix: ONE, ...FOLLOWS },
  {
    name: "HoltWinters",
    part: "fit",
    run(values) {
      const model = HoltWinters.fit(values, { period: 12 });
      const { mean, lower, upper } = model.forecast(30);
      return { levels: [...mean, ...lower, ...upper], sizes: [model.deviation] };
    },
    prefix: ONE,
    ...FOLLOWS,
  },
  {
    name: "Arima",
    part: "fit",
    run(values) {
      const model = Arima.fit(values, { order: [1, 1, 0] });
      const { mean, lower, upper } = model.forecast(10);
      return {
        scores: [...Array.from(model.standardised, orUndefined)],
        levels: [...mean, ...lower, ...upper],
        sizes: [...Array.from(model.errors, orUndefined)],
      };
    },
    prefix: { exempt: "its coefficients are those of the whole series" },
    ...FOLLOWS,
  },
  {
    name: "selectArima",
    run(values) {
      const { order, quality } = selectArima(values.subarray(0, 60), { most: 1 });
      return { scores: [order.p, order.d, order.q, Number(order.constant), Number(quality.converged)] };
    },
    prefix: { exempt: "the order is that of the whole series" },
    ...FOLLOWS,
  },
  {
    name: "stl",
    run(values) {
      const { trend, seasonal, remainder, weights } = stl(values, { period: 12 });
      return { scores: [...weights], levels: [...trend], sizes: [...seasonal, ...besideGaps(remainder, values)] };
    },
    prefix: ALL,
    ...FOLLOWS,
  },
  { name: "strengths", run: (values) => ({ scores: Object.values(strengths(stl(values, { period: 12 }))) }), prefix: ALL, ...FOLLOWS },
  {
    name: "timeToLimit",
    run(values, times) {
      const growing = values.map((value, index) => value + index);
      const { verdict, at, earliest, latest, perHour, pValue, since } = timeToLimit(times, growing, { limit: 1e4 });
      return { scores: [verdict.length, at, earliest, latest, perHour, pValue, since] };
    },
    prefix: ONE,
    scale: { exempt: "the limit is in the unit of the values, and is not moved here" },
    shift: { exempt: "the limit is in the unit of the values, and is not moved here" },
  },
  {
    name: "senSlope",
    run(values, times) {
      const hours = times.map((time) => (time - (times[0] as number)) / 3_600_000);
      const { slope, lower, upper, pValue, intercept, crest } = senSlope(hours, values, 0.9);
      return { scores: [pValue], levels: [intercept], sizes: [slope, lower, upper, crest] };
    },
    prefix: ONE,
    ...FOLLOWS,
  },
  {
    name: "rightSize",
    run(values, times) {
      const size = rightSize(usageOf(values, times), { current: 10 });
      return { scores: size === undefined ? [] : [size.request, size.lower, size.upper, size.days] };
    },
    prefix: ONE,
    scale: { exempt: "right to within a bucket of 5 %" },
    shift: { exempt: "usage has a zero" },
  },
  { name: "dominantPeriod", run: (values) => ({ scores: [dominantPeriod(values, { shortest: 4, longest: 40 })] }), prefix: ONE, ...FOLLOWS },
  {
    name: "SubPca",
    part: "fit and score",
    run(values) {
      const model = SubPca.fit(values, { window: 8, memory: 500 });
      return { scores: [...model.score(values), model.push(values[0] as number)] };
    },
    prefix: ALL,
    ...FOLLOWS,
  },
  {
    name: "IsolationForest",
    part: "fit",
    run(values) {
      const forest = IsolationForest.fit(twice(values), { trees: 5, contamination: 0.1, extension: 1 });
      return { scores: [forest.threshold, ...forest.score(twice(values)), ...forest.predict(twice(values)), ...forest.contributions(twice(values).values)] };
    },
    prefix: ONE,
    ...FOLLOWS,
  },
  {
    name: "Pca",
    part: "fit",
    run(values) {
      const pca = Pca.fit(twice(values));
      return { scores: [...Array.from(pca.squares(twice(values)), orUndefined), ...pca.pushRows(twice(values))] };
    },
    prefix: ONE,
    ...FOLLOWS,
  },
  {
    name: "LstmAutoencoder",
    part: "fit",
    run(values) {
      const model = LstmAutoencoder.fit(twice(values), { window: 4, hidden: 2, recent: 2, epochs: 1, batch: 16 });
      return {
        scores: [...model.score(twice(values)).scores, ...model.epochs.flatMap((epoch) => Object.values(epoch).filter((each) => typeof each === "number"))],
      };
    },
    prefix: ONE,
    ...FOLLOWS,
  },
  ...(["gauge", "counter"] as const).map(
    (kind): Whole => ({
      name: "extractFeatures",
      part: kind,
      run(values, times) {
        const rising = kind === "counter" ? values.map((value, index) => value + 100 * index) : values;
        const entries = featuresOf(kind, rising, times);
        return { [kind === "gauge" ? "levels" : "sizes"]: Array.from(entries, orUndefined) };
      },
      prefix: "kept",
      scale: kind === "gauge" ? "follows" : { exempt: "what rises is added to the samples here; a rate is a difference" },
      shift: "follows",
    }),
  ),
  {
    name: "metricEvidence",
    run(values) {
      const { series } = incidentOf(values);
      const found = metricEvidence(series[0] as (typeof series)[0], 0);
      if (found === undefined) return { scores: [undefined] };
      const { deviation, onset, lasting, strength, normal, scale } = found;
      return { scores: [deviation, onset, lasting, strength], levels: [normal], sizes: [scale] };
    },
    prefix: ONE,
    ...FOLLOWS,
  },
  {
    name: "rankRootCauses",
    run: (values) => ({ scores: rankRootCauses(incidentOf(values)).flatMap(({ score, own, for: reasons }) => [score, own, reasons.length]) }),
    prefix: ONE,
    ...FOLLOWS,
  },
  { name: "discoveryThreshold", run: (values) => ({ scores: [discoveryThreshold(values, 0.1)] }), prefix: ONE, scale: P_VALUES, shift: P_VALUES },
  {
    name: "combineP",
    run: (values) => ({
      scores: [
        combineP(values, values.length, values.map(Math.abs)),
        combineP(
          values.map(() => 0.5),
          values.length,
          values,
        ),
      ],
    }),
    prefix: ONE,
    scale: P_VALUES,
    shift: P_VALUES,
  },
  { name: "votesOf", run: (values) => ({ scores: [votesOf(values, Math.min(values.length, 31), 0.5, 0.1)] }), prefix: ONE, scale: P_VALUES, shift: P_VALUES },
  {
    name: "OwnerAnswers",
    run(values) {
      const answers = new OwnerAnswers(2);
      const owners = Int32Array.from(values, (_, index) => index & 1);
      answers.combine(values, owners, values.map(Math.abs));
      return { scores: [...answers.p, ...answers.voters(0, values, owners, 0.1)] };
    },
    prefix: ONE,
    scale: P_VALUES,
    shift: P_VALUES,
  },
  ...[fitByMoments, fitByLikelihood].map(
    (fit): Whole => ({
      name: fit.name,
      run(values) {
        const tail = fit(values);
        return { scores: [tail.shape], sizes: [tail.scale] };
      },
      prefix: ONE,
      scale: "follows",
      shift: { exempt: "excesses are distances from a threshold" },
    }),
  ),
  {
    name: "symmetricEigen",
    run(values) {
      const size = Math.floor(Math.sqrt(values.length));
      const { values: lengths, vectors } = symmetricEigen(matrix(size, size, values.slice(0, size * size)));
      return { scores: [...vectors.values], sizes: [...lengths] };
    },
    prefix: ONE,
    scale: "follows",
    shift: { exempt: "another matrix" },
  },
];
