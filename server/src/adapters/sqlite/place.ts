/** Where a ledger's file really is, and that nobody else can read it. */
import { chmodSync, closeSync, lstatSync, openSync, readlinkSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { PortError } from "@kintsugi/core";
import { makePrivateFolder } from "../../private-folder.ts";

/** The files that belong to one database, by what follows its name. */
export const PARTS = ["", "-wal", "-shm"] as const;

/**
 * The one path of the file, whatever links lead to it: its lock and what is made beside it go by this path. The file itself need not exist; its
 * folder is made when `create` says so. Throws PortError.
 */
export function placeOf(file: string, create: boolean): string {
  try {
    if (create) makePrivateFolder(dirname(file));
    return followed(resolve(file));
  } catch (error) {
    if (!create && isMissing(error)) throw new PortError({ kind: "gone", message: `there is no ledger at ${file}` });
    throw unusable(`the ledger ${file}`, "cannot be created", error);
  }
}

function followed(file: string): string {
  const found = lstatSync(file, { throwIfNoEntry: false });
  if (found?.isSymbolicLink() !== true) return join(realpathSync(dirname(file)), basename(file));
  const target = resolve(realpathSync(dirname(file)), readlinkSync(file));
  // A link that leads nowhere yet is followed by hand; one that leads to itself fails here.
  return statSync(file, { throwIfNoEntry: false }) === undefined ? followed(target) : realpathSync(file);
}

/** Takes away what others may do with the file, which is made when it does not exist. Throws PortError. */
export function keepPrivate(file: string): void {
  try {
    closeSync(openSync(file, "a", 0o600));
    if ((statSync(file).mode & 0o077) !== 0) chmodSync(file, 0o600);
  } catch (error) {
    throw unusable(file, "cannot be kept for its owner alone", error);
  }
}

function unusable(file: string, what: string, error: unknown): PortError {
  return new PortError({ kind: "unavailable", message: `${file} ${what}: ${error instanceof Error ? error.message : String(error)}` });
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
