/** The ledger in one SQLite file: write-ahead log, fsync before an append resolves, hash chain, one process. */
import { existsSync } from "node:fs";
import type { DatabaseSync } from "node:sqlite";
import { setImmediate as letOthersRun } from "node:timers/promises";
import { PortError, type Record, type RecordDraft } from "@kintsugi/core";
import { type ChainCheck, type Ledger, LedgerDamagedError, type LedgerHead, type LedgerQuery, type Retained } from "../ledger.ts";
import { COLUMNS, type Row, recordOf, rowDamage, rowWriter, seal } from "./chain.ts";
import { finish, newestCut, walkChain } from "./chain-check.ts";
import { makeDatabase, memoryDatabase, type OpenDatabase, openDatabase, openingFailure } from "./database.ts";
import { asPortError } from "./failures.ts";
import { type HeldLock, lockLedger } from "./lock.ts";
import { neededSeqs } from "./needed.ts";
import { placeOf } from "./place.ts";
import { cutOff, newestAt } from "./retention.ts";
import { findRows } from "./search.ts";
import { refuseUnfinished } from "./swap.ts";
import { inTransaction } from "./transaction.ts";

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

/** About two seconds of a start. */
const DEFAULT_VERIFY_NEWEST = 50_000;

/**
 * Opens (or creates) the ledger, takes its lock and proves its end. Throws LedgerLockedError, LedgerDamagedError, LedgerTooNewError,
 * or PortError: `unavailable` when the file cannot be used, `invalid` when a repair of it was broken off, `gone` when it is not to be created.
 */
export function openSqliteLedger(options: SqliteOptions): Ledger {
  if (options.file === ":memory:") return new SqliteLedger(memoryDatabase(), { release: () => undefined }, options.file);
  const create = options.create ?? true;
  const file = placeOf(options.file, create);
  if (!create && !existsSync(file)) throw new PortError({ kind: "gone", message: `there is no ledger at ${file}` });
  const lock = lockLedger(file);
  let opened: OpenDatabase | undefined;
  try {
    refuseUnfinished(file);
    if (!existsSync(file)) makeDatabase(file, { maxBytes: options.maxBytes });
    opened = openDatabase(file, options.maxBytes);
    const { db, head } = opened;
    const check = finish(walkChain(db, head, head.seq - (options.verifyNewest ?? DEFAULT_VERIFY_NEWEST) + 1, "without-inputs"));
    if (!check.ok) throw new LedgerDamagedError(file, check.seq, check.reason);
    return new SqliteLedger(opened, lock, file);
  } catch (error) {
    opened?.db.close();
    lock.release();
    throw openingFailure(error, file);
  }
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
  #retaining: Promise<Retained> | undefined;

  constructor({ db, head }: OpenDatabase, lock: HeldLock, file: string) {
    this.#db = db;
    this.#lock = lock;
    this.#file = file;
    this.#head = head;
    this.id = String(db.prepare("SELECT value FROM meta WHERE name = 'id'").get()?.["value"]);
    this.#insert = rowWriter(db);
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
      for (const row of rows) this.#insert(row);
      this.#setMeta.run("head", JSON.stringify(head));
    });
    this.#head = head;
    return records;
  }

  async read(options: { readonly fromSeq: number; readonly limit: number }): Promise<readonly Record[]> {
    return this.find({ afterSeq: options.fromSeq - 1, order: "oldest-first", limit: options.limit, inputs: true });
  }

  async find(query: LedgerQuery): Promise<readonly Record[]> {
    await letOthersRun();
    return this.#guard("records cannot be read", () => findRows(this.#db, query).map((row) => this.#proven(row)));
  }

  /** Without what decisions were made from: the state does not hold it. */
  async restore(): Promise<readonly Record[]> {
    return this.#guard("records cannot be read", () => {
      const one = this.#db.prepare(`SELECT ${COLUMNS} FROM records WHERE seq = ?`);
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
    let walk = walkChain(this.#db, this.#head, 1, "with-inputs");
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
      walk = walkChain(this.#db, this.#head, 1, "with-inputs");
    }
  }

  retain({ now, keepMs }: { readonly now: number; readonly keepMs: number }): Promise<Retained> {
    this.#retaining ??= this.#retain(now, keepMs).finally(() => {
      this.#retaining = undefined;
    });
    return this.#retaining;
  }

  async #retain(now: number, keepMs: number): Promise<Retained> {
    const cutting = cutOff(this.#db, Math.min(now, newestAt(this.#db)) - keepMs);
    for (;;) {
      const step = this.#write("old records cannot be deleted", () => cutting.next());
      if (step.done === true) return step.value;
      await letOthersRun();
    }
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
    return this.#guard(trying, () => inTransaction(this.#db, work));
  }
}

function olderEpoch(epoch: number, newest: number): PortError {
  return new PortError({ kind: "denied", message: `a record of leader epoch ${epoch} came after one of epoch ${newest}: another leader has taken over` });
}
