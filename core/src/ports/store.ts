/** The ledger. Writes are durable when the promise resolves. */
import type { Actor } from "../model/actor.ts";
import type { Record, RecordBody } from "../model/record.ts";

export interface RecordDraft {
  readonly at: number;
  readonly cluster: string;
  readonly actor: Actor;
  readonly policyHash: string;
  readonly version: string;
  readonly epoch: number;
  readonly body: RecordBody;
}

export interface StorePort {
  /** Names this ledger for ever: the Lease carries it. */
  readonly id: string;
  /**
   * Appends in order, all or nothing, chaining hashes. Refuses (PortError `denied`) a draft whose epoch is older than the newest stored.
   * Throws PortError `unavailable` when the disk is full or the file cannot be written: then nothing may be acted on.
   */
  append(drafts: readonly RecordDraft[]): Promise<readonly Record[]>;
  /** Records from `seq` on, in order, at most `limit`. */
  read(options: { readonly fromSeq: number; readonly limit: number }): Promise<readonly Record[]>;
  /** What is needed to rebuild the engine's state: see `engine/rebuild.ts`. */
  restore(): Promise<readonly Record[]>;
}
