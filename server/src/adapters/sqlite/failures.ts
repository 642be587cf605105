/** SQLite's result codes in the one language of adapters' failures. https://sqlite.org/rescode.html */
import { PortError } from "@kintsugi/core";

/** Our statements are fixed: when one makes no sense, the tables are not as we made them. */
const ERROR = 1;
const CORRUPT = 11;
const NOT_A_DATABASE = 26;
const FULL = 13;
/** Extended code of SQLITE_IOERR: the index of the write-ahead log cannot grow, which is what a full disk looks like from there. */
const IOERR_SHMSIZE = 4_874;

const WORDS: Readonly<{ [code: number]: string }> = {
  5: "the file is locked by another process",
  6: "a table is locked",
  8: "the file or its folder is read-only",
  10: "the disk reports an I/O error",
  [FULL]: "the disk or the permitted size is full",
  14: "the file cannot be opened",
};

/** Primary result code (0 to 255) of what went wrong, or undefined when the error does not come from SQLite. */
export function sqliteCode(error: unknown): number | undefined {
  if (typeof error !== "object" || error === null || !("errcode" in error)) return undefined;
  if (typeof error.errcode !== "number") return undefined;
  return error.errcode === IOERR_SHMSIZE ? FULL : error.errcode & 0xff;
}

/** True when the file itself is broken, as opposed to unreachable or full. */
export function isCorruption(error: unknown): boolean {
  const code = sqliteCode(error);
  return code === ERROR || code === CORRUPT || code === NOT_A_DATABASE;
}

/** What was tried and what stood in the way, as the failure that the driver understands. Errors that are neither SQLite's nor the file system's pass unchanged. */
export function asPortError(error: unknown, tried: string): unknown {
  const code = sqliteCode(error);
  const isOfFiles = error instanceof Error && "syscall" in error;
  if (code === undefined && !isOfFiles) return error;
  const why = WORDS[code ?? -1] ?? (error instanceof Error ? error.message : String(error));
  return new PortError({ kind: "unavailable", message: `${tried}: ${why}` });
}
