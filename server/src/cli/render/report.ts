/** The page on which a team decides what to let act. */
import type { ModeReport, Report } from "../../report/report.ts";
import { table, timeText } from "../output.ts";
import { printable, type Terminal } from "../terminal.ts";

/** A share of fewer than this many says too little to be painted. */
const ENOUGH = 10;

export function reportText(raw: Report, terminal: Pick<Terminal, "colours">): string {
  const report = printable(raw);
  const title = `${timeText(report.from)} to ${timeText(report.until)} UTC, ${report.records} records`;
  if (report.modes.length === 0) return `${title}\nno incidents`;
  const head = [
    "MODE",
    "INCIDENTS",
    "WOULD HAVE DONE",
    "APPROVED",
    "DENIED",
    "PEOPLE DID THE SAME",
    "SOMETHING ELSE",
    "GOT WELL ALONE",
    "UNKNOWN",
    "WE HEALED",
    "UNDONE",
    "ESCALATED",
    "AGREEMENT",
  ];
  const rows = report.modes.map((mode) => [
    mode.mode,
    String(mode.incidents),
    Object.entries(mode.wouldHaveDone)
      .map(([action, count]) => `${action} ${count}`)
      .join(", "),
    ...[
      mode.approved,
      mode.denied,
      mode.unaided["the-same"],
      mode.unaided["something-else"],
      mode.unaided.nothing,
      mode.unaided.unknown,
      mode.healed,
      mode.undone,
      mode.escalated,
    ].map(String),
    agreementText(mode, terminal),
  ]);
  return `${title}\n\n${table(head, rows, terminal)}\n\nAgreement: of the incidents in which people showed what they want, the share that was what the plan wanted.`;
}

function agreementText(mode: ModeReport, { colours }: Pick<Terminal, "colours">): string {
  if (mode.agreement === undefined) return "no data";
  const shown = mode.approved + mode.denied + mode.unaided["the-same"] + mode.unaided["something-else"];
  const text = `${Math.round(mode.agreement * 100)} % of ${shown}`;
  if (shown < ENOUGH) return text;
  return mode.agreement >= 0.95 ? colours.green(text) : mode.agreement < 0.8 ? colours.red(text) : text;
}
