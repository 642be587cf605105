/** `demo`: a simulated cluster that breaks, and the engine that heals it, before your eyes. */

import { setTimeout as wait } from "node:timers/promises";
import { CONFIDENCE, type ConfidenceTable, type Incident, type Record, refText } from "@kintsugi/core";
import { actPolicy, FAULTS, type Fault } from "@kintsugi/sim";
import type { Command } from "commander";
import { openDemo } from "../../compose.ts";
import { Play } from "../../demo/play.ts";
import { type Summary, summarise, summaryLine } from "../../demo/summary.ts";
import { demoLines } from "../../demo/view.ts";
import type { Platform } from "../../platform.ts";
import { type CliContext, examples } from "../context.ts";
import { CliError, EXIT } from "../exit.ts";
import { parseListen } from "../listen.ts";
import { mcpText } from "../mcp-text.ts";
import { ageText, table } from "../output.ts";
import { untilSignal } from "../signals.ts";
import { printable } from "../terminal.ts";

interface DemoFlags {
  readonly once?: boolean;
  readonly speed?: string;
  readonly seed: string;
  readonly listen?: string;
}

const MINUTE_MS = 60_000;
/** The engine watches the healthy shop for this long, so that it knows what healthy looks like. */
const ACQUAINTANCE_MS = 8 * MINUTE_MS;
/** Of real time. */
const FRAME_MS = 100;

/** One of each sort that shows within minutes; the last one is nothing that an engine may mend. */
const ONCE: readonly string[] = [
  "image-not-found",
  "selector-mismatch",
  "bad-rollout",
  "oom-limit-lowered",
  "scaled-to-zero",
  "readiness-after-rollout",
  "missing-configmap",
];
const ONCE_SPEED = 30;
const ONCE_EVERY_MS = 3 * MINUTE_MS;
/** Virtual time after which `--once` ends whatever is left: 150 s of real time. */
const ONCE_DEADLINE_MS = 75 * MINUTE_MS;
/** Of real time, should this machine be too slow for that speed. */
const ONCE_REAL_DEADLINE_MS = 165_000;

/** For as long as somebody watches: what an action heals, or what ends by itself. */
const ENDLESS: readonly string[] = [
  ...ONCE.slice(0, -1),
  "crash-after-rollout",
  "bad-command",
  "oom-undersized",
  "crash-loop-passing",
  "failed-job-idempotent",
];
const ENDLESS_SPEED = 10;
/** Nobody waits a minute to see something. */
const FIRST_AFTER_REAL_MS = 10_000;

export function demoCommand(program: Command, context: CliContext): void {
  const command = program
    .command("demo")
    .description("a simulated cluster that breaks and heals before your eyes, with the API beside it")
    .option("--once", "a fixed play of faults that ends within three minutes; the last line counts what happened")
    .option("--speed <factor>", `virtual seconds for each real one (default: ${ENDLESS_SPEED}; with --once ${ONCE_SPEED})`)
    .option("--seed <text>", "another seed is another story", "1")
    .option("--listen <address:port>", "where the API listens (default: 127.0.0.1:8080, or a free port where that is taken)")
    .action((flags: DemoFlags) => demo(context, flags, CONFIDENCE));
  examples(command, "kintsugi demo", "kintsugi demo --once", "kintsugi incidents        # in another terminal, while it runs");
}

/** Throws CliError when something was harmed, or was left that should have been healed. */
export async function demo(context: CliContext, flags: DemoFlags, confidence: ConfidenceTable): Promise<void> {
  const once = flags.once === true;
  const speed = flags.speed === undefined ? (once ? ONCE_SPEED : ENDLESS_SPEED) : Number(flags.speed);
  if (!(speed >= 1 && speed <= 1_000)) throw new CliError(EXIT.usage, `--speed ${flags.speed} is not a number from 1 to 1000`);
  const listen = flags.listen === undefined ? undefined : parseListen(flags.listen);
  // A fault about every minute of the viewer's time; a fixed beginning where the story has to be the same each time.
  const play = new Play({
    ...{ seed: flags.seed, faults: chosen(once ? ONCE : ENDLESS), endless: !once, everyMs: once ? ONCE_EVERY_MS : MINUTE_MS * speed },
    ...(once ? {} : { start: context.now() }),
  });
  const policy = demoPolicy();
  const opened = await openDemo(context.config, play, { listen, policy, confidence });
  try {
    const show = new Show(context, play, opened.platform, { speed, once });
    await show.run();
    const incidents = opened.platform.engine.incidents();
    const summary = summarise(play, policy.spec, show.began, incidents, await opened.records());
    finish(context, play, incidents, summary, once);
  } finally {
    await opened.stop();
  }
}

function demoPolicy() {
  return { ...actPolicy(), name: "demo" };
}

function chosen(ids: readonly string[]): readonly Fault[] {
  return ids.map((id) => {
    const fault = FAULTS.find((one) => one.id === id);
    if (fault === undefined) throw new Error(`the demo plays ${id}, which is no fault of the simulator`);
    return fault;
  });
}

