/** Salvages what can be proven of a damaged ledger. Nothing is deleted: the damaged file is moved aside whole. */
import { existsSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { PortError, type RecordDraft } from "@kintsugi/core";
import { LedgerDamagedError } from "../ledger.ts";
import { COLUMNS, type Row, recordOf, rowDamage, rowWriter, seal } from "./chain.ts";
import { type Cut, digestOf, finish, NO_CUT, newestCut, walkChain } from "./chain-check.ts";
import { makeDatabase, type OpenDatabase, openDatabase } from "./database.ts";
import { asPortError, isCorruption } from "./failures.ts";
import { lockLedger } from "./lock.ts";
import { placeOf } from "./place.ts";
import { nextAside, repairedOf, swapIn } from "./swap.ts";

export interface Repaired {
  /** Records that were proven and taken over. */
  readonly kept: number;
  /** Where the damaged file lies now. */
  readonly aside: string;
}

/**
 * Moves `file` to `file.damaged-N` and puts a new ledger with every record before the damage in its place. The new ledger has an id of its own, so
 * that a Lease which names the old one makes the engine observe until the longest budget window has passed, and it ends with a pause that a person
 * lifts after a look: the lost records may have held a veto. Killed at any moment it can be called again. Throws LedgerLockedError,
 * LedgerTooNewError, or PortError: `gone` without a file, `invalid` when the ledger is whole, `unavailable`.
 */
export async function repairLedger(given: string, now: number): Promise<Repaired> {
  const file = placeOf(given, false);
  const begun = (): boolean => existsSync(repairedOf(file));
  if (!existsSync(file) && !begun()) throw new PortError({ kind: "gone", message: `there is no ledger at ${file}` });
  const lock = lockLedger(file);
  try {
    if (!begun()) {
      refuseWhole(file);
      makeDatabase(repairedOf(file), { fill: (db) => writePause(db, salvage(file, db), now, nextAside(file)) });
    }
    const aside = swapIn(file);
    return { kept: recordsIn(file) - 1, aside };
  } catch (error) {
    throw asPortError(error, `the damaged ledger ${file} cannot be repaired`);
  } finally {
    lock.release();
  }
}

/** A repair costs a ledger its identity and stops the engine: nothing that a flag left in a manifest should do again and again. */
function refuseWhole(file: string): void {
  let opened: OpenDatabase;
  try {
    opened = openDatabase(file);
  } catch (error) {
    if (error instanceof LedgerDamagedError) return;
    throw error;
  }
  const { ok } = finish(walkChain(opened.db, opened.head, 1, "with-inputs"));
  opened.db.close();
  if (ok) throw new PortError({ kind: "invalid", message: `the ledger ${file} is whole, there is nothing to repair: start without --ledger-repair` });
}

/** What was taken over. */
interface Salvage {
  /** Position and hash of the end of the chain. */
  readonly seq: number;
  readonly hash: string;
  readonly epoch: number;
  readonly newest: Row | undefined;
}

/** Takes over every kept older record that is whole, and the chain up to its first break. */
function salvage(file: string, to: DatabaseSync): Salvage {
  const write = rowWriter(to);
  const kept: string[] = [];
  let cut: Cut = NO_CUT;
  let end: Salvage = { seq: cut.seq, hash: cut.hash, epoch: 0, newest: undefined };
  let from: DatabaseSync | undefined;
  try {
    from = new DatabaseSync(file);
    cut = newestCut(from);
    end = { ...end, seq: cut.seq, hash: cut.hash };
    for (const found of from.prepare(`SELECT ${COLUMNS}, inputs FROM records ORDER BY seq`).iterate()) {
      const row = found as unknown as Row;
      const isOld = row.seq <= cut.seq;
      const isWhole = isProven(row, isOld ? undefined : end.hash) && (isOld || row.seq === end.seq + 1);
      if (!isWhole && !isOld) break;
      if (!isWhole) continue;
      write(row);
      if (isOld) kept.push(row.hash);
      end = { ...(isOld ? end : { seq: row.seq, hash: row.hash }), epoch: Math.max(end.epoch, row.epoch), newest: row };
    }
  } catch (error) {
    // The file's own structure is broken from here on: what was read before it is proven by its hashes.
    if (!isCorruption(error)) throw error;
  } finally {
    from?.close();
  }
  if (cut.seq > 0) to.prepare("INSERT INTO cuts (seq, hash, kept, kept_digest) VALUES (?, ?, ?, ?)").run(cut.seq, cut.hash, kept.length, digestOf(kept));
  return end;
}

function isProven(row: Row, previous: string | undefined): boolean {
  try {
    return rowDamage(row, previous) === undefined;
  } catch {
    return false;
  }
}

function writePause(db: DatabaseSync, end: Salvage, now: number, aside: string): void {
  const { record, row } = seal(pauseAfter(end, now, aside), end.seq + 1, end.hash);
  rowWriter(db)(row);
  db.prepare("INSERT INTO meta (name, value) VALUES ('head', ?)").run(JSON.stringify({ seq: record.seq, hash: record.hash, epoch: record.epoch }));
}

function pauseAfter({ newest, epoch }: Salvage, now: number, aside: string): RecordDraft {
  const before = newest === undefined ? undefined : recordOf(newest);
  return {
    at: Math.max(now, before?.at ?? 0),
    cluster: before?.cluster ?? "unknown",
    actor: { type: "engine", name: "kintsugi" },
    policyHash: before?.policyHash ?? "",
    version: before?.version ?? "",
    epoch,
    body: { type: "paused", reason: `The ledger was repaired; the damaged one is ${aside}. Budgets, vetoes and silences in it are lost: check, then resume.` },
  };
}

function recordsIn(file: string): number {
  const { db } = openDatabase(file);
  try {
    return Number(db.prepare("SELECT count(*) AS records FROM records").get()?.["records"]);
  } finally {
    db.close();
  }
}
