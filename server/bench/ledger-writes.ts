/** How many records a second the ledger takes, each durable before the next, and in batches as the engine writes them. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Incident, RecordDraft } from "@kintsugi/core";
import { openSqliteLedger } from "../src/adapters/sqlite/store.ts";

export interface LedgerWrites {
  /** Records in one append. */
  readonly batch: number;
  readonly recordsPerSecond: number;
  /** Time of one append, ms. */
  readonly p50: number;
  readonly p99: number;
}

const CART = { kind: "Deployment", namespace: "shop", name: "cart" } as const;

/** An incident's snapshot of about `bytes` of JSON: an open one is 1 kB, one with the inputs of its decision 20 to 400 kB. */
function draft(number: number, bytes: number): RecordDraft {
  const incident: Incident = {
    ...{ id: `inc-${number}`, cluster: "bench", subject: CART, title: "x".repeat(bytes), severity: "high", openedAt: number, since: number, changedAt: number },
    ...{ findings: [], attempts: [], explains: [], reopened: 0, phase: "open", deadline: number },
  };
  const actor = { type: "engine", name: "kintsugi" } as const;
  return { at: number, cluster: "bench", actor, policyHash: "bench", version: "bench", epoch: 1, body: { type: "incident", incident, from: "-", reason: "" } };
}

/** Appends for `forMs` on the disk under `folder` (default: the system's folder for temporary files, which may be memory: say which). */
export async function ledgerWrites(batch: number, bytes: number, forMs: number, folder = tmpdir()): Promise<LedgerWrites> {
  const place = mkdtempSync(join(folder, "kintsugi-bench-"));
  const ledger = openSqliteLedger({ file: join(place, "ledger.sqlite") });
  const took: number[] = [];
  const began = performance.now();
  while (performance.now() - began < forMs) {
    const from = performance.now();
    await ledger.append(Array.from({ length: batch }, (_, i) => draft(took.length * batch + i, bytes)));
    took.push(performance.now() - from);
  }
  const seconds = (performance.now() - began) / 1_000;
  await ledger.close();
  rmSync(place, { recursive: true, force: true });
  const sorted = took.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.floor(sorted.length * share)] ?? Number.NaN;
  return { batch, recordsPerSecond: Math.round((took.length * batch) / seconds), p50: at(0.5), p99: at(0.99) };
}
