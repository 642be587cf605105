/** Every exported method that takes parameters: with good ones, and what it does with them. */
import {
  AlarmGate,
  Arima,
  averageRunLength,
  CusumBank,
  changePoints,
  discoveryThreshold,
  dominantPeriod,
  extractFeatures,
  HoltWinters,
  IsolationForest,
  LSTM_DEFAULTS,
  LstmAutoencoder,
  levelFor,
  MemberWeights,
  metricEvidence,
  NoveltyDetector,
  OwnerAnswers,
  Pca,
  RateControl,
  rankRootCauses,
  rateForTick,
  rightSize,
  ScoreCalibration,
  Spot,
  StreamBank,
  SubPca,
  selectArima,
  senSlope,
  stl,
  thresholdFor,
  timeToLimit,
  UsageHistogram,
} from "../../index.ts";
import { history, START, STEP, type Told } from "./subject.ts";
import { incidentOf, twice } from "./wholes.ts";

export interface Parametrised {
  readonly name: string;
  readonly good: Readonly<Record<string, number>>;
  /** Some numbers that come of it. The parameters are numbers of any kind: what is no number for people is none for the type, too. */
  use(params: Readonly<Record<string, number>>): readonly Told[];
}

const samples = history((own) => own, 72);
const times = samples.map((_, index) => START + index * STEP);
const usage = new UsageHistogram();
for (const [index, value] of samples.entries()) usage.add(value, times[index] as number);

const pushed = (push: (value: number, at: number) => Told): Told[] => Array.from(samples, (value, index) => push(value, times[index] as number));

