/** What the streaming tier costs: per push and piece, how it grows with series and cores, and beside what others do. */
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import type { Part } from "./part.ts";
import { pythonWith } from "./python.ts";
import type { Row, Table } from "./report.ts";
import type { Cost, Load } from "./streaming/load.ts";
import { naiveCost } from "./streaming/naive-window.ts";
import { costOfPiece, PIECES, TIMES } from "./streaming/pieces.ts";

const SIZES = [1_000, 10_000, 100_000, 1_000_000];
const CORES = [1, 2];
const INTERVAL_SECONDS = 15;
/** Series of the tables that do not grow. */
const USUAL = 10_000;

interface Measured extends Cost {
  readonly series: number;
  readonly cores: number;
  /** Seconds that the slowest core needs for a tick. */
  readonly tickSeconds: number;
}

export const streaming: Part = {
  name: "streaming",
  title: "Speed and memory of the streaming tier",
  needs: [],
  async run(_, say) {
    const grown: Measured[] = [];
    for (const series of SIZES) {
      for (const cores of CORES) {
        say(`${series} series on ${cores} core(s)`);
        grown.push(await measured(series, cores));
      }
    }
    const usual = grown.find(({ series, cores }) => series === USUAL && cores === 1) as Measured;
    say("pieces");
    return [growthTable(grown), pieceTable(usual), await besideTable(usual, say)];
  },
};

async function measured(series: number, cores: number): Promise<Measured> {
  const load: Load = { series: series / cores, ticks: Math.max(4, Math.round(3_000_000 / series)) };
  const costs = await Promise.all(Array.from({ length: cores }, () => inThread(load)));
  const mean = (of: (cost: Cost) => number): number => costs.reduce((sum, cost) => sum + of(cost), 0) / cores;
  return {
    series,
    cores,
    cpu: mean(({ cpu }) => cpu),
    wall: mean(({ wall }) => wall),
    bytes: mean(({ bytes }) => bytes),
    garbage: mean(({ garbage }) => garbage),
    tickSeconds: (Math.max(...costs.map(({ wall }) => wall)) * load.series) / 1e6,
  };
}

function inThread(load: Load): Promise<Cost> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL("streaming/load-worker.ts", import.meta.url), { workerData: load });
    worker.once("message", resolve);
    worker.once("error", reject);
  });
}

function growthTable(grown: readonly Measured[]): Table {
  const least = grown[0] as Measured;
  return {
    title: "All tiers with calibration: a push, a tick, growth",
    notes: [
      `A tick of all series every ${INTERVAL_SECONDS} s. Processor time of the threads that push; the wall is that of the slowest. Share: processor time of one tick over ${INTERVAL_SECONDS} s of two cores.`,
      "Goals: 100,000 series in at most 10 % of two cores, at most 2 KB a series, cost linear to 1,000,000 (growth is the cost per push over that of 1,000 series). A page holds 1,024 series: small banks pay for a whole one.",
      "Caches explain the growth: 1,000 series (2 MB) fit into them, 100,000 (200 MB) do not.",
    ],
    columns: ["", "us per push", "growth", "seconds per tick", "wall of a tick, s", "share of two cores, %", "bytes per series", "heap growth, bytes per push"],
    rows: grown.map(({ series, cores, cpu, bytes, garbage, tickSeconds }) => ({
      name: `${series.toLocaleString("en")} series, ${cores === 1 ? "one core" : `${cores} cores`}`,
      cells: [
        cpu,
        cpu / least.cpu,
        (cpu * series) / 1e6,
        tickSeconds,
        (cpu * series * 100) / 1e6 / (2 * INTERVAL_SECONDS),
        bytes.toFixed(0),
        garbage.toFixed(2),
      ],
      ours: true,
    })),
    digits: 2,
    draw: "us per push",
  };
}

function pieceTable(whole: Measured): Table {
  const rows: Row[] = Object.entries(PIECES).map(([name, piece]) => {
    const cost = costOfPiece(piece, USUAL, 300);
    const times = TIMES[name] ?? 1;
    return { name, cells: [cost, times, cost * times], ours: true };
  });
  return {
    title: `What a push is made of, ${USUAL.toLocaleString("en")} series, one core`,
    notes: ["Each piece by itself in a loop; a whole push also divides by spreads, clips and looks up its slot, but reads a series' state only once."],
    columns: ["", "us", "times per push", "us per push"],
    rows: [...rows, { name: "a whole push", cells: [whole.cpu, 1, whole.cpu], ours: true }],
    digits: 3,
    draw: "us per push",
  };
}

async function besideTable(whole: Measured, say: (line: string) => void): Promise<Table> {
  say("naive windows");
  const naive = naiveCost(USUAL, 100);
  const python = await pythonWith(["river==0.26.1"], say);
  const script = fileURLToPath(new URL("streaming/river_scorers.py", import.meta.url));
  const river = "missing" in python ? {} : ((await python.run(script, { series: 1_000, ticks: 1_000 })) as Record<string, number>);
  const row = (name: string, cpu: number, bytes: number | undefined, does: string, ours = false): Row => ({
    name,
    cells: [cpu, cpu / whole.cpu, bytes?.toFixed(0), does],
    ours,
  });
  return {
    title: "Beside others, per sample",
    notes: [
      "missing" in python ? python.missing : `In the same run on the same machine: ${python.version}; 1,000 series, one thread.`,
      "Ours does six detectors, seven calibrations and their combination; each row beside it does one score without calibration.",
    ],
    columns: ["", "us per push", "times ours", "bytes per series", "does"],
    rows: [
      row("ours, all tiers with calibration", whole.cpu, whole.bytes, "p-value, six members", true),
      row("an object per series, window of 64, z-score", naive.cpu, naive.bytes, "one score"),
      ...Object.entries(river).map(([name, cpu]) => row(`river: ${name}`, cpu, undefined, "one score")),
    ],
    digits: 2,
    draw: "us per push",
  };
}
