/** The page on which a team decides what to let act. */
import type { ModeReport, Report } from "../../report/report.ts";
import { timeText } from "../output.ts";
import { printable, type Terminal } from "../terminal.ts";

/** A share of fewer than this many says too little to be painted. */
const ENOUGH = 10;

const HOW_TO_READ = `Agreement: of the incidents in which people showed what they want, the share in which it was what the plan wanted.
Not known: it ended without a trace of what people did, as where there was no plan or a pod was replaced.
Let a mode act where it agrees often enough for you: docs/policy.md.`;

export function reportText(raw: Report, terminal: Pick<Terminal, "colours">): string {
  const report = printable(raw);
  const title = `${timeText(report.from)} to ${timeText(report.until)} UTC, ${report.records} records`;
  if (report.modes.length === 0) return `${title}\nno incidents`;
  return [title, ...report.modes.map((mode) => modeText(mode, terminal)), HOW_TO_READ].join("\n\n");
}

/** One failure mode: a heading and what there is to say, a line each. */
function modeText(mode: ModeReport, terminal: Pick<Terminal, "colours">): string {
  const { bold } = terminal.colours;
  const { unaided } = mode;
  const lines = [
    ["would have done", listed(Object.entries(mode.wouldHaveDone)) || "nothing: no remedy is known for it"],
    [
      "people",
      listed([
        ["approved it", mode.approved],
        ["denied it", mode.denied],
        ["did the same", unaided["the-same"]],
        ["did something else", unaided["something-else"]],
        ["not known", unaided.unknown],
      ]),
    ],
    ["got well alone", unaided.nothing === 0 ? "" : String(unaided.nothing)],
    [
      "we",
      listed([
        ["healed", mode.healed],
        ["undone", mode.undone],
        ["escalated", mode.escalated],
      ]),
    ],
    [
      "otherwise",
      listed([
        ["closed by hand", mode.closed],
        ["explained by another incident", mode.merged],
        ["not ended yet", mode.unfinished],
      ]),
    ],
  ] as const;
  const heading = `${bold(mode.mode)}  ${mode.incidents} incident${mode.incidents === 1 ? "" : "s"}, agreement ${agreementText(mode, terminal)}`;
  return [heading, ...lines.filter(([, text]) => text !== "").map(([label, text]) => `  ${label.padEnd(16)} ${text}`)].join("\n");
}

/** `roll-back 7, evict-pod 2`, without what there was none of. */
function listed(counts: readonly (readonly [string, number])[]): string {
  return counts
    .filter(([, count]) => count > 0)
    .map(([what, count]) => `${what} ${count}`)
    .join(", ");
}

function agreementText({ agreement, shown }: ModeReport, { colours }: Pick<Terminal, "colours">): string {
  if (agreement === undefined) return "not known yet";
  const text = `${Math.round(agreement * 100)} % of ${shown}`;
  if (shown < ENOUGH) return text;
  return agreement >= 0.95 ? colours.green(text) : agreement < 0.8 ? colours.red(text) : text;
}
