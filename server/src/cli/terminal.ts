/** What a command may do with the terminal. Tests give one that remembers. */
import { createInterface } from "node:readline/promises";
import pc from "picocolors";

export type Colours = ReturnType<typeof pc.createColors>;

export interface Terminal {
  /** One or more whole lines to standard output. */
  print(text: string): void;
  /** For progress and remarks: standard error, so that output stays clean. */
  remark(text: string): void;
  /** Replaces the line of progress; nothing where people do not watch. */
  progress(text: string): void;
  /** Asks on the terminal; undefined when nobody is there to answer. */
  ask(question: string): Promise<string | undefined>;
  /** Redraws a whole screen; only where `isInteractive`. */
  draw(lines: readonly string[]): void;
  readonly isInteractive: boolean;
  /** Whether a person sees standard error as it comes. */
  readonly isWatched: boolean;
  readonly columns: number;
  readonly rows: number;
  readonly colours: Colours;
}

export function processTerminal(colours: boolean): Terminal {
  const { stdin, stdout, stderr } = process;
  let drawn = false;
  return {
    print: (text) => void stdout.write(`${text}\n`),
    remark: (text) => void stderr.write(`${text}\n`),
    progress: (text) => {
      if (stderr.isTTY) stderr.write(`\r\u001b[K${text}`);
    },
    ask: async (question) => {
      if (!stdin.isTTY || !stderr.isTTY) return undefined;
      const reader = createInterface({ input: stdin, output: stderr });
      try {
        return await reader.question(question);
      } finally {
        reader.close();
      }
    },
    draw: (lines) => {
      // The first time clears what was there; later ones overwrite line by line, which does not flicker.
      const start = drawn ? "\u001b[H" : "\u001b[2J\u001b[H";
      drawn = true;
      stdout.write(`${start}${lines.map((line) => `${line}\u001b[K`).join("\n")}\u001b[J`);
    },
    isInteractive: stdout.isTTY === true,
    isWatched: stderr.isTTY === true,
    get columns() {
      return stdout.columns ?? 100;
    },
    get rows() {
      return stdout.rows ?? 40;
    },
    colours: pc.createColors(colours),
  };
}

/** C0 and C1 controls except tab and line feed, and the marks that reorder text: what a cluster's text could fool a terminal with. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const TRICKS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** Text in which what `printable` would replace stands as escapes, for formats that know them between double quotes. */
export function escaped(text: string): string {
  return text.replaceAll(TRICKS, (trick) => `\\u${trick.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** The value with every text in it made safe to print. */
export function printable<T>(value: T): T {
  if (typeof value === "string") return value.replaceAll(TRICKS, "\ufffd") as T;
  if (Array.isArray(value)) return value.map(printable) as T;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, printable(inner)])) as T;
}
