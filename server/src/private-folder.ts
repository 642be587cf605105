/** Folders for what only their owner may read. */
import { existsSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";

/** Makes the folder and those above it that are missing. Not by Node's `recursive`, which never returns where a folder takes no other, as /proc. */
export function makePrivateFolder(path: string): void {
  if (existsSync(path)) return;
  makePrivateFolder(dirname(path));
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    // Another process may have made it meanwhile.
    if (!existsSync(path)) throw error;
  }
}
