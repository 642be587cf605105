import { expect, it } from "vitest";
import { parse } from "yaml";
import { show } from "./output.ts";
import { RecordedTerminal } from "./testing/recorded-terminal.ts";

/** As an image, an annotation or a ticket may hold it: colours, a cursor that moves up, text that runs backwards. */
const HOSTILE = { title: "ok\u001b[1A\u001b[2K", "k\u009b31m": ["x\u009b31m", "a\u202eb: c", "line\nline", "ü"], plain: "cart", again: { none: null } };

it.each([
  ["json", (text: string): unknown => JSON.parse(text)],
  ["yaml", (text: string): unknown => parse(text)],
] as const)("for programs, as %s, a text keeps all that it holds and moves nothing on a terminal", (format, read) => {
  const terminal = new RecordedTerminal();
  show(terminal, format, HOSTILE, () => "");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  expect(terminal.out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/);
  expect(read(terminal.out)).toEqual(HOSTILE);
});
