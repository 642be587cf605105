/** The demo's screen as a pure function: what broke, why we think so, what was done, did it help. */
import { type Incident, refText } from "@kintsugi/core";
import { confidenceText, planOf } from "../answers/explain-incident.ts";
import { ageText } from "../cli/output.ts";
import { phaseColour } from "../cli/render/incidents.ts";
import type { Colours } from "../cli/terminal.ts";

/** All that the screen shows. Times in virtual ms. */
export interface DemoScreen {
  readonly now: number;
  readonly speed: number;
  readonly nodes: { readonly ready: number; readonly total: number };
  readonly apps: readonly AppState[];
  /** Faults that the demo has played, oldest first. */
  readonly faults: readonly PlayedFault[];
  readonly nextFaultAt: number | undefined;
  readonly incidents: readonly Incident[];
  /** Where the API is and how to ask it. */
  readonly footer: readonly string[];
}

export interface AppState {
  readonly name: string;
  readonly ready: number;
  readonly wanted: number;
}

export interface PlayedFault {
  readonly title: string;
  readonly subject: string;
  readonly at: number;
  readonly isOver: boolean;
}

export interface Paper {
  readonly columns: number;
  readonly rows: number;
  readonly colours: Colours;
}

/** Lines that fit the paper: `columns` wide, at most `rows` high. */
export function demoLines(screen: DemoScreen, paper: Paper): readonly string[] {
  const { bold, dim } = paper.colours;
  const well = screen.apps.filter(({ ready, wanted }) => ready >= wanted).length;
  const clock = new Date(screen.now).toISOString().slice(11, 19);
  const head = [
    bold(
      fit(
        `Kintsugi demo   ${clock}, ${screen.speed}x real time   ${screen.nodes.ready}/${screen.nodes.total} nodes ready   ${well}/${screen.apps.length} apps well`,
        paper,
      ),
    ),
    "",
    ...appLines(screen.apps, paper),
    "",
    ...faultLines(screen, paper),
    "",
  ];
  const footer = ["", ...screen.footer.map((line) => dim(fit(line, paper)))];
  const room = Math.max(0, paper.rows - head.length - footer.length);
  return [...head, ...incidentLines(screen, paper, room), ...footer].slice(0, paper.rows);
}

/** The applications side by side: a bar of ready pods each. Where they would fill the paper, only those that are not well. */
function appLines(all: readonly AppState[], paper: Paper): readonly string[] {
  const lines = barLines(all, paper);
  return lines.length <= paper.rows / 3
    ? lines
    : barLines(
        all.filter(({ ready, wanted }) => ready < wanted),
        paper,
      );
}

function barLines(apps: readonly AppState[], paper: Paper): readonly string[] {
  const { green, red, yellow } = paper.colours;
  const width = Math.max(20, ...apps.map(({ name, wanted }) => name.length + wanted + 3));
  const perLine = Math.max(1, Math.floor(paper.columns / width));
  const cells = apps.map(({ name, ready, wanted }) => {
    const shown = Math.min(ready, wanted);
    const bar = "●".repeat(shown) + "○".repeat(Math.max(0, wanted - shown));
    const paint = ready >= wanted ? green : ready === 0 ? red : yellow;
    return `${name} ${paint(bar)}${" ".repeat(Math.max(1, width - name.length - 1 - bar.length))}`;
  });
  return Array.from({ length: Math.ceil(cells.length / perLine) }, (_, i) =>
    cells
      .slice(i * perLine, (i + 1) * perLine)
      .join("")
      .trimEnd(),
  );
}

const FAULTS_SHOWN = 3;

function faultLines({ faults, now, nextFaultAt, speed }: DemoScreen, paper: Paper): readonly string[] {
  const { bold, green, dim } = paper.colours;
  const next = nextFaultAt === undefined ? "no more faults will come" : `the next one in about ${ageText(Math.max(0, nextFaultAt - now) / speed)}`;
  const lines = faults
    .slice(-FAULTS_SHOWN)
    .toReversed()
    .map(({ title, subject, at, isOver }) => {
      const text = fit(`  ${ageText(now - at)} ago  ${subject}: ${title}`, { columns: paper.columns - " mended".length });
      return isOver ? `${dim(text)} ${green("mended")}` : text;
    });
  return [bold(fit(`What the demo broke (${faults.length} so far; ${next})`, paper)), ...lines];
}

/** Newest first: whole while there is room, then one line each, then a count. */
function incidentLines({ incidents, now }: DemoScreen, paper: Paper, room: number): readonly string[] {
  const { bold } = paper.colours;
  const sorted = incidents.toSorted((a, b) => Number(a.phase === "resolved") - Number(b.phase === "resolved") || b.changedAt - a.changedAt);
  const lines = [bold("What Kintsugi saw and did")];
  if (sorted.length === 0) lines.push("  nothing is wrong");
  for (const [index, incident] of sorted.entries()) {
    const left = sorted.length - index - 1;
    const whole = storyLines(incident, now, paper);
    // One line must stay for the count of those that do not fit.
    const free = room - lines.length - (left > 0 ? 1 : 0);
    if (whole.length <= free && (incident.phase !== "resolved" || index < 4)) lines.push(...whole);
    else if (free >= 1) lines.push(whole[0] ?? "");
    else {
      lines.push(`  and ${left + 1} more`);
      break;
    }
  }
  return lines.slice(0, room);
}

/** The story of one incident in a few lines. */
export function storyLines(incident: Incident, now: number, paper: Paper): readonly string[] {
  const { phase } = incident;
  const head = fit(
    `  ${incident.id} ${phase === "resolved" ? incident.how : phase}: ${refText(incident.subject)}, ${ageText(now - incident.openedAt)} ago`,
    paper,
  );
  const lines = [phaseColour(phase, paper.colours)(head)];
  const say = (label: string, text: string | undefined): void => {
    if (text !== undefined && text !== "") lines.push(fit(`      ${label.padEnd(8)} ${text}`, paper));
  };
  say("broke", incident.findings[0]?.summary ?? incident.title);
  say("because", becauseOf(incident));
  const attempt = incident.attempts.at(-1);
  if (attempt !== undefined) say("done", `${attempt.plan.summary}${attempt.approvedBy === undefined ? "" : `, approved by ${attempt.approvedBy}`}`);
  else if (phase !== "resolved") say("would do", planOf(incident)?.summary);
  say(...outcomeOf(incident));
  return lines;
}

function becauseOf({ diagnosis, mode }: Incident): string | undefined {
  const best = diagnosis?.candidates.find((candidate) => candidate.mode === mode) ?? diagnosis?.candidates[0];
  if (best === undefined) return undefined;
  const reason = best.evidence.find(({ favours }) => favours)?.text;
  return `${best.mode}, ${confidenceText(best)}${reason === undefined ? "" : `: ${reason}`}`;
}

function outcomeOf(incident: Incident): readonly [string, string | undefined] {
  switch (incident.phase) {
    case "verifying":
      return ["helps?", incident.last.reason];
    case "resolved":
      return [incident.how === "healed" ? "helped" : "ended", incident.detail];
    case "escalated":
      return ["needs", `${incident.waitsFor}: ${incident.why}`];
    case "held":
      return ["waits", incident.why];
    case "awaiting":
      return ["asks", `approve it with: kintsugi approve ${incident.id}`];
    case "undoing":
      return ["undoes", incident.why];
    default:
      return ["", undefined];
  }
}

/** Cut to the paper's width. Only for text without colours. */
function fit(text: string, { columns }: Pick<Paper, "columns">): string {
  return text.length <= columns ? text : `${text.slice(0, Math.max(0, columns - 1))}…`;
}
