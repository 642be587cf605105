/** Schema of the ledger, one numbered step after another; `user_version` says how many have run. A step that was released never changes. */
import type { DatabaseSync } from "node:sqlite";
import { LedgerTooNewError } from "../ledger.ts";

const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  -- text: canonical JSON of the record without its hash. The other columns repeat parts of it, to find records by.
  CREATE TABLE records (
    seq INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    type TEXT NOT NULL,
    key TEXT NOT NULL,
    sub TEXT NOT NULL,
    text TEXT NOT NULL,
    hash TEXT NOT NULL
  );
  CREATE INDEX records_by_key ON records (type, key, sub, seq);
  CREATE INDEX records_by_time ON records (at);
  -- Where retention has cut, newest row last: the hash that the oldest linked record points to, and a digest over the older ones that were kept.
  CREATE TABLE cuts (
    id INTEGER PRIMARY KEY,
    seq INTEGER NOT NULL,
    hash TEXT NOT NULL,
    kept INTEGER NOT NULL,
    kept_digest TEXT NOT NULL
  );
  `,
];

/** Brings the schema up to date, each step in a transaction of its own. Throws LedgerTooNewError. */
export function migrate(db: DatabaseSync, where: string): void {
  const found = userVersion(db);
  if (found > MIGRATIONS.length) throw new LedgerTooNewError(where, found, MIGRATIONS.length);
  for (const [index, sql] of MIGRATIONS.entries()) {
    if (index < found) continue;
    db.exec("BEGIN IMMEDIATE");
    try {
      db.exec(sql);
      db.exec(`PRAGMA user_version = ${index + 1}`);
      db.exec("COMMIT");
    } catch (error) {
      // A full disk makes SQLite roll back by itself.
      if (db.isTransaction) db.exec("ROLLBACK");
      throw error;
    }
  }
}

function userVersion(db: DatabaseSync): number {
  const row = db.prepare("PRAGMA user_version").get();
  return Number(row?.["user_version"] ?? 0);
}
