/** The swarm over many seeds, the engine beside both baselines on the same ones: `node server/bench/swarm.ts [seeds]`. */
import { fork } from "node:child_process";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { actPolicy, addScores, check, type Entrant, idleBaseline, kintsugi, restartBaseline, runSeed, type Score, scoreRun, scoreTable } from "@kintsugi/sim";

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

async function work(from: number, to: number): Promise<void> {
  const sums: Score[][] = contenders().map(() => []);
  const broken: string[] = [];
  for (let seed = from; seed < to; seed += 1) {
    for (const [i, entrant] of contenders().entries()) {
      const run = await runSeed(`${seed}`, entrant);
      sums[i]?.push(scoreRun(run));
      if (i === 0) broken.push(...check(run).map(({ law, detail }) => `${law}: ${detail}; replay it with: kintsugi simulate --seed ${seed}`));
    }
  }
  process.send?.({ scores: sums.map(addScores), broken } satisfies Part);
}

function worker(from: number, to: number): Promise<Part> {
  return new Promise((resolve, reject) => {
    const child = fork(SELF, ["--worker", `${from}`, `${to}`], { execArgv: ["--no-warnings"] });
    child.once("message", (part) => resolve(part as Part));
    child.once("error", reject);
    child.once("exit", (code) => (code === 0 ? undefined : reject(new Error(`seeds ${from} to ${to} ended with ${code}`))));
  });
}

/** Prints the table; returns the number of broken laws. */
export async function benchSwarm(seeds: number): Promise<number> {
  const parts: [number, number][] = [];
  for (let from = 0; from < seeds; from += 50) parts.push([FIRST + from, FIRST + Math.min(seeds, from + 50)]);
  const done: Part[] = [];
  const lane = async (): Promise<void> => {
    for (let part = parts.shift(); part !== undefined; part = parts.shift()) {
      done.push(await worker(...part));
      process.stderr.write(`swarm: ${Math.min(seeds, done.length * 50)} of ${seeds} seeds\n`);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, lane));
  const rows = contenders().map(({ name }, i) => ({ name, score: addScores(done.flatMap((part) => part.scores[i] ?? [])) }));
  process.stdout.write(
    `\n## Swarm, seeds ${FIRST} to ${FIRST + seeds - 1}\n\n${scoreTable(rows)}\n\nbroken laws: ${done.flatMap((part) => part.broken).length}\n`,
  );
  for (const line of done.flatMap((part) => part.broken)) process.stdout.write(`${line}\n`);
  return done.flatMap((part) => part.broken).length;
}

const [mode, from, to] = process.argv.slice(2);
if (mode === "--worker") await work(Number(from), Number(to));
else if (process.argv[1] === SELF) await benchSwarm(Number(mode ?? 2_000));
