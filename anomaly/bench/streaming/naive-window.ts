/** What one writes first: an object per series with a window of its last values, mean and deviation computed anew for each sample. */
import { createRandom } from "../../src/random.ts";

const WINDOW = 64;

class NaiveSeries {
  values: number[] = [];

  push(value: number): { readonly score: number } {
    const mean = this.values.reduce((sum, each) => sum + each, 0) / (this.values.length || 1);
    const variance = this.values.reduce((sum, each) => sum + (each - mean) ** 2, 0) / (this.values.length || 1);
    this.values.push(value);
    if (this.values.length > WINDOW) this.values.shift();
    return { score: variance > 0 ? Math.abs(value - mean) / Math.sqrt(variance) : 0 };
  }
}

/** Microseconds of processor time per push, and bytes of heap per series. */
export function naiveCost(series: number, ticks: number): { readonly cpu: number; readonly bytes: number } {
  const heap = process.memoryUsage().heapUsed;
  const all = Array.from({ length: series }, () => new NaiveSeries());
  const random = createRandom(1);
  let sum = 0;
  for (let tick = 0; tick < WINDOW + 8; tick++) for (const each of all) sum += each.push(random.normal()).score;
  const began = process.threadCpuUsage();
  for (let tick = 0; tick < ticks; tick++) for (const each of all) sum += each.push(random.normal()).score;
  const { user, system } = process.threadCpuUsage(began);
  if (Number.isNaN(sum)) throw new Error("the naive window gave NaN");
  return { cpu: (user + system) / (series * ticks), bytes: (process.memoryUsage().heapUsed - heap) / series };
}
