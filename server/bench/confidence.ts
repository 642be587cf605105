/**
 * Measures confidence over simulator seeds kept apart from the tests and writes the generated table: `make confidence`.
 * Usage: node server/bench/confidence.ts [seeds]
 */
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { addTallies, CALIBRATION_PREFIX, calibrateSeed, type Tallies, tableSource } from "@kintsugi/sim";
import { answer, overSeeds, rangeOfWorker, type SeedRange } from "./seed-workers.ts";

const TABLE = fileURLToPath(new URL("../../core/src/diagnose/confidence.generated.ts", import.meta.url));
const SELF = fileURLToPath(import.meta.url);

async function work({ from, to }: SeedRange): Promise<Tallies> {
  const all: Tallies[] = [];
  for (let seed = from; seed < to; seed += 1) all.push(await calibrateSeed(seed));
  return addTallies(all);
}

async function measure(seeds: number): Promise<void> {
  const sum = addTallies(await overSeeds<Tallies>(SELF, 0, seeds));
  writeFileSync(TABLE, tableSource(sum, `${CALIBRATION_PREFIX}0 to ${CALIBRATION_PREFIX}${seeds - 1}`, new Date().toISOString().slice(0, 10)));
  for (const [pattern, { right, cases }] of Object.entries(sum))
    process.stdout.write(`${((right / cases) * 100).toFixed(1).padStart(5)} % of ${`${cases}`.padStart(5)}  ${pattern}\n`);
}

const range = rangeOfWorker();
if (range !== undefined) answer(await work(range));
else await measure(Number(process.argv[2] ?? 2_000));
