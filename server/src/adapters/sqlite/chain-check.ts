/** Walks the stored chain and says where it breaks. */
import type { DatabaseSync } from "node:sqlite";
import type { ChainCheck, LedgerHead } from "../ledger.ts";
import { COLUMNS, GENESIS, type Row, rowDamage, sha256 } from "./chain.ts";
import { isCorruption } from "./failures.ts";

export interface Cut {
  /** Last position that retention has gone over; 0 when it never has. */
  readonly seq: number;
  /** Hash of the record at that position. */
  readonly hash: string;
  readonly kept: number;
  readonly keptDigest: string;
}

export const NO_CUT: Cut = { seq: 0, hash: GENESIS, kept: 0, keptDigest: sha256("") };

/** Rows of schema 1 may hold 400 kB each. */
const SLICE = 100;

export function newestCut(db: DatabaseSync): Cut {
  const row = db.prepare("SELECT seq, hash, kept, kept_digest FROM cuts ORDER BY id DESC LIMIT 1").get();
  if (row === undefined) return NO_CUT;
  return { seq: Number(row["seq"]), hash: String(row["hash"]), kept: Number(row["kept"]), keptDigest: String(row["kept_digest"]) };
}

/** Digest over the hashes of the records that are older than the cut, in order. */
export function digestOf(hashes: readonly string[]): string {
  return sha256(hashes.join(""));
}

type Damage = { readonly seq: number; readonly reason: string };

/** Progress of a walk; `yield`ed after each slice, and after inputs were read, so that the caller may let others run. */
export type Walk = Generator<undefined, ChainCheck, undefined>;

/**
 * Checks the kept older records and then the chain from `fromSeq` (or the cut, whichever is later) to the head.
 * `head` is what the last append claims to have written: a missing end is damage too. What decisions were made from is proven where `inputs` says so.
 */
export function* walkChain(db: DatabaseSync, head: LedgerHead, fromSeq: number, inputs: "with-inputs" | "without-inputs"): Walk {
  let at = 0;
  try {
    const damageOf = inputs === "with-inputs" ? damageWithInputs(db) : damageWithout;
    const cut = newestCut(db);
    const old = yield* checkKept(db, cut, damageOf);
    if (old !== undefined) return { ok: false, ...old };
    let records = 0;
    const start = Math.max(cut.seq + 1, fromSeq);
    let previous: string | undefined = start === cut.seq + 1 ? cut.hash : undefined;
    let expected = start;
    for (;;) {
      // What is appended while it walks is not in question.
      const rows = slice(db, expected, SLICE).filter(({ seq }) => seq <= head.seq);
      for (const row of rows) {
        at = expected;
        if (row.seq !== expected) return missing(expected);
        const damage = yield* damageOf(row, previous);
        if (damage !== undefined) return { ok: false, seq: row.seq, reason: damage };
        previous = row.hash;
        expected++;
        records++;
      }
      if (rows.length < SLICE) break;
      yield undefined;
    }
    if (expected <= head.seq) return missing(expected);
    if (head.seq > 0 && previous !== undefined && previous !== head.hash)
      return { ok: false, seq: head.seq, reason: "it is not the record that was written last" };
    return { ok: true, records, kept: cut.kept, head };
  } catch (error) {
    if (isCorruption(error) || error instanceof SyntaxError) return { ok: false, seq: at + 1, reason: error instanceof Error ? error.message : String(error) };
    throw error;
  }
}

function missing(seq: number): ChainCheck {
  return { ok: false, seq, reason: "it is missing" };
}

type DamageOf = (row: Row, previous: string | undefined) => Generator<undefined, string | undefined, undefined>;

// biome-ignore lint/correctness/useYield: it stands in for the one that reads more, and has no need to pause
function* damageWithout(row: Row, previous: string | undefined): ReturnType<DamageOf> {
  return rowDamage(row, previous);
}

function damageWithInputs(db: DatabaseSync): DamageOf {
  const read = db.prepare("SELECT inputs FROM records WHERE seq = ?");
  return function* (row, previous) {
    const inputs = row.type === "incident" ? ((read.get(row.seq)?.["inputs"] ?? null) as string | null) : null;
    const damage = rowDamage({ ...row, inputs }, previous);
    if (inputs !== null) yield undefined;
    return damage;
  };
}

function* checkKept(db: DatabaseSync, cut: Cut, damageOf: DamageOf): Generator<undefined, Damage | undefined, undefined> {
  const hashes: string[] = [];
  for (let from = 1; ; ) {
    const rows = slice(db, from, SLICE).filter((row) => row.seq <= cut.seq);
    for (const row of rows) {
      const reason = yield* damageOf(row, undefined);
      if (reason !== undefined) return { seq: row.seq, reason };
      hashes.push(row.hash);
      from = row.seq + 1;
    }
    if (rows.length < SLICE) break;
    yield undefined;
  }
  if (hashes.length === cut.kept && digestOf(hashes) === cut.keptDigest) return undefined;
  return { seq: cut.seq, reason: `of the ${cut.kept} older records kept before it some are missing or foreign` };
}

function slice(db: DatabaseSync, from: number, limit: number): Row[] {
  return db.prepare(`SELECT ${COLUMNS} FROM records WHERE seq >= ? ORDER BY seq LIMIT ?`).all(from, limit) as unknown as Row[];
}

/** Runs a walk to its end without a pause. */
export function finish(walk: Walk): ChainCheck {
  for (;;) {
    const step = walk.next();
    if (step.done === true) return step.value;
  }
}
