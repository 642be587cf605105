/** What Isolation Forest costs: per vector and per fit, beside scikit-learn in the same run, and how it grows. */
import { fileURLToPath } from "node:url";
import { openOnnx } from "../node/index.ts";
import { createRandom, fitIsolationForest, isolationForestOnnx, type Matrix, matrix } from "../src/index.ts";
import type { Part } from "./part.ts";
import { pythonWith, REFERENCE_PACKAGES } from "./python.ts";
import type { Row, Table } from "./report.ts";

interface Case {
  readonly rows: number;
  readonly trees: number;
  readonly features: number;
  readonly extension?: number;
}

/** Seconds of the processor, which other work on the machine does not lengthen: of one fit on the first 10,000 rows, of one vector in a batch of all rows, of one vector alone. */
interface Times {
  readonly fit: number;
  readonly batch: number;
  readonly single: number;
}

const USUAL: Case = { rows: 10_000, trees: 100, features: 38 };

/** One of the sizes changes at a time. */
const GROWTH: readonly { readonly title: string; readonly cases: readonly Case[] }[] = [
  { title: "Growth with vectors", cases: [1_000, 10_000, 100_000, 1_000_000].map((rows) => ({ ...USUAL, rows })) },
  { title: "Growth with trees", cases: [10, 50, 100, 200].map((trees) => ({ ...USUAL, trees })) },
  { title: "Growth with features", cases: [5, 38, 200].map((features) => ({ ...USUAL, features })) },
];

export const forestSpeed: Part = {
  name: "forest-speed",
  title: "Speed of Isolation Forest",
  needs: [],
  async run(_, say) {
    const cases = [USUAL, ...GROWTH.flatMap((each) => each.cases)];
    const ours = cases.map((each) => {
      say(`ours: ${each.rows} vectors, ${each.trees} trees, ${each.features} features`);
      return timesOf(each);
    });
    const python = await pythonWith(REFERENCE_PACKAGES, say);
    if ("missing" in python) say(python.missing);
    else say("scikit-learn: the same");
    const script = fileURLToPath(new URL("forest-speed/scikit.py", import.meta.url));
    const theirs = "missing" in python ? undefined : ((await python.run(script, cases)) as Times[]);
    const beside = "missing" in python ? python.missing : `Beside it, one after the other on the same machine: ${python.version}; one thread each.`;
    let next = 1;
    const growth = GROWTH.map(({ title, cases: some }) => {
      const table = growthTable(title, some, ours.slice(next, next + some.length), theirs?.slice(next, next + some.length));
      next += some.length;
      return table;
    });
    return [await usualTable(ours[0] as Times, theirs?.[0], beside), ...growth];
  },
};

async function usualTable(ours: Times, theirs: Times | undefined, beside: string): Promise<Table> {
  const onnx = await onnxTimes();
  const row = (name: string, { fit, batch, single }: Partial<Times>, own: boolean): Row => {
    const ratio = theirs === undefined || batch === undefined ? undefined : theirs.batch / batch;
    return { name, cells: [batch && batch * 1e6, ratio, single && single * 1e6, fit && fit * 1e3], ours: own };
  };
  return {
    title: "100 trees, 38 features, 10,000 vectors, one core",
    notes: [
      beside,
      "Processor time, medians after a warm-up. Goals: at most 2 us per vector in a batch, at least 4 times as fast as scikit-learn, whose fixed cost per call weighs less in larger batches (next table).",
    ],
    columns: ["", "us per vector, batch", "times as fast", "us, single call", "ms, fit"],
    rows: [
      row("ours", ours, true),
      row("ours, extension 5", timesOf({ ...USUAL, extension: 5 }), true),
      ...(onnx === undefined ? [] : [row("ours, in ONNX Runtime", onnx, true)]),
      ...(theirs === undefined ? [] : [row("scikit-learn", theirs, false)]),
    ],
    digits: 2,
    draw: "us per vector, batch",
  };
}

function growthTable(title: string, cases: readonly Case[], ours: readonly Times[], theirs: readonly Times[] | undefined): Table {
  return {
    title,
    columns: ["", "us per vector", "scikit-learn", "times as fast", "us, single call", "scikit-learn", "ms, fit", "scikit-learn"],
    rows: cases.map(({ rows, trees, features }, index) => {
      const [own, other] = [ours[index] as Times, theirs?.[index]];
      const ratio = other === undefined ? undefined : other.batch / own.batch;
      const pairs = [own.single * 1e6, other && other.single * 1e6, own.fit * 1e3, other && other.fit * 1e3];
      return {
        name: `${rows.toLocaleString("en")} vectors, ${trees} trees, ${features} features`,
        cells: [own.batch * 1e6, other && other.batch * 1e6, ratio, ...pairs],
        ours: true,
      };
    }),
    digits: 2,
  };
}

function timesOf({ rows, trees, features, extension = 0 }: Case): Times {
  const vectors = normalRows(rows, features);
  const training = matrix(Math.min(rows, 10_000), features, vectors.values.subarray(0, Math.min(rows, 10_000) * features));
  const forest = fitIsolationForest(training, { trees, extension, seed: 1 });
  const scores = new Float64Array(rows);
  const singles = Math.min(rows, 1_000);
  return {
    fit: medianSeconds(5, () => fitIsolationForest(training, { trees, extension, seed: 1 })),
    batch: medianSeconds(rows > 200_000 ? 1 : 5, () => forest.score(vectors, scores)) / rows,
    single:
      medianSeconds(5, () => {
        for (let row = 0; row < singles; row++) forest.scoreOne(vectors.values, row * features);
      }) / singles,
  };
}

/** Undefined where ONNX Runtime is not installed. */
async function onnxTimes(): Promise<Partial<Times> | undefined> {
  const vectors = normalRows(USUAL.rows, USUAL.features);
  const model = await openOnnx(isolationForestOnnx(fitIsolationForest(vectors, { seed: 1 }), "benchmark")).catch(() => undefined);
  if (model === undefined) return undefined;
  const seconds = async (values: Float64Array, repeats: number): Promise<number> => {
    const spans: number[] = [];
    for (let repeat = 0; repeat <= repeats; repeat++) {
      const began = process.cpuUsage();
      await model.run({ features: { values, shape: [values.length / USUAL.features, USUAL.features] } });
      spans.push(secondsSince(began));
    }
    return medianOf(spans.slice(1));
  };
  const times = { batch: (await seconds(vectors.values, 5)) / USUAL.rows, single: await seconds(vectors.values.slice(0, USUAL.features), 200) };
  await model.close();
  return times;
}

function normalRows(rows: number, columns: number): Matrix {
  const random = createRandom(1);
  return matrix(
    rows,
    columns,
    new Float64Array(rows * columns).map(() => random.normal()),
  );
}

function medianSeconds(repeats: number, act: () => unknown): number {
  act();
  const spans = Array.from({ length: repeats }, () => {
    const began = process.cpuUsage();
    act();
    return secondsSince(began);
  });
  return medianOf(spans);
}

function secondsSince(began: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(began);
  return (user + system) / 1e6;
}

function medianOf(spans: readonly number[]): number {
  return spans.toSorted((one, other) => one - other)[spans.length >> 1] as number;
}
