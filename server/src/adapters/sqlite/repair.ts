/** Salvages what can be proven of a damaged ledger. Nothing is deleted: the damaged file is moved aside whole. */
import { existsSync, renameSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import type { RecordDraft } from "@kintsugi/core";
import { type Row, recordOf, rowDamage } from "./chain.ts";
import { type Cut, digestOf, NO_CUT, newestCut } from "./chain-check.ts";
import { asPortError, isCorruption } from "./failures.ts";
import { lockLedger } from "./lock.ts";
import { placeOf } from "./place.ts";
import { openSqliteLedger } from "./store.ts";

export interface Repaired {
  /** Records that were proven and taken over. */
  readonly kept: number;
  /** Where the damaged file lies now. */
  readonly aside: string;
}

/**
 * Moves `file` to `file.damaged-N` and starts a new ledger with every record before the damage. The new ledger has an id of its own, so that
 * a Lease which names the old one makes the engine observe until the longest budget window has passed, and it ends with a pause that a person
 * lifts after a look: the lost records may have held a veto. Throws LedgerLockedError, PortError `unavailable`.
 */
export async function repairLedger(given: string, now: number): Promise<Repaired> {
  const file = placeOf(given, false);
  const lock = lockLedger(file);
  const aside = freeName(file);
  try {
    // The log holds records that have not reached the main file: it moves with it.
    for (const suffix of ["", "-wal", "-shm"]) if (existsSync(file + suffix)) renameSync(file + suffix, aside + suffix);
  } catch (error) {
    throw asPortError(error, `the damaged ledger ${file} cannot be moved aside`);
  } finally {
    lock.release();
  }
  const salvage = salvageRows(aside);
  const fresh = openSqliteLedger({ file });
  await fresh.close();
  writeSalvage(file, salvage);
  const ledger = openSqliteLedger({ file });
  await ledger.append([pauseAfter(salvage.chain.at(-1) ?? salvage.kept.at(-1), now, aside)]);
  await ledger.close();
  return { kept: salvage.kept.length + salvage.chain.length, aside };
}

interface Salvage {
  readonly cut: Cut;
  readonly kept: readonly Row[];
  readonly chain: readonly Row[];
}

function freeName(file: string): string {
  for (let n = 1; ; n++) if (!existsSync(`${file}.damaged-${n}`)) return `${file}.damaged-${n}`;
}

/** Every kept older record that is whole, and the chain up to its first break. */
function salvageRows(path: string): Salvage {
  const kept: Row[] = [];
  const chain: Row[] = [];
  let cut = NO_CUT;
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(path);
    cut = newestCut(db);
    let previous = cut.hash;
    for (const found of db.prepare("SELECT seq, at, epoch, type, key, sub, text, hash FROM records ORDER BY seq").iterate()) {
      const row = found as unknown as Row;
      if (row.seq <= cut.seq) {
        if (isWhole(row, undefined)) kept.push(row);
        continue;
      }
      if (row.seq !== cut.seq + chain.length + 1 || !isWhole(row, previous)) break;
      chain.push(row);
      previous = row.hash;
    }
  } catch (error) {
    // The file's own structure is broken from here on: what was read before it is proven by its hashes.
    if (!isCorruption(error)) throw asPortError(error, `the damaged ledger ${path} cannot be read`);
  } finally {
    db?.close();
  }
  return { cut, kept, chain };
}

function isWhole(row: Row, previous: string | undefined): boolean {
  try {
    return rowDamage(row, previous) === undefined;
  } catch {
    return false;
  }
}

function writeSalvage(file: string, { cut, kept, chain }: Salvage): void {
  const db = new DatabaseSync(file);
  try {
    db.exec("BEGIN IMMEDIATE");
    const insert = db.prepare("INSERT INTO records (seq, at, epoch, type, key, sub, text, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
    for (const row of [...kept, ...chain]) insert.run(row.seq, row.at, row.epoch, row.type, row.key, row.sub, row.text, row.hash);
    if (cut.seq > 0) {
      const digest = digestOf(kept.map((row) => row.hash));
      db.prepare("INSERT INTO cuts (seq, hash, kept, kept_digest) VALUES (?, ?, ?, ?)").run(cut.seq, cut.hash, kept.length, digest);
    }
    const last = chain.at(-1);
    const epoch = Math.max(0, ...[...kept, ...chain].map((row) => row.epoch));
    const head = { seq: last?.seq ?? cut.seq, hash: last?.hash ?? cut.hash, epoch };
    if (head.seq > 0) db.prepare("INSERT INTO meta (name, value) VALUES ('head', ?)").run(JSON.stringify(head));
    db.exec("COMMIT");
  } finally {
    db.close();
  }
}

function pauseAfter(last: Row | undefined, now: number, aside: string): RecordDraft {
  const before = last === undefined ? undefined : recordOf(last);
  return {
    at: Math.max(now, before?.at ?? 0),
    cluster: before?.cluster ?? "unknown",
    actor: { type: "engine", name: "kintsugi" },
    policyHash: before?.policyHash ?? "",
    version: before?.version ?? "",
    epoch: before?.epoch ?? 0,
    body: { type: "paused", reason: `The ledger was repaired; the damaged one is ${aside}. Budgets, vetoes and silences in it are lost: check, then resume.` },
  };
}
