/**
 * Measures confidence over simulator seeds kept apart from the tests and writes the generated table: `make confidence`.
 * Usage: node server/bench/confidence.ts [seeds] — with `--worker from to` it is one of its own workers.
 */
import { fork } from "node:child_process";
import { writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { addTallies, CALIBRATION_PREFIX, calibrateSeed, type Tallies, tableSource } from "@kintsugi/sim";

const TABLE = fileURLToPath(new URL("../../core/src/diagnose/confidence.generated.ts", import.meta.url));
const SELF = fileURLToPath(import.meta.url);

async function work(from: number, to: number): Promise<void> {
  const all: Tallies[] = [];
  for (let seed = from; seed < to; seed += 1) all.push(await calibrateSeed(seed));
  process.send?.(addTallies(all));
}

function worker(from: number, to: number): Promise<Tallies> {
  return new Promise((resolve, reject) => {
    const child = fork(SELF, ["--worker", `${from}`, `${to}`], { execArgv: ["--no-warnings"] });
    child.once("message", (tallies) => resolve(tallies as Tallies));
    child.once("error", reject);
    child.once("exit", (code) => (code === 0 ? undefined : reject(new Error(`seeds ${from} to ${to} ended with ${code}`))));
  });
}

async function main(seeds: number): Promise<void> {
  const share = 50;
  const parts: [number, number][] = [];
  for (let from = 0; from < seeds; from += share) parts.push([from, Math.min(seeds, from + share)]);
  const tallies: Tallies[] = [];
  let done = 0;
  const lane = async (): Promise<void> => {
    for (let part = parts.shift(); part !== undefined; part = parts.shift()) {
      tallies.push(await worker(...part));
      done += part[1] - part[0];
      process.stdout.write(`${done} of ${seeds} seeds\n`);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, lane));
  const sum = addTallies(tallies);
  writeFileSync(TABLE, tableSource(sum, `${CALIBRATION_PREFIX}0 to ${CALIBRATION_PREFIX}${seeds - 1}`, new Date().toISOString().slice(0, 10)));
  for (const [pattern, { right, cases }] of Object.entries(sum))
    process.stdout.write(`${((right / cases) * 100).toFixed(1).padStart(5)} % of ${`${cases}`.padStart(5)}  ${pattern}\n`);
}

const [mode, from, to] = process.argv.slice(2);
if (mode === "--worker") await work(Number(from), Number(to));
else await main(Number(mode ?? 2_000));
