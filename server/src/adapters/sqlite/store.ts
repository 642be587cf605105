/** The ledger in one SQLite file: write-ahead log, fsync before an append resolves, hash chain, one process. */
import { randomUUID } from "node:crypto";
import { closeSync, existsSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setImmediate as letOthersRun } from "node:timers/promises";
import { PortError, type Record, type RecordDraft } from "@kintsugi/core";
import { type ChainCheck, type Ledger, LedgerDamagedError, type LedgerHead, type LedgerQuery, type Retained } from "../ledger.ts";
import { GENESIS, type Row, recordOf, rowDamage, seal } from "./chain.ts";
import { finish, newestCut, walkChain } from "./chain-check.ts";
import { asPortError, isCorruption } from "./failures.ts";
import { type HeldLock, lockLedger } from "./lock.ts";
import { migrate } from "./migrations.ts";
import { neededSeqs } from "./needed.ts";
import { cutOff } from "./retention.ts";
import { findRows } from "./search.ts";

export interface SqliteOptions {
  /** Path of the file, or `:memory:` for a ledger that dies with the process. */
  readonly file: string;
  /** The file never grows beyond this; an append that would fails as on a full disk. Unit: bytes. */
  readonly maxBytes?: number;
  /** False: fail when there is no such file, instead of making one. Default true. */
  readonly create?: boolean;
  /** How many of the newest records are proven at the start; the rest when `verify` is called. */
  readonly verifyNewest?: number;
}

const DEFAULT_MAX_BYTES = 8 * 1024 ** 3;
/** About two seconds of a start. */
const DEFAULT_VERIFY_NEWEST = 50_000;

const EMPTY: LedgerHead = { seq: 0, hash: GENESIS, epoch: 0 };

/**
 * Opens (or creates) the ledger, takes its lock and proves its end. Throws LedgerLockedError, LedgerDamagedError, LedgerTooNewError,
 * or PortError `unavailable` when the file cannot be used.
 */
export function openSqliteLedger(options: SqliteOptions): Ledger {
  const { file } = options;
  const inMemory = file === ":memory:";
  if (!inMemory && (options.create ?? true)) createPrivate(file);
  else if (!inMemory && !existsSync(file)) throw new PortError({ kind: "gone", message: `there is no ledger at ${file}` });
  const lock = inMemory ? { release: () => undefined } : lockLedger(file);
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(file, { timeout: 2_000 });
    prepare(db, file, options.maxBytes ?? DEFAULT_MAX_BYTES);
    const head = readHead(db);
    const check = finish(walkChain(db, head, head.seq - (options.verifyNewest ?? DEFAULT_VERIFY_NEWEST) + 1));
    if (!check.ok) throw new LedgerDamagedError(file, check.seq, check.reason);
    return new SqliteLedger(db, lock, file, head);
  } catch (error) {
    db?.close();
    lock.release();
    if (isCorruption(error)) throw new LedgerDamagedError(file, 1, error instanceof Error ? error.message : String(error));
    throw asPortError(error, `the ledger ${file} cannot be opened`);
  }
}

/** Creates the file for its owner alone before SQLite does; the log files beside it take over its mode. Throws PortError. */
function createPrivate(file: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    closeSync(openSync(file, "a", 0o600));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new PortError({ kind: "unavailable", message: `the ledger ${file} cannot be created: ${why}` });
  }
}

function prepare(db: DatabaseSync, file: string, maxBytes: number): void {
  db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 67108864;");
  const pageSize = Number(db.prepare("PRAGMA page_size").get()?.["page_size"]);
  db.exec(`PRAGMA max_page_count = ${Math.max(1, Math.floor(maxBytes / pageSize))}`);
  migrate(db, file);
  db.prepare("INSERT INTO meta (name, value) VALUES ('id', ?) ON CONFLICT (name) DO NOTHING").run(randomUUID());
}

function readHead(db: DatabaseSync): LedgerHead {
  const row = db.prepare("SELECT value FROM meta WHERE name = 'head'").get();
  return row === undefined ? EMPTY : (JSON.parse(String(row["value"])) as LedgerHead);
}

class SqliteLedger implements Ledger {
  readonly id: string;
  readonly #db: DatabaseSync;
  readonly #lock: HeldLock;
  readonly #file: string;
  readonly #insert;
  readonly #setMeta;
  #head: LedgerHead;
  #verifying: Promise<ChainCheck> | undefined;

