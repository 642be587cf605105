/** Every exported method that keeps state, in one shape. */
import {
  AlarmGate,
  Arima,
  CHANGES,
  CusumBank,
  changePoints,
  HoltWinters,
  IsolationForest,
  LstmAutoencoder,
  type LstmStream,
  type Matrix,
  MemberWeights,
  MemoryPeaks,
  matrixOfRows,
  NoveltyDetector,
  Pca,
  RateControl,
  rowOf,
  ScoreCalibration,
  type SeriesKind,
  Spot,
  StreamBank,
  SubPca,
  UsageHistogram,
} from "../../index.ts";
import { BOTH, counter, distances, gauge, history, type Move, neither, pValues, type Running, type Sample, STEP, type Subject, type Told } from "./subject.ts";

const NO_BATCH = { exempt: "it has no batch" };
const orUndefined = (value: number): Told => (Number.isNaN(value) ? undefined : value);

function holtWinters(model: HoltWinters): Running {
  return {
    push: ({ value }) => [model.update(value)],
    levels() {
      const { mean, lower, upper } = model.forecast(3);
      return [...mean, ...lower, ...upper];
    },
    snapshot: () => model.snapshot(),
  };
}

/** Fitted once. */
const ARIMA = { order: [1, 0, 1], seasonal: [1, 0, 0, 12] } as const;
const fitted = Arima.fit(history(), ARIMA).snapshot();

function arima(model: Arima): Running {
  return {
    push: ({ value }) => [model.update(value)],
    levels() {
      const { mean, lower, upper } = model.forecast(3);
      return [...mean, ...lower, ...upper];
    },
    snapshot: () => model.snapshot(),
  };
}

function subPca(model: SubPca): Running {
  return { push: ({ value }) => [model.push(value), model.axes], snapshot: () => model.snapshot() };
}

function usage(histogram: UsageHistogram): Running {
  return {
    push: ({ value, at }) => [Number(histogram.add(value, at)), histogram.span],
    levels: () => [0, 0.5, 0.95, 1].map((share) => histogram.percentile(share)),
    snapshot: () => histogram.snapshot(),
  };
}

function memory(peaks: MemoryPeaks): Running {
  return {
    push: ({ value, at }) => [Number(value > 25 ? peaks.killed(value, at) : peaks.add(value, at))],
    levels: () => [peaks.peaks.percentile(0.5), peaks.peaks.percentile(1)],
    snapshot: () => peaks.snapshot(),
  };
}

function bank(streams: StreamBank, kind: SeriesKind): Running {
  return {
    push({ value, at }) {
      const p = streams.push(0, value, at);
      return [p, streams.votes, ...streams.memberP, ...streams.scores];
    },
    ...(kind === "gauge" ? { levels: () => [...streams.answer.subarray(1)] } : { sizes: () => [...streams.answer.subarray(1)] }),
    snapshot: () => streams.snapshot(),
  };
}

function openBank(kind: SeriesKind): StreamBank {
  const streams = new StreamBank({ learnSamples: 8, warmSamples: 24 });
  streams.open(kind);
  return streams;
}

/** Ticks of one series: with the last p-value told as often as a push tells numbers. */
function bankTicks(kind: SeriesKind, samples: readonly Sample[]): Told[] {
  const streams = openBank(kind);
  const p = new Float64Array(1);
  const votes = new Uint8Array(1);
  return samples.flatMap(({ value, at }) => {
    streams.pushTick(Uint32Array.of(0), Float64Array.of(value), at, p, votes);
    return [p[0], votes[0], ...streams.memberP, ...streams.scores];
  });
}

function gate(alarms: AlarmGate): Running {
  return { push: ({ value, at }) => [Number(alarms.push(0, value, at)), alarms.level], snapshot: () => alarms.snapshot() };
}

function rate(control: RateControl): Running {
  return {
    push({ value }) {
      control.learn(0, value < 0.01, 0.1);
      return [control.factor(0)];
    },
    snapshot: () => control.snapshot(),
  };
}

function calibration(scores: ScoreCalibration): Running {
  return { push: ({ value }) => [scores.pValue(value), scores.push(value)], snapshot: () => scores.snapshot() };
}

/** With a moving mean taken off, the threshold is a distance. */
function spot(detector: Spot, depth: number): Running {
  return {
    push: ({ value }) => [detector.pValue(value), ["normal", "peak", "anomaly"].indexOf(detector.push(value)), detector.tail.shape],
    ...(depth === 0 ? { levels: () => [detector.threshold] } : { sizes: () => [detector.threshold] }),
    snapshot: () => detector.snapshot(),
  };
}

function weights(members: MemberWeights): Running {
  return {
    push({ value }) {
      members.update([value, 0.5, 1], value < 0.01);
      return [...members.weights];
    },
    snapshot: () => members.snapshot(),
  };
}

