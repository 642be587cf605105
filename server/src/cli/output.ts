/** The same answer for people (tables, colours) and for programs (json, yaml). */
import Table from "cli-table3";
import { Document, visit } from "yaml";
import { escaped, type Terminal } from "./terminal.ts";

export const FORMATS = ["table", "json", "yaml"] as const;
export type Format = (typeof FORMATS)[number];

/** Prints `value` whole for programs, or what `render` makes of it for people. */
export function show<T>(terminal: Terminal, format: Format, value: T, render: (value: T) => string): void {
  if (format === "json") terminal.print(escaped(JSON.stringify(value, undefined, 2)));
  else if (format === "yaml") terminal.print(yamlOf(value));
  else terminal.print(render(value));
}

/** The library escapes what moves a cursor by ASCII alone, and leaves the rest of it to the terminal. */
function yamlOf(value: unknown): string {
  const document = new Document(value, { aliasDuplicateObjects: false });
  visit(document, {
    Scalar: (_, scalar) => {
      if (typeof scalar.value === "string" && escaped(scalar.value) !== scalar.value) scalar.type = "QUOTE_DOUBLE";
    },
  });
  return escaped(document.toString().trimEnd());
}

/** Columns without lines, as kubectl prints them. Cells that do not fit are wrapped between words. */
export function table(head: readonly string[], rows: readonly (readonly string[])[], terminal: Pick<Terminal, "colours">): string {
  const made = new Table({
    head: head.map((cell) => terminal.colours.bold(cell)),
    chars: {
      top: "",
      "top-mid": "",
      "top-left": "",
      "top-right": "",
      bottom: "",
      "bottom-mid": "",
      "bottom-left": "",
      "bottom-right": "",
      left: "",
      "left-mid": "",
      mid: "",
      "mid-mid": "",
      right: "",
      "right-mid": "",
      middle: "  ",
    },
    style: { "padding-left": 0, "padding-right": 0, head: [], border: [] },
  });
  made.push(...rows.map((row) => [...row]));
  return made
    .toString()
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}

const UNITS = [
  [86_400_000, "d"],
  [3_600_000, "h"],
  [60_000, "m"],
  [1_000, "s"],
] as const;

/** `3d4h`, `12m`, `45s`: the two largest parts, the second only where it says something. */
export function ageText(ms: number): string {
  if (ms < 1_000) return "0s";
  const index = UNITS.findIndex(([unit]) => ms >= unit);
  const [size, name] = UNITS[index] ?? [1_000, "s"];
  const whole = Math.floor(ms / size);
  const below = UNITS[index + 1];
  const rest = below === undefined ? 0 : Math.floor((ms % size) / below[0]);
  return whole < 10 && rest > 0 && below !== undefined ? `${whole}${name}${rest}${below[1]}` : `${whole}${name}`;
}

export function timeText(ms: number): string {
  return new Date(ms).toISOString().replace("T", " ").slice(0, 19);
}
