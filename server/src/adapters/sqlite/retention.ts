/** Forgetting what is old without breaking the chain or losing what the engine needs. */
import { createHash } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import type { Retained } from "../ledger.ts";
import { newestCut } from "./chain-check.ts";
import { neededSeqs } from "./needed.ts";

/** Records that are looked at in one step. */
const SLICE = 250;

/**
 * Deletes records from before `before` (ms), slice by slice: each step is to run in a transaction of its own, and moves the cut a little further.
 * The newest record always stays linked; records that `restore` needs stay as kept ones, covered by a digest in the new cut.
 */
export function* cutOff(db: DatabaseSync, before: number): Generator<undefined, Retained, undefined> {
  const old = newestCut(db);
  const end = cutPosition(db, before);
  if (end <= old.seq) return { deleted: 0, keptOlder: old.kept };
  // What is appended between two steps can only make fewer of the old ones needed.
  const needed = new Set(neededSeqs(db));
  const digest = createHash("sha256");
  const remove = db.prepare("DELETE FROM records WHERE seq = ?");
  let keptOlder = 0;
  let deleted = 0;
  for (let from = 0; from < end; ) {
    const to = Math.min(end, Math.max(from, old.seq) + SLICE);
    let hash = "";
    for (const row of hashesBetween(db, from, to)) {
      hash = row.hash;
      if (needed.has(row.seq)) {
        digest.update(hash);
        keptOlder++;
      } else {
        remove.run(row.seq);
        deleted++;
      }
    }
    db.prepare("INSERT INTO cuts (seq, hash, kept, kept_digest) VALUES (?, ?, ?, ?)").run(to, hash, keptOlder, digest.copy().digest("hex"));
    db.prepare("DELETE FROM cuts WHERE id < (SELECT max(id) FROM cuts)").run();
    from = to;
    if (from < end) yield undefined;
  }
  return { deleted, keptOlder };
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

function hashesBetween(db: DatabaseSync, after: number, upTo: number): readonly { readonly seq: number; readonly hash: string }[] {
  return db
    .prepare("SELECT seq, hash FROM records WHERE seq > ? AND seq <= ? ORDER BY seq")
    .all(after, upTo)
    .map((row) => ({ seq: Number(row["seq"]), hash: String(row["hash"]) }));
}
