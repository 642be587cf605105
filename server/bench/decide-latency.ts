/**
 * From a change to the decision about it: a node is cordoned on a large, busy cluster, and the record that proposes what to do, holds it or acts
 * is in the ledger. In between lie the watch, the adapter, the queue, every stage, the questions to the API server and the disk.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Driver, KINDS, PolicySpec } from "@kintsugi/core";
import { createKubernetes } from "../src/adapters/kubernetes/index.ts";
import { kubeconfigFor } from "../src/adapters/kubernetes/testing/kubeconfig-file.ts";
import { openSqliteLedger } from "../src/adapters/sqlite/store.ts";
import { systemClock } from "../src/adapters/system-clock.ts";

export interface LatencyLoad {
  readonly nodes: number;
  readonly pods: number;
  /** Of pods that are well, beside what is measured. */
  readonly changesPerSecond: number;
  readonly cordonsPerSecond: number;
  /** A person lifts each cordon after so long, so that proposals do not pile up; 0: they do. */
  readonly liftedAfterMs: number;
  /** Decisions to wait for; a node makes one. */
  readonly decisions: number;
}

export interface Latency {
  readonly decisions: number;
  /** Phase -> how many decisions led there. */
  readonly phases: { readonly [phase: string]: number };
  /** ms, by the clock that the sender and this process share */
  readonly p50: number;
  readonly p99: number;
  readonly worst: number;
}

const DECIDED: readonly string[] = ["held", "awaiting", "acting"];
/** Many nodes at once are what is measured here, and no storm. */
const POLICY = { name: "bench", hash: "bench", spec: PolicySpec.parse({ storm: { owners: 100_000 }, windows: { stable: "1s" } }) };
/** A decision that takes this long never comes. */
const WITHIN_MS = 120_000;

/** Rejects when the decisions do not come. */
export async function decideLatency(load: LatencyLoad): Promise<Latency> {
  const folder = mkdtempSync(join(tmpdir(), "kintsugi-bench-"));
  const args = [load.nodes, load.pods, load.changesPerSecond, load.cordonsPerSecond, load.liftedAfterMs].map(String);
  const child = spawn(process.execPath, ["--no-warnings", join(import.meta.dirname, "generated-api-server.ts"), ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    const port = await new Promise<string>((resolve) => child.stdout.once("data", (data: Buffer) => resolve(data.toString("utf8").trim())));
    return await measured(folder, `http://127.0.0.1:${port}`, load.decisions);
  } finally {
    child.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measured(folder: string, url: string, decisions: number): Promise<Latency> {
  writeFileSync(join(folder, "config"), kubeconfigFor(url));
  const kubernetes = createKubernetes({
    source: { type: "kubeconfig", paths: [join(folder, "config")] },
    identity: "bench",
    random: Math.random,
    now: Date.now,
    monotonic: () => performance.now(),
  });
  const ledger = openSqliteLedger({ file: join(folder, "ledger.sqlite") });
  const ports = { cluster: kubernetes.cluster, clock: systemClock, store: ledger, lease: kubernetes.lease({ budgetWindowMs: 0 }) };
  const driver = new Driver({ cluster: "bench", version: "bench", policy: POLICY, ports });
  try {
    await driver.start();
    while (KINDS.some((kind) => driver.state.view.health(kind) !== "live")) await sleep(50);
    await fetch(`${url}/cordons`, { method: "POST" });
    return await firstDecisions(driver, decisions);
  } finally {
    await driver.stop();
    await kubernetes.close();
    await ledger.close();
  }
}

async function firstDecisions(driver: Driver, decisions: number): Promise<Latency> {
  const decided = new Set<string>();
  const took: number[] = [];
  const phases: { [phase: string]: number } = {};
  const all = Promise.withResolvers<void>();
  driver.onRecord(({ body }) => {
    if (body.type !== "incident" || !DECIDED.includes(body.incident.phase) || decided.has(body.incident.id)) return;
    const { id, phase, subject } = body.incident;
    const sentAt = subject.kind === "Node" ? driver.state.view.get("Node", "", subject.name)?.metadata.annotations["sentAt"] : undefined;
    if (sentAt === undefined) return;
    decided.add(id);
    took.push(Date.now() - Number(sentAt));
    phases[phase] = (phases[phase] ?? 0) + 1;
    if (took.length === decisions) all.resolve();
  });
  const late = setTimeout(() => all.reject(new Error(`${took.length} of ${decisions} decisions came within ${WITHIN_MS / 1_000} s`)), WITHIN_MS);
  await all.promise.finally(() => clearTimeout(late));
  took.sort((a, b) => a - b);
  const at = (share: number) => took[Math.min(took.length - 1, Math.floor(took.length * share))] ?? Number.NaN;
  return { decisions: took.length, phases, p50: at(0.5), p99: at(0.99), worst: at(1) };
}
