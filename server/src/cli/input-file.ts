/** Files that people name on the command line. */
import { readFileSync } from "node:fs";
import { CliError, EXIT } from "./exit.ts";

const WORDS: Readonly<{ [code: string]: string }> = {
  ENOENT: "there is no such file",
  ENOTDIR: "there is no such file",
  EISDIR: "it is a folder",
  EACCES: "this user may not read it",
};

/** The text of a file; `what` it is begins the message. Throws CliError. */
export function readInput(what: string, file: string, hint = ""): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    const why = WORDS[code] ?? (error instanceof Error ? error.message : String(error));
    throw new CliError(EXIT.usage, `${what} ${file} cannot be read: ${why}${hint === "" ? "" : `; ${hint}`}`);
  }
}