  constructor(db: DatabaseSync, lock: HeldLock, file: string, head: LedgerHead) {
    this.#db = db;
    this.#lock = lock;
    this.#file = file;
    this.#head = head;
    this.id = String(db.prepare("SELECT value FROM meta WHERE name = 'id'").get()?.["value"]);
    this.#insert = db.prepare("INSERT INTO records (seq, at, epoch, type, key, sub, text, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
    this.#setMeta = db.prepare("INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value");
  }

  head(): LedgerHead {
    return this.#head;
  }

  async append(drafts: readonly RecordDraft[]): Promise<readonly Record[]> {
    if (drafts.length === 0) return [];
    const records: Record[] = [];
    const rows: Row[] = [];
    let head = this.#head;
    for (const draft of drafts) {
      if (draft.epoch < head.epoch) throw olderEpoch(draft.epoch, head.epoch);
      const { record, row } = seal(draft, head.seq + 1, head.hash);
      records.push(record);
      rows.push(row);
      head = { seq: record.seq, hash: record.hash, epoch: record.epoch };
    }
    this.#write("records cannot be stored", () => {
      for (const row of rows) this.#insert.run(row.seq, row.at, row.epoch, row.type, row.key, row.sub, row.text, row.hash);
      this.#setMeta.run("head", JSON.stringify(head));
    });
    this.#head = head;
    return records;
  }

  async read(options: { readonly fromSeq: number; readonly limit: number }): Promise<readonly Record[]> {
    return this.find({ afterSeq: options.fromSeq - 1, order: "oldest-first", limit: options.limit });
  }

  async find(query: LedgerQuery): Promise<readonly Record[]> {
    return this.#guard("records cannot be read", () => findRows(this.#db, query).map((row) => this.#proven(row)));
  }

  async restore(): Promise<readonly Record[]> {
    return this.#guard("records cannot be read", () => {
      const one = this.#db.prepare("SELECT seq, at, epoch, type, key, sub, text, hash FROM records WHERE seq = ?");
      return neededSeqs(this.#db).map((seq) => this.#proven(one.get(seq) as unknown as Row));
    });
  }

  /** Walks that are asked for while one is under way share it. */
  verify(): Promise<ChainCheck> {
    this.#verifying ??= this.#verify().finally(() => {
      this.#verifying = undefined;
    });
    return this.#verifying;
  }

  async #verify(): Promise<ChainCheck> {
    let cut = newestCut(this.#db).seq;
    let walk = walkChain(this.#db, this.#head, 1);
    for (;;) {
      const step = this.#guard("the chain cannot be read", () => walk.next());
      if (step.done !== true) {
        await letOthersRun();
        continue;
      }
      const now = newestCut(this.#db).seq;
      if (step.value.ok || now === cut) return step.value;
      // Retention has cut under its feet: what it misses was deleted on purpose.
      cut = now;
      walk = walkChain(this.#db, this.#head, 1);
    }
  }

  async retain(before: number): Promise<Retained> {
    return this.#write("old records cannot be deleted", () => cutOff(this.#db, before));
  }

  async check(): Promise<void> {
    this.#write("the ledger cannot be written", () => this.#setMeta.run("checked", String(this.#head.seq)));
  }

  async close(): Promise<void> {
    if (!this.#db.isOpen) return;
    this.#db.close();
    this.#lock.release();
  }

  /** A row that was damaged after the start is never handed on as a record. */
  #proven(row: Row): Record {
    const damage = rowDamage(row, undefined);
    if (damage !== undefined) throw new LedgerDamagedError(this.#file, row.seq, damage);
    return recordOf(row);
  }

  #guard<T>(trying: string, work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw asPortError(error, `${trying} (${this.#file})`);
    }
  }

  /** One transaction, durable when it returns. */
  #write<T>(trying: string, work: () => T): T {
    return this.#guard(trying, () => {
      this.#db.exec("BEGIN IMMEDIATE");
      try {
        const result = work();
        this.#db.exec("COMMIT");
        return result;
      } catch (error) {
        // A full disk makes SQLite roll back by itself.
        if (this.#db.isTransaction) this.#db.exec("ROLLBACK");
        throw error;
      }
    });
  }
}

function olderEpoch(epoch: number, newest: number): PortError {
  return new PortError({ kind: "denied", message: `a record of leader epoch ${epoch} came after one of epoch ${newest}: another leader has taken over` });
}
