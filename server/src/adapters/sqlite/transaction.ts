/** All or nothing. */
import type { DatabaseSync } from "node:sqlite";

/** Runs `work` in one transaction, durable when this returns. Throws what `work` or SQLite throws, with nothing of it stored. */
export function inTransaction<T>(db: DatabaseSync, work: () => T): T {
  db.exec("BEGIN IMMEDIATE");
  try {
    const result = work();
    db.exec("COMMIT");
    return result;
  } catch (error) {
    // A full disk makes SQLite roll back by itself; to roll back again would hide why.
    if (db.isTransaction) db.exec("ROLLBACK");
    throw error;
  }
}
