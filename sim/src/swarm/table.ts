/** Scores as a table for people, with 95 % intervals. */
import type { Score } from "./score.ts";
import { wilson } from "./score.ts";

/** Markdown; one row per contender. */
export function scoreTable(rows: readonly { readonly name: string; readonly score: Score }[]): string {
  const head = [
    "contender",
    "seeds",
    "faults",
    "precision",
    "recall",
    "top-1",
    "healed of healable",
    "over at the end",
    "harmed",
    "false alarms",
    "median detect",
    "median heal",
  ];
  const lines = rows.map(({ name, score }) => [
    name,
    `${score.seeds}`,
    `${score.faults}`,
    share(score.incidents - score.falseAlarms, score.incidents),
    share(score.detected, score.faults),
    share(score.top1, score.diagnosable),
    share(score.healed, score.healable),
    share(score.over, score.faults),
    `${score.harmed}`,
    `${score.falseAlarms}`,
    seconds(median(score.detectMs)),
    seconds(median(score.healMs)),
  ]);
  return [head, head.map(() => "---"), ...lines].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function share(right: number, cases: number): string {
  if (cases === 0) return "none";
  const { low, high } = wilson(right, cases);
  return `${percent(right / cases)} (${percent(low)} to ${percent(high)}, n=${cases})`;
}

function percent(value: number): string {
  return `${(value * 100).toFixed(1)} %`;
}

function median(values: readonly number[]): number | undefined {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}

function seconds(ms: number | undefined): string {
  return ms === undefined ? "none" : `${Math.round(ms / 1000)} s`;
}
