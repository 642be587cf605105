/** `make bench`: every figure as a ratio against a reference of the same run, or against the target that it has to meet. */
import { createHash } from "node:crypto";
import { speedWorkload } from "@kintsugi/sim";
import { decideLatency } from "./decide-latency.ts";
import { ledgerWrites } from "./ledger-writes.ts";
import { benchReads } from "./reads-report.ts";
import { benchSwarm } from "./swarm.ts";

const seeds = Number(process.env["SEEDS"] ?? 2_000);

function line(text: string): void {
  process.stdout.write(`${text}\n`);
}

function simulationSpeed(): void {
  const workload = speedWorkload();
  const virtualSeconds = 6 * 3_600;
  const began = performance.now();
  const events = workload.run(virtualSeconds);
  const seconds = (performance.now() - began) / 1_000;
  const times = virtualSeconds / seconds;
  line("\n## Simulation speed\n");
  line(`${workload.pods} pods, ${virtualSeconds / 3600} virtual hours in ${seconds.toFixed(2)} s on one core, ${events} events`);
  line(`${Math.round(times)} x real time; ${(times / 10_000).toFixed(2)} x the target of 10,000`);
}

async function latency(): Promise<void> {
  const load = { nodes: 500, pods: 10_000, changesPerSecond: 100, cordonsPerSecond: 5, decisions: 150 };
  // The reference: hashing 64 kB on the same machine in the same run.
  const data = Buffer.alloc(65_536, 1);
  const began = performance.now();
  for (let i = 0; i < 200; i += 1) createHash("sha256").update(data).digest();
  const reference = (performance.now() - began) / 200;
  line("\n## From a change to the record of its decision\n");
  line(`${load.pods} pods, ${load.changesPerSecond} changes/s of them beside; watch, adapter, engine, preflight and SQLite included`);
  for (const [name, more] of [
    ["what was proposed is over after 3 s", { liftedAfterMs: 3_000 }],
    // So many that no limit on nodes out of use is met.
    ["proposals pile up and wait", { liftedAfterMs: 0, nodes: 2_000 }],
  ] as const) {
    const { decisions, phases, p50, p99, worst } = await decideLatency({ ...load, ...more });
    const where = Object.entries(phases).map(([phase, count]) => `${count} ${phase}`);
    line(`${name}: ${decisions} decisions (${where.join(", ")}): p50 ${p50} ms, p99 ${p99} ms, worst ${worst} ms`);
    line(`  p99 is ${(p99 / 50).toFixed(2)} x the target of 50 ms, and ${Math.round(p99 / reference)} x SHA-256 over 64 kB (${reference.toFixed(3)} ms)`);
  }
}

async function ledger(): Promise<void> {
  line("\n## Ledger\n");
  const one = await ledgerWrites(1, 1_000, 3_000);
  for (const [name, figures] of [
    ["one record of 1 kB an append", one],
    ["twenty records of 1 kB an append", await ledgerWrites(20, 1_000, 3_000)],
    ["one record of 50 kB an append", await ledgerWrites(1, 50_000, 3_000)],
  ] as const) {
    const ratio = figures.recordsPerSecond / one.recordsPerSecond;
    line(
      `${name}: ${Math.round(figures.recordsPerSecond)} records/s (${ratio.toFixed(2)} x the first), append p50 ${figures.p50.toFixed(2)} ms, p99 ${figures.p99.toFixed(2)} ms`,
    );
  }
}

simulationSpeed();
await latency();
await ledger();
await benchReads(line);
const missed = await benchSwarm(seeds);
process.exitCode = missed.length === 0 ? 0 : 1;