class Show {
  began = 0;
  readonly #context: CliContext;
  readonly #play: Play;
  readonly #platform: Platform;
  readonly #speed: number;
  readonly #once: boolean;
  #isAsked = false;

  constructor(context: CliContext, play: Play, platform: Platform, { speed, once }: { readonly speed: number; readonly once: boolean }) {
    this.#context = context;
    this.#play = play;
    this.#platform = platform;
    this.#speed = speed;
    this.#once = once;
  }

  /** Plays until it is over, or until somebody asks it to end. */
  async run(): Promise<void> {
    const { terminal } = this.#context;
    const settle = (): Promise<void> => this.#platform.driver.settled();
    const signal = untilSignal().then(() => {
      this.#isAsked = true;
    });
    this.#greet();
    await this.#play.advance(this.#play.now + ACQUAINTANCE_MS, settle);
    this.#play.begin(this.#once ? ONCE_EVERY_MS : FIRST_AFTER_REAL_MS * this.#speed);
    this.began = this.#play.now;
    const unsubscribe = terminal.isInteractive ? undefined : this.#platform.engine.onRecord((record) => this.#tell(record));
    const realBegan = performance.now();
    let told = 0;
    while (!this.#isAsked && !this.#isDone(performance.now() - realBegan)) {
      await this.#play.advance(this.began + Math.round((performance.now() - realBegan) * this.#speed), settle);
      if (terminal.isInteractive) terminal.draw(this.#lines());
      else for (; told < this.#play.parts.length; told++) this.#tellFault(told);
      await Promise.race([wait(FRAME_MS), signal]);
    }
    unsubscribe?.();
  }

  #isDone(realMs: number): boolean {
    if (!this.#once) return false;
    if (this.#play.now - this.began >= ONCE_DEADLINE_MS || realMs >= ONCE_REAL_DEADLINE_MS) return true;
    return this.#play.isOver && this.#platform.engine.incidents().every(({ phase }) => phase === "resolved" || phase === "escalated");
  }

  #greet(): void {
    const { terminal } = this.#context;
    terminal.print(`a simulated cluster; its clock runs ${this.#speed} times as fast as yours`);
    terminal.print(`API ${this.#platform.url}/api/v2, token in ${this.#platform.tokenFile}`);
    terminal.print(mcpText(this.#platform));
  }

  #lines(): readonly string[] {
    const { columns, rows, colours } = this.#context.terminal;
    const footer = [
      `API ${this.#platform.url}/api/v2, token in ${this.#platform.tokenFile}`,
      mcpText(this.#platform),
      "In another terminal: kintsugi incidents, kintsugi explain ID, kintsugi undo ID --why TEXT",
      "Ctrl-C ends it.",
    ];
    const incidents = printable(this.#platform.engine.incidents());
    return demoLines({ ...this.#play.world(), speed: this.#speed, incidents, footer }, { columns, rows, colours });
  }

  /** One line for each step of an incident, where nobody watches a screen. */
  #tell({ body, at }: Record): void {
    if (body.type !== "incident" || body.from === body.incident.phase) return;
    const { terminal } = this.#context;
    const { id, phase, subject } = body.incident;
    terminal.print(printable(`${clock(at)} ${id} ${phase}: ${refText(subject)}: ${phase === "open" ? body.incident.title : body.reason}`));
  }

  #tellFault(index: number): void {
    const part = this.#play.parts[index];
    if (part !== undefined) this.#context.terminal.print(`${clock(part.at)} the demo breaks ${refText(part.injection.subject)}: ${part.fault.title}`);
  }
}

function clock(ms: number): string {
  return new Date(ms).toISOString().slice(11, 19);
}

/** Prints how it went. Throws CliError when something was harmed, or was left that should have been healed. */
function finish({ terminal }: CliContext, play: Play, incidents: readonly Incident[], summary: Summary, once: boolean): void {
  const rows = play.parts.map(({ fault, injection, at, overAt }) => {
    const incident = incidents.find(({ subject, openedAt }) => openedAt >= at && injection.targets.some((target) => refText(target) === refText(subject)));
    const over = overAt === undefined ? (fault.healedBy.length === 0 ? "needs a person" : terminal.colours.red("not yet")) : `after ${ageText(overAt - at)}`;
    return [
      fault.title,
      refText(injection.subject),
      incident === undefined ? "" : `after ${ageText(incident.openedAt - at)}`,
      incident?.attempts.at(-1)?.plan.summary ?? "",
      over,
    ];
  });
  if (rows.length > 0) terminal.print(`\n${table(["WHAT BROKE", "WHERE", "SEEN", "WHAT WAS DONE", "MENDED"], rows, terminal)}`);
  for (const { law, detail } of summary.violations) terminal.remark(`broken law: ${law}: ${detail}`);
  terminal.print(`\n${summaryLine(summary)}`);
  if (!once) return;
  const isGood = summary.harmed === 0 && summary.violations.length === 0 && summary.unhealed.length === 0 && play.parts.length >= 5;
  if (!isGood) throw new CliError(EXIT.failure, "");
}
