/** What the server asks of a ledger beyond the engine's own port: looking things up, proving the chain, forgetting what is old. */
import type { Record, RecordBody, StorePort } from "@kintsugi/core";

export interface LedgerHead {
  /** 0 for an empty ledger. */
  readonly seq: number;
  readonly hash: string;
  /** Newest leader epoch that was stored: a later draft must carry this or a higher one. */
  readonly epoch: number;
}

export interface LedgerQuery {
  /** Records about this incident, its snapshots and its acts; or about the ticket with this id. */
  readonly incident?: string;
  readonly types?: readonly RecordBody["type"][];
  /** Not before, ms. */
  readonly since?: number;
  /** Before, ms. */
  readonly until?: number;
  readonly afterSeq?: number;
  readonly beforeSeq?: number;
  /** With what decisions were made from, up to 400 kB a record: ask for few at once. Default: without. */
  readonly inputs?: boolean;
  readonly order: "oldest-first" | "newest-first";
  readonly limit: number;
}

/** The answer to "is this ledger as it was written?". */
export type ChainCheck =
  | {
      readonly ok: true;
      /** Records whose hash and link were checked. */
      readonly records: number;
      /** Older records that retention kept because they are still needed: each checked alone, and as a set by a digest. */
      readonly kept: number;
      readonly head: LedgerHead;
    }
  | { readonly ok: false; readonly seq: number; readonly reason: string };

export interface Retained {
  readonly deleted: number;
  readonly keptOlder: number;
}

/** A StorePort that people can look into. One contract test covers every implementation: `testing/ledger-contract.ts`. */
export interface Ledger extends StorePort {
  head(): LedgerHead;
  /** Lets others run first, so that whoever goes through many pages does not hold up the engine. */
  find(query: LedgerQuery): Promise<readonly Record[]>;
  /** Goes through the whole chain, and what decisions were made from, in slices, so that the process stays responsive. */
  verify(): Promise<ChainCheck>;
  /**
   * Deletes records that are older than `keepMs`, except those that `restore` needs. Age is counted up to `now` (wall clock, ms) or the newest
   * record, whichever is earlier: a clock that is ahead deletes nothing that the ledger does not know to be old. The chain stays verifiable: the
   * hash at the cut is kept. Done in slices, each whole by itself; a call while one is under way shares it. Throws PortError.
   */
  retain(options: { readonly now: number; readonly keepMs: number }): Promise<Retained>;
  /** Proves that a write would be durable now. Throws PortError `unavailable`. */
  check(): Promise<void>;
  close(): Promise<void>;
}

/** The ledger on disk is not as it was written. Starting on it could repeat acts or forget a veto, so nothing starts. */
export class LedgerDamagedError extends Error {
  readonly seq: number;
  constructor(where: string, seq: number, reason: string) {
    super(
      `the ledger ${where} is damaged at record ${seq}: ${reason}. ` +
        "Nothing was started. Restore the file from a backup, or start once with --ledger-repair: records before it are kept, " +
        "the damaged file is moved aside, and the engine starts paused, because budgets and vetoes of the lost records are not known.",
    );
    this.name = "LedgerDamagedError";
    this.seq = seq;
  }
}

/** Another process has the ledger open. */
export class LedgerLockedError extends Error {
  constructor(where: string, holder: string) {
    super(
      `the ledger ${where} is in use by ${holder}. A ledger has one writer: stop that process, give this one another file with --store, ` +
        "or ask the running one through its API (kintsugi incidents).",
    );
    this.name = "LedgerLockedError";
  }
}

/** The ledger was written by a newer version of the program. */
export class LedgerTooNewError extends Error {
  constructor(where: string, found: number, known: number) {
    super(`the ledger ${where} has schema ${found}, this program knows schemas up to ${known}. Start the version that wrote it, or a newer one.`);
    this.name = "LedgerTooNewError";
  }
}
