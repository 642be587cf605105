/** `simulate`: one seed of the swarm, or many: a cluster, faults and an API that misbehaves, all drawn from the seed, scored against the truth. */
import { CONFIDENCE, refText } from "@kintsugi/core";
import { actPolicy, addScores, check, kintsugi, type Run, runSeed, type Score, scoreRun, scoreTable, type Violation } from "@kintsugi/sim";
import { type Command, Option } from "commander";
import { type CliContext, examples } from "../context.ts";
import { CliError, EXIT } from "../exit.ts";
import { ageText, FORMATS, type Format, show, table } from "../output.ts";
import type { Terminal } from "../terminal.ts";

interface SimulateFlags {
  readonly seed: string;
  readonly seeds: string;
  readonly output: Format;
}

interface Simulated {
  readonly seeds: number;
  readonly score: Score;
  readonly violations: readonly (Violation & { readonly seed: string })[];
}

export function simulateCommand(program: Command, context: CliContext): void {
  const command = program
    .command("simulate")
    .description("run the engine on a simulated cluster drawn from a seed, and count what it was worth")
    .option("--seed <text>", "the seed, or the first of several", "1")
    .option("--seeds <number>", "how many, counting up from --seed", "1")
    .addOption(new Option("-o, --output <format>", "how to print").choices(FORMATS).default("table"))
    .action((flags: SimulateFlags) => simulate(context, flags));
  examples(command, "kintsugi simulate --seed 42", "kintsugi simulate --seed 1 --seeds 200 -o json");
}

async function simulate({ terminal }: CliContext, flags: SimulateFlags): Promise<void> {
  const seeds = seedsOf(flags);
  const scores: Score[] = [];
  const violations: Simulated["violations"][number][] = [];
  let only: Run | undefined;
  for (const [index, seed] of seeds.entries()) {
    if (seeds.length > 1) terminal.progress(`seed ${seed} (${index + 1} of ${seeds.length})`);
    const run = await runSeed(seed, kintsugi({ policy: actPolicy(), confidence: CONFIDENCE, crashes: 1 }));
    scores.push(scoreRun(run));
    violations.push(...check(run).map((violation) => ({ ...violation, seed })));
    if (seeds.length === 1) only = run;
  }
  if (seeds.length > 1) terminal.progress("");
  const simulated = { seeds: seeds.length, score: addScores(scores), violations };
  show(
    terminal,
    flags.output,
    simulated,
    (value) => `${only === undefined ? "" : `${runText(only, terminal)}\n\n`}${scoreTable([{ name: "kintsugi", score: value.score }])}`,
  );
  for (const { seed, law, detail } of violations) terminal.remark(`broken law: ${law}: ${detail}; replay it with: kintsugi simulate --seed ${seed}`);
  if (violations.length > 0 || simulated.score.harmed > 0)
    throw new CliError(EXIT.failure, `${violations.length} broken laws, ${simulated.score.harmed} harmed`);
}

function seedsOf({ seed, seeds }: SimulateFlags): readonly string[] {
  const count = Number(seeds);
  if (!Number.isInteger(count) || count < 1 || count > 100_000) throw new CliError(EXIT.usage, `--seeds ${seeds} is not a number from 1 to 100000`);
  if (count === 1) return [seed];
  if (!/^\d{1,12}$/.test(seed)) throw new CliError(EXIT.usage, `--seed ${seed} is no number: to count up from it, write for example --seed 1`);
  return Array.from({ length: count }, (_, i) => String(Number(seed) + i));
}

/** What was broken in one run and what became of it. */
function runText(run: Run, terminal: Terminal): string {
  const rows = run.played.map(({ fault, injection, at, overAt }) => [
    ageText(at - run.began),
    fault.title,
    refText(injection.subject),
    overAt === undefined ? (fault.healedBy.length === 0 ? "needs a person" : terminal.colours.red("not healed")) : `over after ${ageText(overAt - at)}`,
  ]);
  const lines = run.incidents.map((one) => [
    one.id,
    one.phase === "resolved" ? one.how : one.phase,
    one.mode ?? "",
    refText(one.subject),
    one.attempts.at(-1)?.plan.summary ?? "",
  ]);
  return `${table(["AT", "FAULT", "WHERE", "THEN"], rows, terminal)}\n\n${table(["ID", "ENDED", "MODE", "OBJECT", "LAST ACT"], lines, terminal)}`;
}
