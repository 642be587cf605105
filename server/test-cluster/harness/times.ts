/** How long each story took from the fault to the open incident, to the decision, and to the healthy object. */
import { appendFileSync, readFileSync } from "node:fs";
import type { Record, Ref } from "@kintsugi/core";
import { refKey } from "@kintsugi/core";

export interface Times {
  readonly story: string;
  readonly mode: string;
  /** `acted`, `escalated`, `held`: how the engine decided. */
  readonly decision: string;
  readonly detectMs: number | undefined;
  readonly decideMs: number | undefined;
  /** Until the API server's objects are healthy; undefined where nothing is to be healed. */
  readonly healMs: number | undefined;
}

const DECIDED: { readonly [phase: string]: string } = { acting: "acted", awaiting: "asked", held: "held", escalated: "escalated" };

/** Reads the moments of one subject's incident off the ledger; `healedAt` is when the API server showed it well. */
export function timesOf(story: string, records: readonly Record[], subject: Ref, faultAt: number, healedAt: number | undefined): Times {
  const own = records.flatMap(({ at, body }) =>
    body.type === "incident" && refKey(body.incident.subject) === refKey(subject) && at >= faultAt - 1_000 ? [{ at, body }] : [],
  );
  const decided = own.find(({ body }) => DECIDED[body.incident.phase] !== undefined);
  return {
    story,
    mode: own.findLast(({ body }) => body.incident.mode !== undefined)?.body.incident.mode ?? "-",
    decision: DECIDED[decided?.body.incident.phase ?? ""] ?? "-",
    detectMs: since(faultAt, own[0]?.at),
    decideMs: since(faultAt, decided?.at),
    healMs: since(faultAt, healedAt),
  };
}

function since(from: number, at: number | undefined): number | undefined {
  return at === undefined ? undefined : Math.max(0, at - from);
}

export function timesTable(rows: readonly Times[]): string {
  const head = ["story", "mode", "decision", "detect", "decide", "heal"];
  const cells = rows.map((row) => [row.story, row.mode, row.decision, seconds(row.detectMs), seconds(row.decideMs), seconds(row.healMs)]);
  const widths = head.map((title, i) => Math.max(title.length, ...cells.map((cell) => cell[i]?.length ?? 0)));
  const line = (row: readonly string[]) => row.map((cell, i) => (i < 3 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join("  ");
  return [line(head), ...cells.map(line)].join("\n");
}

function seconds(ms: number | undefined): string {
  return ms === undefined ? "-" : `${(ms / 1000).toFixed(1)} s`;
}

/** Keeps the rows of every test file in one place, where KINTSUGI_STORY_TIMES names it. */
export function keepTimes(rows: readonly Times[]): void {
  const file = process.env["KINTSUGI_STORY_TIMES"];
  if (file !== undefined) appendFileSync(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
}

export function keptTimes(file: string): readonly Times[] {
  return readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Times);
}
