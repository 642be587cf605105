/** What a sample and a series cost. */
import { createRandom, NoveltyDetector } from "../../src/index.ts";
import type { Table } from "../report.ts";
import type { Series } from "./corpus.ts";

const FIVE_MINUTES = 300_000;
const LENGTHS = [10_000, 100_000, 1_000_000];

export function cost(corpus: readonly Series[]): Table {
  const longest = corpus.reduce((best, series) => (series.values.length > best.values.length ? series : best));
  const rows = [
    rowOf("all of NAB, a detector per series", corpus),
    rowOf(`${longest.name}, ${longest.values.length} samples`, [longest]),
    ...LENGTHS.map((length) => rowOf(`noise on a daily wave, ${length} samples`, [noise(length)])),
  ];
  return {
    title: "Cost on one core",
    notes: [
      "Time of push alone, microseconds a sample. Bytes are allocated once per series and never grow; a sample costs one comparison per state known, so the bound of the states bounds its time.",
    ],
    columns: ["series", "us a sample", "states known, most", "KB of state"],
    rows,
    digits: 2,
  };
}

function rowOf(name: string, series: readonly Pick<Series, "values" | "times">[]): Table["rows"][number] {
  let [spent, samples, points, bytes] = [0, 0, 0, 0];
  for (const { values, times } of series) {
    const detector = new NoveltyDetector();
    const began = performance.now();
    for (let sample = 0; sample < values.length; sample++) detector.push(values[sample] as number, times[sample] as number);
    spent += performance.now() - began;
    samples += values.length;
    points = Math.max(points, detector.points);
    bytes = detector.bytes;
  }
  return { name, cells: [(spent * 1000) / samples, String(points), bytes / 1024], ours: true };
}

function noise(length: number): Pick<Series, "values" | "times"> {
  const random = createRandom(5);
  return {
    values: Float64Array.from({ length }, (_, sample) => 10 * Math.sin((2 * Math.PI * sample) / 288) + random.normal()),
    times: Float64Array.from({ length }, (_, sample) => sample * FIVE_MINUTES),
  };
}
