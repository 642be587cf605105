/** The swarm over many seeds, the engine beside both baselines on the same ones: `node server/bench/swarm.ts [seeds]`. */
import { fileURLToPath } from "node:url";
import { actPolicy, addScores, check, type Entrant, idleBaseline, kintsugi, restartBaseline, runSeed, type Score, scoreRun, scoreTable } from "@kintsugi/sim";
import { answer, overSeeds, rangeOfWorker, type SeedRange } from "./seed-workers.ts";
import { missedTargets } from "./targets.ts";

const SELF = fileURLToPath(import.meta.url);
/** Beyond the seeds that the tests run, so that the figures are of seeds that nobody mended anything for. */
const FIRST = 100_001;

interface Part {
  readonly scores: readonly Score[];
  readonly broken: readonly string[];
}

function contenders(): readonly Entrant[] {
  return [kintsugi({ policy: actPolicy(), crashes: 1 }), idleBaseline, restartBaseline];
}

async function work({ from, to }: SeedRange): Promise<Part> {
  const sums: Score[][] = contenders().map(() => []);
  const broken: string[] = [];
  for (let seed = from; seed < to; seed += 1) {
    for (const [i, entrant] of contenders().entries()) {
      const run = await runSeed(`${seed}`, entrant);
      sums[i]?.push(scoreRun(run));
      if (i === 0) broken.push(...check(run).map(({ law, detail }) => `${law}: ${detail}; replay it with: kintsugi simulate --seed ${seed}`));
    }
  }
  return { scores: sums.map(addScores), broken };
}

/** Prints the table; returns the targets that the engine missed. */
export async function benchSwarm(seeds: number): Promise<readonly string[]> {
  const parts = await overSeeds<Part>(SELF, FIRST, seeds);
  const rows = contenders().map(({ name }, i) => ({ name, score: addScores(parts.flatMap((part) => part.scores[i] ?? [])) }));
  const broken = parts.flatMap((part) => part.broken);
  process.stdout.write(`\n## Swarm, seeds ${FIRST} to ${FIRST + seeds - 1}\n\n${scoreTable(rows)}\n\nbroken laws: ${broken.length}\n`);
  for (const line of broken) process.stdout.write(`${line}\n`);
  const missed = missedTargets(rows[0]?.score ?? addScores([]), broken.length);
  for (const target of missed) process.stdout.write(`missed: ${target}\n`);
  return missed;
}

const range = rangeOfWorker();
if (range !== undefined) answer(await work(range));
else if (process.argv[1] === SELF) process.exitCode = (await benchSwarm(Number(process.argv[2] ?? 2_000))).length === 0 ? 0 : 1;
