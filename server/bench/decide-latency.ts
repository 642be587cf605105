/** From a watch event to the engine's decision: the time that `step` takes, on a hundred pods that keep breaking. */
import { Driver } from "@kintsugi/core";
import { MemoryStore } from "@kintsugi/core/testing";
import { actPolicy, speedWorkload } from "@kintsugi/sim";

export interface Latency {
  readonly steps: number;
  /** ms */
  readonly p50: number;
  readonly p99: number;
  readonly worst: number;
}

/** Runs the speed workload under the engine for `virtualSeconds` and times every step that took in observations. */
export async function decideLatency(virtualSeconds: number): Promise<Latency> {
  const { cluster } = speedWorkload("latency");
  const { port, clock, lease } = cluster.connect();
  const took: number[] = [];
  const driver = new Driver({
    cluster: "bench",
    version: "bench",
    policy: actPolicy(),
    ports: { cluster: port, clock, store: new MemoryStore(), lease },
    // The simulator's clock is virtual; what is measured is real.
    stopwatch: () => performance.now(),
    onStep: (type, ms) => {
      if (type === "observed") took.push(ms);
    },
  });
  await driver.start();
  await cluster.run(cluster.timeline.now() + virtualSeconds * 1_000, () => driver.settled());
  await driver.stop();
  took.sort((a, b) => a - b);
  const at = (share: number) => took[Math.min(took.length - 1, Math.floor(took.length * share))] ?? Number.NaN;
  return { steps: took.length, p50: at(0.5), p99: at(0.99), worst: at(1) };
}
