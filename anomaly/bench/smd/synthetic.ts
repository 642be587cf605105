/** Made servers whose anomalies are known: what the detector of vectors was tuned on, so that no measured machine was. */
import { type Matrix, matrix } from "../../src/matrix.ts";
import { createRandom, type Random } from "../../src/random.ts";

export interface Machine {
  /** What the machine did before, without labels and without anomalies that were put in. */
  readonly history: Matrix;
  readonly test: Matrix;
  /** One per row of `test`. */
  readonly labels: Uint8Array;
}

const DAY = 1440;
const SHORTEST = 5;
const LONGEST = 300;

/** A server of 12 to 40 metrics, sampled each minute: hidden causes, metrics that follow them, harmless changes of level, and labelled anomalies of seven kinds. */
export function syntheticMachine(seed: number, historyRows = 10_080, testRows = 15_000): Machine {
  const random = createRandom(seed);
  const columns = 12 + random.below(29);
  const rows = historyRows + testRows;
  const all = matrix(rows, columns);
  const routines = Array.from({ length: 3 }, () => routine(random, rows));
  const causes = [load(random, rows), load(random, rows), job(random, rows), memory(random, rows), ...routines];
  for (let column = 0; column < columns; column++) fillMetric(random, all, column, causes);
  changeLevels(random, all);
  const labels = new Uint8Array(testRows);
  const count = 4 + random.below(12);
  for (let index = 0; index < count; index++) {
    const length = Math.round(SHORTEST * (LONGEST / SHORTEST) ** random.next());
    const first = historyRows + 700 + random.below(testRows - 700 - length);
    disturb(random, all, first, length);
    labels.fill(1, first - historyRows, first - historyRows + length);
  }
  const split = historyRows * columns;
  return { history: matrix(historyRows, columns, all.values.slice(0, split)), test: matrix(testRows, columns, all.values.slice(split)), labels };
}

/** A day's shape of three harmonics, weaker at the week's end, with noise that lasts and bursts that fade. */
function load(random: Random, rows: number): Float64Array {
  const harmonics = [1, 2, 3].map((order) => ({ order, size: random.next() / order, phase: random.next() * 2 * Math.PI }));
  const fade = 1 - 1 / (3 + random.below(30));
  const burstRate = 0.004 * random.next();
  let noise = 0;
  let burst = 0;
  let today = 1;
  return Float64Array.from({ length: rows }, (_, row) => {
    if (row % DAY === 0) today = Math.exp(0.2 * random.normal());
    const weekend = Math.floor(row / DAY) % 7 >= 5 ? 0.8 * today : today;
    const day = harmonics.reduce((sum, { order, size, phase }) => sum + size * Math.sin((2 * Math.PI * order * row) / DAY + phase), 2);
    noise = 0.95 * noise + 0.05 * random.normal();
    burst *= fade;
    if (random.next() < burstRate) burst += random.next();
    return Math.max(0, day * weekend + noise + burst);
  });
}

/** Work that starts at fixed intervals and lasts a while. */
function job(random: Random, rows: number): Float64Array {
  const every = [60, 240, 720, DAY][random.below(4)] as number;
  const lasts = 2 + random.below(Math.min(every / 4, 40));
  return Float64Array.from({ length: rows }, (_, row) => (row % every < lasts ? 1 + 0.2 * random.normal() : 0));
}

/** Backups, log rotation, a visit of many: rare, short or long, never the same size, and nobody calls it an anomaly. */
function routine(random: Random, rows: number): Float64Array {
  const rate = 10 ** (-4 + 1.5 * random.next());
  let left = 0;
  let size = 0;
  return Float64Array.from({ length: rows }, () => {
    if (left === 0 && random.next() < rate) {
      left = 3 + Math.round(60 * random.next() ** 3);
      size = Math.exp(0.5 * random.normal());
    }
    if (left === 0) return 0;
    left--;
    return size;
  });
}

/** Wanders, and falls back when it is full. */
function memory(random: Random, rows: number): Float64Array {
  let level = 1;
  return Float64Array.from({ length: rows }, () => {
    level += 0.0004 + 0.004 * random.normal();
    if (level > 3) level = 1;
    return Math.abs(level);
  });
}

function fillMetric(random: Random, { values, rows, columns }: Matrix, column: number, causes: readonly Float64Array[]): void {
  const kind = random.next();
  const unit = 10 ** (2 * random.normal());
  const valueAt = kind < 0.1 ? () => 1 : kind < 0.3 ? sparse(random) : following(random, causes);
  for (let row = 0; row < rows; row++) values[row * columns + column] = unit * valueAt(row);
}

/** Zero nearly always: errors, retransmissions. */
function sparse(random: Random): (row: number) => number {
  const rate = 10 ** (-3.5 + 2 * random.next());
  return () => (random.next() < rate ? Math.exp(random.normal()) : 0);
}