function cusum(charts: CusumBank, kind: SeriesKind): Running {
  return {
    push: ({ value, at }) => [charts.push(0, value, at), orUndefined(charts.onset(0)), Number(charts.isWarm(0))],
    ...(kind === "gauge" ? { levels: () => [orUndefined(charts.level(0))] } : {}),
    sizes: () => [orUndefined(charts.scale(0))],
    snapshot: () => charts.snapshot(),
  };
}

/** What pushes would have told, from the change points of the whole. */
function cusumBatch(samples: readonly Sample[]): Told[] {
  const points = changePoints(
    Float64Array.from(samples, ({ value }) => value),
    CUSUM,
  );
  let onset: Told;
  return samples.flatMap((_, index) => {
    const found = points.find(({ detected }) => detected === index);
    onset = found === undefined ? onset : samples[found.onset]?.at;
    return [found === undefined ? 0 : CHANGES.indexOf(found.kind), onset];
  });
}
const CUSUM = { warmSamples: 16, samplesPerFalseAlarm: 100 } as const;

/** Three metrics that go together. */
const vector = (value: number): Float64Array => Float64Array.of(value, 2 * value, value);

const tableOf = (values: ArrayLike<number>): Matrix => matrixOfRows(Array.from(values, vector));

function forest(trees: IsolationForest): Running {
  return {
    push: ({ value }) => [trees.scoreOne(vector(value)), ...trees.contributions(vector(value))],
    snapshot: () => trees.snapshot(),
  };
}

function grown(move?: Move): IsolationForest {
  return IsolationForest.fit(tableOf(history(move)), { trees: 10, seed: 3 });
}

function novelty(detector: NoveltyDetector): Running {
  return { push: ({ value, at }) => [detector.push(value, at), ...detector.novelties, detector.points], snapshot: () => detector.snapshot() };
}
const NOVELTY = { windows: [3, 6], dailyWindows: [4], capacity: 32, warm: 20, mature: 100 } as const;

function pca(detector: Pca): Running {
  return {
    push({ value }) {
      return [detector.push(vector(value)), ...detector.contributions(vector(value))];
    },
    snapshot: () => detector.snapshot(),
  };
}
function lstm(stream: LstmStream): Running {
  return { push: ({ value }) => [stream.push(0, vector(value)), ...stream.contributions], snapshot: () => stream.snapshot() };
}
const learned = (move?: Move): LstmAutoencoder =>
  LstmAutoencoder.fit(tableOf(history(move)), { window: 6, hidden: 3, recent: 2, epochs: 2, batch: 16, learningRate: 0.01 });
const network = learned();