export const PARAMETRISED: readonly Parametrised[] = [
  {
    name: "HoltWinters",
    good: { period: 12, clip: 3, alpha: 0.3, beta: 0.1, gamma: 0.1, phi: 0.9, steps: 5, level: 0.9 },
    use({ steps, level, ...params }) {
      const model = HoltWinters.fit(samples, params);
      const { mean, lower, upper } = model.forecast(steps as number, level);
      return [...pushed((value) => model.update(value)), ...mean, ...lower, ...upper];
    },
  },
  {
    name: "stl",
    good: {
      period: 12, seasonal: 7, trend: 21, lowPass: 13, seasonalJump: 1, trendJump: 2, lowPassJump: 2, innerIterations: 1, outerIterations: 1,
    }, // biome-ignore format: many
    use: (params) => Object.values(stl(samples, params as unknown as Parameters<typeof stl>[1])).flatMap((part) => [...part]),
  },
  {
    name: "timeToLimit",
    good: { limit: 100, level: 0.9, significance: 0.01, period: 180_000 },
    use: (params) =>
      Object.values(timeToLimit(times, samples, params as unknown as Parameters<typeof timeToLimit>[2])).filter((each) => typeof each === "number"),
  },
  { name: "senSlope", good: { level: 0.9 }, use: ({ level }) => Object.values(senSlope(times, samples, level as number)) },
  {
    name: "UsageHistogram",
    good: { first: 0.01, growth: 1.05, most: 1000, halfLife: 86_400_000, share: 0.5, weight: 1 },
    use({ share, weight, ...params }) {
      const histogram = new UsageHistogram(params);
      return [...pushed((value, at) => Number(histogram.add(value, at, weight))), histogram.percentile(share as number), histogram.span];
    },
  },
  {
    name: "rightSize",
    good: { target: 0.9, margin: 0.15, least: 0, current: 10 },
    use: (params) => Object.values(rightSize(usage, params) ?? {}).filter((each) => typeof each === "number"),
  },
  {
    name: "Arima",
    good: { p: 1, d: 1, q: 1, P: 1, D: 0, Q: 0, m: 6, steps: 3, level: 0.9 },
    use({ p, d, q, P, D, Q, m, steps, level }) {
      const model = Arima.fit(samples, { order: [p as number, d as number, q as number], seasonal: [P as number, D as number, Q as number, m as number] });
      const { mean, lower, upper } = model.forecast(steps as number, level);
      return [...pushed((value) => model.update(value)), ...mean, ...lower, ...upper];
    },
  },
  {
    name: "selectArima",
    good: { season: 1, most: 1, mostSeasonal: 1, d: 1, D: 0 },
    use: (params) => [...selectArima(samples, params).forecast(3).mean],
  },
  { name: "dominantPeriod", good: { shortest: 4, longest: 30, least: 0.2 }, use: (params) => [dominantPeriod(samples, params)] },
  {
    name: "SubPca",
    good: { window: 6, share: 0.7, ridge: 1, memory: 100, warm: 20, clip: 10 },
    use(params) {
      const model = new SubPca(params);
      return pushed((value) => model.push(value));
    },
  },
  {
    name: "StreamBank",
    good: {
      learnSamples: 8,
      warmSamples: 24,
      memorySamples: 50,
      fastSamples: 4,
      levelMs: 3_600_000,
      allowance: 0.25,
      calibrationSamples: 500,
      voteLevel: 0.01,
    },
    use(params) {
      const bank = new StreamBank(params);
      const slot = bank.open();
      return pushed((value, at) => bank.push(slot, value, at));
    },
  },
  {
    name: "AlarmGate",
    good: { alarmsPerDay: 6, intervalMs: STEP, series: 2, refractoryMs: 60_000, pace: 0.1, needed: 2, of: 3 },
    use({ needed, of, ...params }) {
      const gate = new AlarmGate({
        ...(params as unknown as ConstructorParameters<typeof AlarmGate>[0]),
        persistence: { needed: needed as number, of: of as number },
      });
      return [...pushed((value, at) => Number(gate.push(0, value > 22 ? 1e-9 : 0.5, at))), gate.level];
    },
  },
  {
    name: "levelFor",
    good: { alarmsPerDay: 6, intervalMs: STEP, series: 2, refractoryMs: 60_000 },
    use: (params) => [levelFor(params as unknown as Parameters<typeof levelFor>[0])],
  },
  {
    name: "rateForTick",
    good: { alarmsPerDay: 6, intervalMs: STEP },
    use: ({ alarmsPerDay, intervalMs }) => [rateForTick(alarmsPerDay as number, intervalMs as number)],
  },
  { name: "discoveryThreshold", good: { rate: 0.1 }, use: ({ rate }) => [discoveryThreshold(Float64Array.of(1e-9, 0.5, 0.9), rate as number)] },
  {
    name: "RateControl",
    good: { pace: 0.1, slot: 1, rate: 0.01 },
    use({ pace, slot, rate }) {
      const control = new RateControl(pace as number);
      control.learn(slot as number, true, rate as number);
      return [control.factor(slot as number)];
    },
  },
  {
    name: "ScoreCalibration",
    good: { memory: 500 },
    use(params) {
      const calibration = new ScoreCalibration(params);
      return pushed((value) => calibration.push(value / 20));
    },
  },
  {
    name: "Spot",
    good: { risk: 1e-3, level: 0.8, peaks: 20, depth: 4 },
    use(params) {
      const spot = Spot.fit(samples, params);
      return [...pushed((value) => spot.pValue(value)), spot.threshold];
    },
  },
  {
    name: "MemberWeights",
    good: { members: 3, rate: 0.1, share: 0.02 },
    use({ members, ...params }) {
      const weights = new MemberWeights(members as number, params);
      weights.update([1e-9, 0.5, 1], true);
      return [...weights.weights];
    },
  },
  { name: "OwnerAnswers", good: { owners: 2 }, use: ({ owners }) => [...new OwnerAnswers(owners as number).p.subarray(0, 5)] },
  ...[0, 1].map(
    (whole): Parametrised => ({
      name: whole === 1 ? "changePoints" : "CusumBank",
      good: { shift: 1, samplesPerFalseAlarm: 100, warmSamples: 16, memorySamples: 100, clip: 4, longestGap: 1e6 },
      use(params) {
        if (whole === 1)
          return changePoints(
            samples.map((value, index) => value + (index < 40 ? 0 : 30)),
            params,
          ).map(({ onset }) => onset);
        const bank = new CusumBank(1, params);
        return pushed((value, at) => bank.push(0, value, at));
      },
    }),
  ),
  {
    name: "averageRunLength",
    good: { mean: 0, allowance: 0.5, threshold: 5 },
    use({ mean, allowance, threshold }) {
      const length = averageRunLength(mean as number, allowance as number, threshold as number);
      return [length === Number.POSITIVE_INFINITY ? undefined : length];
    },
  },
  {
    name: "thresholdFor",
    good: { samples: 100, allowance: 0.5, count: 2 },
    use: ({ samples: each, allowance, count }) => [thresholdFor(each as number, allowance as number, count)],
  },
  {
    name: "metricEvidence",
    good: { least: 3, start: 0 },
    use({ start, ...params }) {
      const found = metricEvidence(incidentOf(samples).series[0] as ReturnType<typeof incidentOf>["series"][0], start as number, params);
      return Object.values(found ?? {}).filter((each) => typeof each === "number");
    },
  },
  {
    name: "rankRootCauses",
    good: { otherMetrics: 0.5, discount: 0.75, coverage: 1, aside: 0.7, late: 0.5, change: 1, changeHalfLife: 1800, least: 3 },
    use: (params) => rankRootCauses(incidentOf(samples.map((value, index) => value + (index < 40 ? 0 : 30))), params).flatMap(({ score, own }) => [score, own]),
  },
  {
    name: "NoveltyDetector",
    good: { window: 3, capacity: 16, radius: 0.02, mature: 50, warm: 10, quietLeast: 2, quietMost: 20, quietShare: 0.06, margin: 0.25 },
    use({ window, ...params }) {
      const detector = new NoveltyDetector({ ...params, windows: [window as number] });
      return pushed((value, at) => detector.push(value, at));
    },
  },
  {
    name: "Pca",
    good: { clip: 10, dependence: 5, horizon: 100, trust: 3, refresh: 10, halfLife: 5 },
    use: ({ halfLife, ...params }) => [...Pca.fit(twice(samples), { ...params, halfLives: [halfLife as number] }).pushRows(twice(samples))],
  },
  {
    name: "IsolationForest",
    good: { trees: 4, subsample: 16, maxFeatures: 1, extension: 1, contamination: 0.1, seed: 1 },
    use: (params) => [...IsolationForest.fit(twice(samples), params).score(twice(samples))],
  },
  {
    name: "LstmAutoencoder",
    good: { ...LSTM_DEFAULTS, window: 4, hidden: 2, recent: 2, epochs: 1, patience: 1 },
    use: (params) => [...LstmAutoencoder.fit(twice(samples), params).score(twice(samples)).scores],
  },
  {
    name: "extractFeatures",
    good: { from: START, to: START + 600_000, staleness: 60_000, step: STEP, window: 1 },
    use: ({ step, window, ...span }) => {
      const features = [{ name: "a", unit: "s", promql: "a", kind: "gauge" }] as const;
      const schema = { features, step: step as number, window: window as number };
      const { rows } = extractFeatures([{ name: "a", unit: "s", times, values: samples }], schema, span as unknown as Parameters<typeof extractFeatures>[2]);
      return Array.from(rows.values.subarray(0, 50), (entry) => (Number.isNaN(entry) ? undefined : entry));
    },
  },
];
