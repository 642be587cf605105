/** The log of a server: lines of JSON for machines, lines of text where a person watches. Everything that `serve` says goes through it. */

import pc from "picocolors";
import pino, { type Logger } from "pino";
import { type Colours, printable } from "./cli/terminal.ts";

/** What must never be in a log line, wherever it hides in an object. */
const REDACTED_PATHS: readonly string[] = ["token", "secret", "password", "authorization", "kubeconfig"].flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);

export const LOG_LEVELS = ["error", "warn", "info", "debug"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export interface LogOptions {
  readonly level: LogLevel;
  /** Whether a person reads it as it comes. */
  readonly forPeople: boolean;
  readonly colours: boolean;
}

/** Where whole lines go. */
export interface LogTarget {
  write(line: string): void;
}

/** On standard error unless told otherwise; written at once, so that nothing is lost however the process ends. */
export function openLog({ level, forPeople, colours }: LogOptions, target: LogTarget = pino.destination({ dest: 2, sync: true })): Logger {
  const paint = pc.createColors(colours);
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: [...REDACTED_PATHS], censor: "[redacted]" },
    },
    forPeople ? { write: (line) => target.write(`${lineForPeople(line, paint)}\n`) } : target,
  );
}

/** `10:31:07 warn  what happened   field=value`, in UTC as everything else that is printed. */
function lineForPeople(json: string, colours: Colours): string {
  const { level, time, msg, ...fields } = printable(JSON.parse(json) as { level: string; time: string; msg?: string; [field: string]: unknown });
  const paint = level === "error" || level === "fatal" ? colours.red : level === "warn" ? colours.yellow : (text: string) => text;
  const rest = Object.entries(fields).map(([name, value]) => `  ${name}=${typeof value === "string" ? value : JSON.stringify(value)}`);
  return `${colours.dim(time.slice(11, 19))} ${paint(level.padEnd(5))} ${msg ?? ""}${colours.dim(rest.join(""))}`;
}