export const SUBJECTS: readonly Subject[] = [
  {
    name: "HoltWinters",
    fresh: (move) => holtWinters(HoltWinters.fit(history(move), { period: 12, alpha: 0.3, beta: 0.1, gamma: 0.1, phi: 0.9 })),
    restore: (bytes) => holtWinters(HoltWinters.restore(bytes)),
    draw: gauge,
    batch: { exempt: "fit gives the state after the series; that updates lead to the same one is tested in streams.test.ts" },
    equivariance: BOTH,
  },
  {
    name: "Arima",
    fresh: (move) => arima(move === undefined ? Arima.restore(fitted) : Arima.fit(history(move), ARIMA)),
    restore: (bytes) => arima(Arima.restore(bytes)),
    draw: gauge,
    batch: { exempt: "fit looks at the whole series for its coefficients; with known ones see below" },
    equivariance: BOTH,
  },
  {
    name: "Arima",
    kind: "with known coefficients",
    fresh: () => arima(Arima.from(Arima.restore(fitted).values, new Float64Array(0), ARIMA)),
    restore: (bytes) => arima(Arima.restore(bytes)),
    draw: gauge,
    batch(samples) {
      const series = Float64Array.from(samples, ({ value }) => value);
      return Array.from(Arima.from(Arima.restore(fitted).values, series, ARIMA).standardised, orUndefined);
    },
    equivariance: neither("its coefficients are in the unit of the samples"),
  },
  {
    name: "UsageHistogram",
    fresh: () => usage(new UsageHistogram()),
    restore: (bytes) => usage(UsageHistogram.restore(bytes)),
    draw: gauge,
    batch: NO_BATCH,
    equivariance: neither("buckets are fixed: percentiles are right to within 5 % in any unit, and usage has a zero"),
  },
  {
    name: "MemoryPeaks",
    fresh: () => memory(new MemoryPeaks(new UsageHistogram({ first: 1e6, most: 1e12 }))),
    restore: (bytes) => memory(MemoryPeaks.restore(bytes)),
    draw: gauge,
    batch: NO_BATCH,
    equivariance: neither("bytes are bytes: a kill adds 100 MiB at least"),
  },
  {
    name: "SubPca",
    fresh: () => subPca(new SubPca({ window: 8, warm: 32, memory: 500 })),
    restore: (bytes) => subPca(SubPca.restore(bytes)),
    draw: gauge,
    batch: { exempt: "score looks at a series as it lies, windows that end later included, and says so" },
    equivariance: BOTH,
  },
  ...(["gauge", "counter"] as const).map(
    (kind): Subject => ({
      name: "StreamBank",
      kind,
      fresh: () => bank(openBank(kind), kind),
      restore: (bytes) => bank(StreamBank.restore(bytes), kind),
      draw: kind === "gauge" ? gauge : counter,
      batch: (samples) => bankTicks(kind, samples),
      equivariance: BOTH,
    }),
  ),
  {
    name: "AlarmGate",
    fresh: () => gate(new AlarmGate({ alarmsPerDay: 6, intervalMs: STEP, persistence: { needed: 2, of: 3 }, refractoryMs: 10 * STEP })),
    restore: (bytes) => gate(AlarmGate.restore(bytes)),
    draw: pValues,
    batch: NO_BATCH,
    equivariance: neither("it takes p-values"),
  },
  {
    name: "RateControl",
    fresh: () => rate(new RateControl(0.1)),
    restore: (bytes) => rate(RateControl.restore(bytes)),
    draw: pValues,
    batch: NO_BATCH,
    equivariance: neither("it takes alarms"),
  },
  {
    name: "ScoreCalibration",
    fresh: () => calibration(new ScoreCalibration({ memory: 500 })),
    restore: (bytes) => calibration(ScoreCalibration.restore(bytes)),
    draw: distances,
    batch: NO_BATCH,
    equivariance: neither("scores come in units of their own spread: bins are fine between 1 and 56, as its docstring says"),
  },
  ...[0, 10].map(
    (depth): Subject => ({
      name: "Spot",
      kind: `depth ${depth}`,
      fresh: (move) => spot(Spot.fit(history(move), { level: 0.9, risk: 1e-3, peaks: 20, depth }), depth),
      restore: (bytes) => spot(Spot.restore(bytes), depth),
      draw: gauge,
      batch: NO_BATCH,
      equivariance: BOTH,
    }),
  ),
  {
    name: "MemberWeights",
    fresh: () => weights(new MemberWeights(3)),
    restore: (bytes) => weights(MemberWeights.restore(bytes)),
    draw: pValues,
    batch: NO_BATCH,
    equivariance: neither("it takes p-values"),
  },
  {
    name: "CusumBank",
    kind: "gauge",
    fresh: () => cusum(new CusumBank(1, CUSUM), "gauge"),
    restore: (bytes) => cusum(CusumBank.restore(bytes), "gauge"),
    draw: gauge,
    batch: cusumBatch,
    equivariance: BOTH,
  },
  {
    name: "CusumBank",
    kind: "counter",
    fresh: () => cusum(new CusumBank(1, { ...CUSUM, kind: "counter" }), "counter"),
    restore: (bytes) => cusum(CusumBank.restore(bytes), "counter"),
    draw: counter,
    batch: { exempt: "changePoints counts time in steps; rates per step are those of the gauge above" },
    equivariance: BOTH,
  },
  {
    name: "IsolationForest",
    fresh: (move) => forest(grown(move)),
    restore: (bytes) => forest(IsolationForest.restore(bytes)),
    draw: gauge,
    batch(samples) {
      const trees = grown();
      const rows = tableOf(samples.map(({ value }) => value));
      const scores = trees.score(rows);
      return samples.flatMap(({ value }, index) => [scores[index], ...trees.contributions(vector(value))]);
    },
    equivariance: BOTH,
  },
  {
    name: "NoveltyDetector",
    fresh: () => novelty(new NoveltyDetector(NOVELTY)),
    restore: (bytes) => novelty(NoveltyDetector.restore(bytes)),
    draw: gauge,
    batch(samples) {
      const scores = new NoveltyDetector(NOVELTY).score(
        Float64Array.from(samples, ({ value }) => value),
        Float64Array.from(samples, ({ at }) => at),
      );
      return [...scores];
    },
    equivariance: BOTH,
  },
  {
    name: "Pca",
    fresh: (move) => pca(Pca.fit(tableOf(history(move)), { refresh: 7 })),
    restore: (bytes) => pca(Pca.restore(bytes)),
    draw: gauge,
    batch(samples) {
      const rows = tableOf(samples.map(({ value }) => value));
      return [...Pca.fit(tableOf(history()), { refresh: 7 }).pushRows(rows)];
    },
    equivariance: BOTH,
  },
  {
    name: "LstmAutoencoder",
    kind: "its stream",
    fresh: (move) => lstm((move === undefined ? network : learned(move)).stream()),
    restore(bytes) {
      const stream = network.stream();
      stream.restore(bytes);
      return lstm(stream);
    },
    draw: gauge,
    batch(samples) {
      const { scores, contributions } = network.score(tableOf(samples.map(({ value }) => value)));
      return samples.flatMap((_, index) => [scores[index], ...rowOf(contributions, index)]);
    },
    equivariance: BOTH,
  },
];
