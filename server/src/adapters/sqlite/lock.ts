/**
 * One process per ledger. The lock is a write transaction held open in a small database beside it: the operating system drops it when the
 * process dies, however it dies, and readers can still see who holds it.
 */
import { hostname } from "node:os";
import { DatabaseSync } from "node:sqlite";
import { LedgerLockedError } from "../ledger.ts";
import { asPortError, sqliteCode } from "./failures.ts";
import { keepPrivate } from "./place.ts";

const BUSY = 5;

export interface HeldLock {
  release(): void;
}

/** Takes the lock of the ledger at `file`, a path as `placeOf` gives it. Throws LedgerLockedError that names the holder. */
export function lockLedger(file: string): HeldLock {
  const db = openLockFile(`${file}.lock`);
  try {
    db.exec("BEGIN EXCLUSIVE");
    db.exec("CREATE TABLE IF NOT EXISTS holder (id INTEGER PRIMARY KEY CHECK (id = 1), text TEXT NOT NULL)");
    db.prepare("INSERT INTO holder (id, text) VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET text = excluded.text").run(
      `process ${process.pid} on ${hostname()}`,
    );
    db.exec("COMMIT");
    db.exec("BEGIN IMMEDIATE");
  } catch (error) {
    const holder = holderOf(db);
    db.close();
    if (sqliteCode(error) === BUSY) throw new LedgerLockedError(file, holder);
    throw asPortError(error, `the lock file ${file}.lock cannot be used`);
  }
  return { release: () => db.close() };
}

function openLockFile(path: string): DatabaseSync {
  keepPrivate(path);
  try {
    return new DatabaseSync(path, { timeout: 0 });
  } catch (error) {
    throw asPortError(error, `the lock file ${path} cannot be opened`);
  }
}

function holderOf(db: DatabaseSync): string {
  try {
    return String(db.prepare("SELECT text FROM holder WHERE id = 1").get()?.["text"] ?? "another process");
  } catch {
    // Its owner is just writing it: that somebody holds it is all that matters.
    return "another process";
  }
}
