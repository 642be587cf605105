/** Seeds shared out over child processes, one per core, so that one seed's garbage is not the next one's burden. */
import { fork } from "node:child_process";
import { availableParallelism } from "node:os";

/** Seeds that one process plays before it ends: few enough to keep every core busy until near the end. */
const SHARE = 50;

export interface SeedRange {
  readonly from: number;
  /** The first one that is left out. */
  readonly to: number;
}

/**
 * Runs `script --worker FROM TO` for all `seeds` from `first` on; each sends one message, its part. The order of the parts is not that of the
 * seeds. Rejects when a process ends without an answer.
 */
export async function overSeeds<Part>(script: string, first: number, seeds: number): Promise<readonly Part[]> {
  const ranges: SeedRange[] = [];
  for (let from = 0; from < seeds; from += SHARE) ranges.push({ from: first + from, to: first + Math.min(seeds, from + SHARE) });
  const parts: Part[] = [];
  let done = 0;
  const lane = async (): Promise<void> => {
    for (let range = ranges.shift(); range !== undefined; range = ranges.shift()) {
      parts.push(await play<Part>(script, range));
      done += range.to - range.from;
      process.stderr.write(`${done} of ${seeds} seeds\n`);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, lane));
  return parts;
}

/** In a worker: the range that it was started for. Undefined in the process that starts them. */
export function rangeOfWorker(): SeedRange | undefined {
  const [mode, from, to] = process.argv.slice(2);
  return mode === "--worker" ? { from: Number(from), to: Number(to) } : undefined;
}

/** Sends a worker's part to whoever started it. */
export function answer(part: unknown): void {
  process.send?.(part);
}

function play<Part>(script: string, { from, to }: SeedRange): Promise<Part> {
  return new Promise((resolve, reject) => {
    const child = fork(script, ["--worker", `${from}`, `${to}`], { execArgv: ["--no-warnings"] });
    child.once("message", (part) => resolve(part as Part));
    child.once("error", reject);
    // After an answer this changes nothing.
    child.once("exit", (code) => reject(new Error(`seeds ${from} to ${to - 1} ended with ${code} and without an answer`)));
  });
}
