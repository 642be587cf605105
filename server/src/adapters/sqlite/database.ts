/** The database under a ledger: made whole or not at all, and opened only when it is what was once written. */
import { randomUUID } from "node:crypto";
import { existsSync, renameSync, rmSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { z } from "zod";
import { LedgerDamagedError, type LedgerHead } from "../ledger.ts";
import { GENESIS } from "./chain.ts";
import { newestCut } from "./chain-check.ts";
import { asPortError, isCorruption } from "./failures.ts";
import { migrate, schemaOf } from "./migrations.ts";
import { keepPrivate, PARTS } from "./place.ts";
import { inTransaction } from "./transaction.ts";

export interface OpenDatabase {
  readonly db: DatabaseSync;
  readonly head: LedgerHead;
}

const EMPTY: LedgerHead = { seq: 0, hash: GENESIS, epoch: 0 };
const Head = z.strictObject({ seq: z.int().min(0), hash: z.string().regex(/^[0-9a-f]{64}$/), epoch: z.number() });

const DEFAULT_MAX_BYTES = 8 * 1024 ** 3;

interface NewDatabase {
  readonly maxBytes?: number | undefined;
  /** Puts in, in the same transaction, what a new ledger does not have. */
  readonly fill?: (db: DatabaseSync) => void;
}

/**
 * Makes the database of a new ledger beside its place, with what `fill` puts into it, and then moves it there: whoever is killed meanwhile leaves
 * no half of one. Throws PortError `unavailable`.
 */
export function makeDatabase(file: string, { maxBytes, fill = () => undefined }: NewDatabase = {}): void {
  const making = `${file}.making`;
  try {
    for (const left of [making, `${making}-journal`]) rmSync(left, { force: true });
    keepPrivate(making);
    const db = new DatabaseSync(making);
    try {
      limit(db, maxBytes);
      begin(db, file, fill);
    } finally {
      db.close();
    }
    renameSync(making, file);
  } catch (error) {
    throw asPortError(error, `the ledger ${file} cannot be created`);
  }
}

/** An empty one that dies with the process. */
export function memoryDatabase(): OpenDatabase {
  const db = new DatabaseSync(":memory:");
  begin(db, ":memory:", () => undefined);
  return { db, head: EMPTY };
}

function begin(db: DatabaseSync, file: string, fill: (db: DatabaseSync) => void): void {
  migrate(db, file);
  inTransaction(db, () => {
    db.prepare("INSERT INTO meta (name, value) VALUES ('id', ?)").run(randomUUID());
    fill(db);
  });
}

function limit(db: DatabaseSync, maxBytes = DEFAULT_MAX_BYTES): void {
  const pageSize = Number(db.prepare("PRAGMA page_size").get()?.["page_size"]);
  db.exec(`PRAGMA max_page_count = ${Math.max(1, Math.floor(maxBytes / pageSize))}`);
}

/** Opens the file of a ledger whose lock is held. Throws LedgerDamagedError, LedgerTooNewError, PortError `unavailable`. */
export function openDatabase(file: string, maxBytes?: number): OpenDatabase {
  let db: DatabaseSync | undefined;
  try {
    for (const part of PARTS) if (existsSync(file + part)) keepPrivate(file + part);
    db = new DatabaseSync(file, { timeout: 2_000 });
    // A ledger is never without its tables, not even at its start: this is what was cut down to nothing.
    if (schemaOf(db) === 0) throw new LedgerDamagedError(file, 1, "there is nothing in the file");
    db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 67108864;");
    limit(db, maxBytes);
    migrate(db, file);
    return { db, head: readHead(db, file) };
  } catch (error) {
    db?.close();
    throw openingFailure(error, file);
  }
}

/** What went wrong while a ledger was opened, in the words of its port. */
export function openingFailure(error: unknown, file: string): unknown {
  if (isCorruption(error)) return new LedgerDamagedError(file, 1, error instanceof Error ? error.message : String(error));
  return asPortError(error, `the ledger ${file} cannot be opened`);
}

/** What the last append noted, held against what is there. */
function readHead(db: DatabaseSync, file: string): LedgerHead {
  const last = db.prepare("SELECT seq, epoch FROM records ORDER BY seq DESC LIMIT 1").get();
  const seq = Number(last?.["seq"] ?? 0);
  const noted = notes(db);
  if (!noted.has("id")) throw new LedgerDamagedError(file, Math.max(1, seq), "the identity of the ledger is lost");
  const text = noted.get("head");
  if (text === undefined && last === undefined && newestCut(db).seq === 0) return EMPTY;
  const head = Head.safeParse(text === undefined ? undefined : parsed(text)).data;
  if (head === undefined) throw new LedgerDamagedError(file, Math.max(1, seq), "it cannot be read any more which record was written last");
  if (seq > head.seq) throw new LedgerDamagedError(file, head.seq + 1, "it comes after the one that was written last");
  if (seq === head.seq && head.epoch !== Number(last?.["epoch"])) throw new LedgerDamagedError(file, seq, "it is of another epoch than the one written last");
  return head;
}

function notes(db: DatabaseSync): ReadonlyMap<string, string> {
  return new Map(
    db
      .prepare("SELECT name, value FROM meta")
      .all()
      .map((row) => [String(row["name"]), String(row["value"])]),
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
