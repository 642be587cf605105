/** Forgetting what is old without breaking the chain or losing what the engine needs. */
import type { DatabaseSync } from "node:sqlite";
import type { Retained } from "../ledger.ts";
import { digestOf, newestCut } from "./chain-check.ts";
import { neededSeqs } from "./needed.ts";

/**
 * Deletes records from before `before` (ms), inside the caller's transaction. The newest record always stays linked; records that
 * `restore` needs stay as kept ones, covered by a digest in the new cut.
 */
export function cutOff(db: DatabaseSync, before: number): Retained {
  const old = newestCut(db);
  const cut = cutPosition(db, before);
  if (cut <= old.seq) return { deleted: 0, keptOlder: old.kept };
  const hash = String(db.prepare("SELECT hash FROM records WHERE seq = ?").get(cut)?.["hash"]);
  db.exec("CREATE TEMP TABLE IF NOT EXISTS needed (seq INTEGER PRIMARY KEY)");
  db.exec("DELETE FROM temp.needed");
  const insert = db.prepare("INSERT INTO temp.needed (seq) VALUES (?)");
  for (const seq of neededSeqs(db)) insert.run(seq);
  const { changes } = db.prepare("DELETE FROM records WHERE seq <= ? AND seq NOT IN (SELECT seq FROM temp.needed)").run(cut);
  const kept = keptHashes(db, cut);
  db.prepare("INSERT INTO cuts (seq, hash, kept, kept_digest) VALUES (?, ?, ?, ?)").run(cut, hash, kept.length, digestOf(kept));
  db.prepare("DELETE FROM cuts WHERE id < (SELECT max(id) FROM cuts)").run();
  return { deleted: Number(changes), keptOlder: kept.length };
}

/** When the newest record was written, ms; 0 where there is none. */
export function newestAt(db: DatabaseSync): number {
  return Number(db.prepare("SELECT at FROM records ORDER BY seq DESC LIMIT 1").get()?.["at"] ?? 0);
}

/** The last record that is older, with nothing but older ones before it. */
function cutPosition(db: DatabaseSync, before: number): number {
  const firstYoung = db.prepare("SELECT min(seq) AS seq FROM records WHERE at >= ?").get(before)?.["seq"];
  const head = Number(db.prepare("SELECT max(seq) AS seq FROM records").get()?.["seq"] ?? 0);
  return (typeof firstYoung === "number" ? firstYoung : head) - 1;
}

/** Hashes of the records up to the cut that are still there, in order. */
function keptHashes(db: DatabaseSync, cut: number): readonly string[] {
  return db
    .prepare("SELECT hash FROM records WHERE seq <= ? ORDER BY seq")
    .all(cut)
    .map((row) => String(row["hash"]));
}
