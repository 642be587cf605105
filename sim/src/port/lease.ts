/** The Lease `kintsugi/kintsugi`: one holder, an epoch that grows with every change of holder, and the store that the holder writes to. */
import type { Held, LeasePort } from "@kintsugi/core";
import type { Timeline } from "../timeline.ts";

/** What the API server keeps; times by its own clock, ms. */
export interface LeaseRecord {
  holder: string;
  storeId: string;
  epoch: number;
  renewedAt: number;
  /** Not before this may the present holder act: another store held the Lease until recently. */
  actFrom: number;
}

export interface LeaseTimes {
  readonly durationMs: number;
  /** The longest budget window: for how long another store's acts still count. */
  readonly otherStoreMs: number;
}

export const LEASE_TIMES: LeaseTimes = { durationMs: 15_000, otherStoreMs: 3_600_000 };

/** `now` is the holder's own wall clock, by which it is told when it may act. */
export function createLease(timeline: Timeline, record: LeaseRecord, holder: string, now: () => number, times: LeaseTimes = LEASE_TIMES): LeasePort {
  const hold = async (storeId: string): Promise<Held> => {
    const at = timeline.now();
    const isFree = record.holder === "" || at - record.renewedAt >= times.durationMs;
    if (record.holder !== holder && !isFree) return { type: "other", holder: record.holder };
    if (record.holder !== holder || isFree) {
      if (record.storeId !== "" && record.storeId !== storeId) record.actFrom = at + times.otherStoreMs;
      record.epoch += 1;
    }
    record.holder = holder;
    record.storeId = storeId;
    record.renewedAt = at;
    return { type: "held", epoch: record.epoch, forMs: times.durationMs, actFrom: now() + Math.max(0, record.actFrom - at) };
  };
  const release = async (): Promise<void> => {
    if (record.holder === holder) record.holder = "";
  };
  return { hold, release };
}
