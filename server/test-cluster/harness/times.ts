/** How long each story took from the fault to the open incident, to the decision, and to the healthy object. */
import { appendFileSync, readFileSync } from "node:fs";
import type { Record, Ref } from "@kintsugi/core";
import { refKey } from "@kintsugi/core";
import type { Write } from "./audit.ts";

export interface Times {
  readonly story: string;
  readonly mode: string;
  /** `acted`, `escalated`, `held`: how the engine decided first; `-` where there was nothing to decide. */
  readonly decision: string;
  readonly detectMs: number | undefined;
  /** Of an act: until its write came to the API server, where that keeps a log. */
  readonly decideMs: number | undefined;
  /** Until the API server's objects are healthy, by whomever; undefined where they stay as they are. */
  readonly healMs: number | undefined;
}

const DECIDED: { readonly [phase: string]: string } = { acting: "acted", awaiting: "asked", held: "held", escalated: "escalated" };

export interface Told {
  readonly story: string;
  readonly records: readonly Record[];
  readonly subject: Ref;
  readonly faultAt: number;
  /** When the API server showed it well. */
  readonly healedAt?: number | undefined;
  /** What the API server let the engine write in the story; undefined where it keeps no log. */
  readonly writes: readonly Write[] | undefined;
}

/**
 * Reads the moments of one subject's incident off the ledger. What the ledger says of the story's namespace is held against the API server's log:
 * throws when one knows of an act and the other does not.
 */
export function timesOf({ story, records, subject, faultAt, healedAt, writes }: Told): Times {
  const around = records.flatMap(({ at, body }) =>
    body.type === "incident" && body.incident.subject.namespace === subject.namespace && at >= faultAt - 1_000 ? [{ at, body }] : [],
  );
  const own = around.filter(({ body }) => refKey(body.incident.subject) === refKey(subject));
  const decided = own.find(({ body }) => DECIDED[body.incident.phase] !== undefined);
  const hasActed = around.some(({ body }) => body.incident.phase === "acting");
  if (writes !== undefined && hasActed !== writes.length > 0)
    throw new Error(`${story}: by its ledger the engine has ${hasActed ? "" : "not "}acted, but the API server has of it: ${JSON.stringify(writes)}`);
  const decision = DECIDED[decided?.body.incident.phase ?? ""] ?? "-";
  return {
    story,
    mode: own.findLast(({ body }) => body.incident.mode !== undefined)?.body.incident.mode ?? "-",
    decision,
    detectMs: since(faultAt, own[0]?.at),
    decideMs: since(faultAt, (decision === "acted" ? writes?.[0]?.at : undefined) ?? decided?.at),
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
  // Those moments are the ledger's, in the engine's own clock, which goes by the whole seconds of the API server's answers; the others are exact.
  const note = "detect, and decide where nothing was written, may be up to a second off";
  return [line(head), ...cells.map(line), note].join("\n");
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
