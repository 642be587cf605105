/** An engine under test: the real driver, the real adapter with a ServiceAccount's own rights, a ledger on disk. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ConfidenceTable, Driver, type Incident, type Policy, PolicySpec, type Record, type Ref, refKey } from "@kintsugi/core";
import { createKubernetes } from "../../src/adapters/kubernetes/index.ts";
import { openSqliteLedger } from "../../src/adapters/sqlite/store.ts";
import { systemClock } from "../../src/adapters/system-clock.ts";
import { until } from "./person.ts";

/** Windows short enough for stories. Limits and windows are policy, so nothing in the engine knows that this is a test. */
export const QUICK = {
  windows: {
    notReady: "10s",
    crashWindow: "10m",
    unschedulable: "15s",
    cordon: "15s",
    nodeNotReady: "5s",
    scaledToZero: "5s",
    leftovers: "5s",
    diagnose: "40s",
    stable: "10s",
    verifyHold: "10s",
    verifySettle: "90s",
  },
  limits: { cooldown: "5s", actsPerOwnerPerHour: 100, actsPerNamespacePerHour: 100, actsPerClusterPerHour: 1000, concurrentActs: 100 },
} as const;

/** Nothing but the stories' own namespaces is acted upon: the cluster may be somebody's. What a person may have meant needs a rule that names it. */
export const RULES = [
  { name: "stories", match: { namespaces: ["story-*"] }, mode: "act" },
  { name: "meant by nobody", match: { namespaces: ["story-*"], modes: ["scaled-to-zero"] }, mode: "act" },
] as const;

/** What a policy document of the stories says. */
export function policySpec(spec: { readonly [field: string]: unknown } = {}) {
  return { ...QUICK, rules: RULES, ...spec };
}

export function quickPolicy(spec: { readonly [field: string]: unknown } = {}): Policy {
  const merged = policySpec(spec);
  return { name: "stories", hash: JSON.stringify(merged), spec: PolicySpec.parse(merged) };
}

export interface EngineOptions {
  readonly kubeconfig: string;
  readonly policy?: Policy;
  readonly act?: boolean;
  readonly identity?: string;
  readonly confidence?: ConfidenceTable;
  readonly ledger?: string;
}

export class Engine {
  readonly driver: Driver;
  readonly records: Record[] = [];
  readonly troubles: string[] = [];
  readonly #close: () => Promise<void>;

  constructor(driver: Driver, close: () => Promise<void>) {
    this.driver = driver;
    this.#close = close;
    driver.onRecord((record) => this.records.push(record));
  }

  /** The incident about a subject, alive or the last that ended. */
  incident(subject: Ref): Incident | undefined {
    const { state } = this.driver;
    const id = state.bySubject.get(refKey(subject)) ?? state.lastOf.get(refKey(subject));
    return id === undefined ? undefined : state.incidents.get(id);
  }

  async reaches(subject: Ref, phase: Incident["phase"], timeoutMs?: number): Promise<Incident> {
    const what = () => `${refKey(subject)} is ${phase}; it is ${JSON.stringify(this.incident(subject))?.slice(0, 600)}`;
    return until(
      phase,
      async () => {
        const incident = this.incident(subject);
        return incident?.phase === phase ? incident : undefined;
      },
      timeoutMs,
    ).catch(() => {
      throw new Error(`never came true: ${what()}; troubles: ${this.troubles.slice(-3).join("; ")}`);
    });
  }

  /** Waits until it has seen the object healthy for long enough to know what good looks like. */
  async knows(ref: Ref): Promise<void> {
    const seen = () => this.records.some(({ body }) => body.type === "known-good" && refKey(body.known.ref) === refKey(ref));
    await until(`${refKey(ref)} is known to be good`, async () => seen());
  }

  /** What the ledger says about a namespace, a line for each step, for the message of a story that failed. */
  storyOf(namespace: string): string {
    const lines = this.records.flatMap(({ at, body }) => {
      if (body.type !== "incident" || body.incident.subject.namespace !== namespace) return [];
      const { incident, reason } = body;
      const [best] = incident.diagnosis?.candidates ?? [];
      const clock = new Date(at).toISOString().slice(11, 19);
      return [`${clock} ${incident.id} ${refKey(incident.subject)} ${incident.phase} ${best?.mode ?? ""} [${best?.pattern ?? ""}] ${reason}`];
    });
    return lines.length === 0 ? "no incident" : `\n${lines.join("\n")}`;
  }

  async stop(): Promise<void> {
    await this.driver.stop();
    await this.#close();
  }
}

export async function startEngine(options: EngineOptions): Promise<Engine> {
  const folder = mkdtempSync(join(tmpdir(), "kintsugi-story-"));
  const identity = options.identity ?? "story";
  const kubernetes = createKubernetes({
    source: { type: "kubeconfig", paths: [options.kubeconfig] },
    identity,
    random: Math.random,
    now: Date.now,
    monotonic: () => performance.now(),
    requestTimeoutMs: 4_500,
  });
  const ledger = openSqliteLedger({ file: options.ledger ?? join(folder, "ledger.sqlite") });
  const driver = new Driver({
    cluster: "story",
    version: "test",
    policy: options.policy ?? quickPolicy(),
    ...(options.confidence === undefined ? {} : { confidence: options.confidence }),
    ports: {
      cluster: kubernetes.cluster,
      clock: systemClock,
      store: ledger,
      ...(options.act === false ? {} : { lease: kubernetes.lease({ budgetWindowMs: 0 }) }),
    },
    onTrouble: (trouble) => engine.troubles.push(trouble),
  });
  const engine = new Engine(driver, async () => {
    await kubernetes.close();
    await ledger.close();
    rmSync(folder, { recursive: true, force: true });
  });
  await driver.start();
  return engine;
}