/** What follows some of the causes, in its own way and with its own noise. */
function following(random: Random, causes: readonly Float64Array[]): (row: number) => number {
  const weights = causes.map(() => (random.next() < 0.4 ? random.next() : 0));
  const bend = random.below(4);
  const knee = 0.5 + 3 * random.next();
  const noise = 0.02 + 0.3 * random.next() ** 2;
  const lasting = random.next() < 0.5 ? 0.9 : 0;
  const wild = random.next() < 0.3 ? 0.003 : 0;
  const tail = random.next();
  // Half of all metrics are nearly idle most of the time: how quiet they are then says nothing about how high they go.
  const idle = random.next() < 0.5 ? 10 ** (-1 - 2 * random.next()) : 1;
  const busyShare = 0.02 + 0.4 * random.next() ** 2;
  const busyFor = 2 + random.below(40);
  const drift = 0.003 * random.next() ** 3;
  const steps = random.next() < 0.25 ? 4 + random.below(10) : 0;
  let rest = 0;
  let wander = 0;
  let busy = false;
  return (row) => {
    let sum = 0;
    causes.forEach((cause, index) => {
      sum += (weights[index] as number) * (cause[row] as number);
    });
    // Straight, rising ever faster, saturated, or idle until there is enough to do.
    const bent = bend === 0 ? sum : bend === 1 ? sum * sum : bend === 2 ? sum / (1 + sum) : Math.max(0, sum - knee);
    rest = lasting * rest + Math.sqrt(1 - lasting * lasting) * random.normal();
    wander += drift * random.normal();
    // Most metrics scatter more where they are high, and to one side.
    const scatter = noise * (0.5 + 0.5 * bent) * (tail < 0.5 ? Math.exp(0.8 * rest) - 1 : rest);
    if (random.next() < (busy ? 1 / busyFor : busyShare / (1 - busyShare) / busyFor)) busy = !busy;
    const value = (busy ? 1 : idle) * (bent + scatter) + wander + (random.next() < wild ? 4 * random.next() : 0);
    return steps === 0 ? value : Math.round(value * steps) / steps;
  };
}

/** A deploy or a new tenant: some metrics move for good, and nobody calls it an anomaly. */
function changeLevels(random: Random, all: Matrix): void {
  const changes = random.below(5);
  for (let change = 0; change < changes; change++) {
    const first = random.below(all.rows);
    const touched = chosen(random, all.columns, 0.15 * random.next());
    for (const column of touched) {
      const shift = 1.5 * random.normal() * spread(all, column);
      for (let row = first; row < all.rows; row++) all.values[row * all.columns + column] = (all.values[row * all.columns + column] as number) + shift;
    }
  }
}

/** One anomaly of one kind on some of the metrics. */
function disturb(random: Random, all: Matrix, first: number, length: number): void {
  const kind = random.below(7);
  const severity = Math.exp(0.8 + 0.7 * random.normal());
  const touched = chosen(random, all.columns, kind === 6 ? 0.9 : 0.08 + 0.4 * random.next() ** 2);
  for (const column of touched) {
    const usual = spread(all, column);
    const direction = random.next() < 0.75 ? 1 : -1;
    const kept = all.values[first * all.columns + column] as number;
    let wander = 0;
    for (let step = 0; step < length; step++) {
      const at = (first + step) * all.columns + column;
      const value = all.values[at] as number;
      wander = 0.9 * wander + 0.44 * random.normal();
      if (kind === 0) all.values[at] = value + direction * severity * usual;
      else if (kind === 1) all.values[at] = value + (direction * severity * usual * (step + 1)) / length;
      else if (kind === 2) all.values[at] = 0;
      else if (kind === 3) all.values[at] = kept + severity * usual * wander;
      else if (kind === 4) all.values[at] = value + severity * usual * random.normal();
      else if (kind === 5) all.values[at] = random.next() < 0.3 ? value + 2 * severity * usual * random.next() : value;
      else all.values[at] = value * (1 + 0.3 * severity);
    }
  }
}

function chosen(random: Random, columns: number, share: number): number[] {
  const first = random.below(columns);
  const picked = Array.from({ length: columns }, (_, column) => column).filter(() => random.next() < share);
  return picked.includes(first) ? picked : [...picked, first];
}

/** Standard deviation of a metric over the first rows, or a tenth of its level where it never moved. */
function spread({ rows, columns, values }: Matrix, column: number): number {
  const seen = Math.min(rows, 5000);
  let sum = 0;
  let squares = 0;
  for (let row = 0; row < seen; row++) {
    const value = values[row * columns + column] as number;
    sum += value;
    squares += value * value;
  }
  const mean = sum / seen;
  const variance = squares / seen - mean * mean;
  return variance > 1e-12 * mean * mean ? Math.sqrt(variance) : Math.max(Math.abs(mean) / 10, 1e-9);
}
