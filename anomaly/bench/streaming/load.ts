/** A bank under load: warm series, then ticks whose cost is measured. */
import { StreamBank } from "../../src/index.ts";
import { createRandom } from "../../src/random.ts";

export interface Load {
  readonly series: number;
  readonly ticks: number;
}

export interface Cost {
  /** Microseconds of this thread's processor time per push, and of the wall; making the value is in it. */
  readonly cpu: number;
  readonly wall: number;
  readonly bytes: number;
  /** Bytes by which the heap of objects grew, per push. */
  readonly garbage: number;
}

const INTERVAL_MS = 15_000;
/** A quarter of the series count, as in a cluster. */
const COUNTER_EVERY = 4;
/** All but the tails of the histograms, which need some 200 samples, is at work after 17 samples: learnSamples is 8 here. Tails answer for 4 % of scores; with them a push costs the same within what runs differ. */
const WARM_TICKS = 24;
const NOISE = 1 << 16;

/** The p-values' sum goes out too: nothing is computed for nobody. */
export function costOf({ series, ticks }: Load): Cost & { readonly sum: number } {
  const bank = new StreamBank({ learnSamples: 8, warmSamples: 16 });
  const slots = Int32Array.from({ length: series }, (_, index) => bank.open(index % COUNTER_EVERY === 0 ? "counter" : "gauge"));
  const random = createRandom(1);
  const noise = Float64Array.from({ length: NOISE }, () => 10 + random.normal());
  const values = new Float64Array(series);
  const p = new Float64Array(series);
  const votes = new Uint8Array(series);
  let at = Date.UTC(2026, 0, 5);
  let from = 0;
  let sum = 0;
  const runTicks = (count: number): void => {
    for (let tick = 0; tick < count; tick++) {
      at += INTERVAL_MS;
      from = (from + 7919) % NOISE;
      for (let index = 0; index < series; index++) {
        const drawn = noise[(index + from) % NOISE] as number;
        values[index] = index % COUNTER_EVERY === 0 ? (values[index] as number) + drawn : drawn;
      }
      bank.pushTick(slots, values, at, p, votes);
      sum += p[tick % series] as number;
    }
  };
  // The first ticks also let the engine compile what is hot.
  runTicks(Math.max(WARM_TICKS, Math.ceil(100_000 / series)));
  const [processor, heap, began] = [process.threadCpuUsage(), process.memoryUsage().heapUsed, performance.now()];
  runTicks(ticks);
  const wall = (performance.now() - began) * 1000;
  const { user, system } = process.threadCpuUsage(processor);
  const grown = Math.max(0, process.memoryUsage().heapUsed - heap);
  const pushes = series * ticks;
  return { cpu: (user + system) / pushes, wall: wall / pushes, bytes: bank.bytes / series, garbage: grown / pushes, sum };
}
