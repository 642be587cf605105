/** A ledger in memory: for tests and simulations. Survives a crash of the engine, as a disk would; can be told to be full. */
import type { Record } from "../model/record.ts";
import { PortError } from "../model/step.ts";
import type { RecordDraft, StorePort } from "../ports/store.ts";

export class MemoryStore implements StorePort {
  readonly id: string;
  readonly records: Record[] = [];
  /** While true every append is refused as a full disk refuses it. */
  full = false;

  constructor(id = "memory") {
    this.id = id;
  }

  async append(drafts: readonly RecordDraft[]): Promise<readonly Record[]> {
    if (this.full) throw new PortError({ kind: "unavailable", message: "no space left on device" });
    const newest = this.records.at(-1)?.epoch ?? 0;
    const older = drafts.find((draft) => draft.epoch < newest);
    if (older !== undefined) throw new PortError({ kind: "denied", message: `epoch ${older.epoch} is older than ${newest}` });
    // Positions stand in for hashes: what is tested with this store is the engine, not the chain.
    const added = drafts.map((draft, i): Record => {
      const seq = this.records.length + 1 + i;
      return { ...draft, seq, previous: `${seq - 1}`, hash: `${seq}` };
    });
    this.records.push(...added);
    return added;
  }

  async read(options: { readonly fromSeq: number; readonly limit: number }): Promise<readonly Record[]> {
    return this.records.slice(options.fromSeq - 1, options.fromSeq - 1 + options.limit);
  }

  async restore(): Promise<readonly Record[]> {
    return [...this.records];
  }
}
