/** Notices that health or nodes have changed: nothing in the ledger says so, so they are read again and compared. */
import { setTimeout as wait } from "node:timers/promises";
import type { Backend } from "./backend.ts";

const READ_EVERY_MS = 10_000;

export interface WatchOptions {
  readonly backend: Backend;
  /** URIs and where to read each. */
  readonly readings: { readonly [uri: string]: (backend: Backend) => Promise<object> };
  readonly onChange: (uri: string) => void;
  readonly signal: AbortSignal;
  readonly everyMs?: number;
}

/** Resolves when the signal is aborted. What cannot be read has not changed. */
export async function watchReadings({ backend, readings, onChange, signal, everyMs = READ_EVERY_MS }: WatchOptions): Promise<void> {
  const known = new Map<string, string>();
  while (!signal.aborted) {
    for (const [uri, reading] of Object.entries(readings)) {
      const now = await reading(backend).then(JSON.stringify, () => undefined);
      const before = known.get(uri);
      if (now === undefined || now === before || signal.aborted) continue;
      known.set(uri, now);
      if (before !== undefined) onChange(uri);
    }
    await wait(everyMs, undefined, { signal }).catch(() => {});
  }
}
