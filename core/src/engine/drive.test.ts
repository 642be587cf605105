import { expect, test } from "vitest";
import type { ClusterObject } from "../model/kube.ts";
import { PAUSE } from "../model/pause.ts";
import { KINDS, OPTIONAL_KINDS, refKey } from "../model/ref.ts";
import { type Permission, PortError, type Step } from "../model/step.ts";
import type { ClockPort } from "../ports/clock.ts";
import type { ClusterPort, Held, LeasePort, Observation } from "../ports/cluster.ts";
import { ACT, SURE } from "../testing/engine-bench.ts";
import { MemoryStore } from "../testing/memory-store.ts";
import { cordonedNode, node } from "../testing/more-objects.ts";
import { EPOCH } from "../testing/objects.ts";
import { Driver } from "./drive.ts";

/** A clock that the story moves; its wall can step apart from it. */
class Clock implements ClockPort {
  at = 0;
  skew = 0;
  /** Time that passed while the machine was suspended: only the wall knows. */
  suspended = 0;
  readonly #wakes = new Set<{ end: number; call: () => void }>();
  now = () => EPOCH + this.at + this.suspended + this.skew;
  elapsed = () => this.at;
  wakeAt(at: number, call: () => void): () => void {
    const wake = { end: this.at + Math.max(0, at - this.now()), call };
    this.#wakes.add(wake);
    return () => this.#wakes.delete(wake);
  }
  /** Moves on, second by second, and lets the driver answer each wake. */
  async pass(seconds: number, settled: () => Promise<void>): Promise<void> {
    for (let i = 0; i < seconds; i += 1) {
      this.at += 1_000;
      for (const wake of [...this.#wakes]) {
        if (wake.end > this.at) continue;
        this.#wakes.delete(wake);
        wake.call();
      }
      await settled();
    }
  }
}

/** A cluster that holds one forgotten cordon, and does what it is told unless the story says otherwise. */
class Cluster implements ClusterPort {
  readonly objects = new Map<string, ClusterObject>();
  readonly log: string[] = [];
  deliver: (observations: readonly Observation[]) => void = () => {};
  /** What becomes of the next steps: `lost` answers nothing and does nothing, `landed` does it and answers nothing. */
  fate: ("ok" | "lost" | "landed")[] = [];
  reads: "ok" | "broken" = "ok";
  /** Verbs that the account may not use. */
  denies: readonly Permission["verb"][] = [];

  constructor() {
    for (const object of [cordonedNode("worker-1", -7_200), node("worker-2"), node("worker-3")])
      this.objects.set(refKey({ ...object.metadata, kind: object.kind }), object);
  }
  watch(deliver: (observations: readonly Observation[]) => void): () => void {
    this.deliver = deliver;
    deliver(KINDS.map((kind) => ({ type: "health", kind, health: OPTIONAL_KINDS.includes(kind) ? "not-served" : "live", reason: "" })));
    deliver([...this.objects.values()].map((object) => ({ type: "object", object })));
    return () => {};
  }
  serverTime = (): number | undefined => undefined;
  /** Told of every answer to a read. */
  onAnswer = (): void => {};
  async read(ref: Parameters<ClusterPort["read"]>[0]): Promise<ClusterObject | undefined> {
    this.log.push(`read ${ref.kind}`);
    if (this.reads === "broken") throw new PortError({ kind: "unavailable", message: "connection refused" });
    this.onAnswer();
    if (this.denies.includes("get")) throw new PortError({ kind: "denied", message: `cannot get ${ref.kind}` });
    return this.objects.get(refKey(ref));
  }
  /** Called once a step is out, before anything becomes of it. */
  onApply = async (): Promise<void> => {};
  async apply(step: Step, { dryRun }: { readonly dryRun: boolean }): Promise<ClusterObject | undefined> {
    if (dryRun) return undefined;
    this.log.push("apply");
    await this.onApply();
    const fate = this.fate.shift() ?? "ok";
    if (fate !== "lost") this.#uncordon(step);
    if (fate !== "ok") throw new PortError({ kind: "uncertain", message: "no answer" });
    return this.objects.get("Node//worker-1");
  }
  #uncordon(step: Step): void {
    if (step.verb !== "patch") throw new Error(`unexpected ${step.verb}`);
    const before = this.objects.get("Node//worker-1");
    if (before?.kind !== "Node") return;
    const after: ClusterObject = { ...before, metadata: { ...before.metadata, resourceVersion: "9" }, spec: { unschedulable: false, taints: [] } };
    this.objects.set("Node//worker-1", after);
    this.deliver([{ type: "object", object: after }]);
  }
  review = async ({ verb }: Permission) => (this.denies.includes(verb) ? "denied" : "allowed");
  announce = async () => {};
  logs = async () => "";
  get applied(): number {
    return this.log.filter((line) => line === "apply").length;
  }
}

class Lease implements LeasePort {
  held: Held | "broken" = { type: "held", epoch: 1, forMs: 15_000, actFrom: 0 };
  readonly log: string[] = [];
  /** Called before a question is answered. */
  onHold = async (): Promise<void> => {};
  hold = async (): Promise<Held> => {
    await this.onHold();
    if (this.held === "broken") throw new PortError({ kind: "unavailable", message: "connection refused" });
    this.log.push("held");
    return this.held;
  };
  release = async () => {
    this.log.push("released");
  };
}

const NAMED = { ...ACT, spec: { ...ACT.spec, rules: [...ACT.spec.rules, { name: "cordons", match: { modes: ["forgotten-cordon"] }, mode: "act" as const }] } };

function story() {
  const parts = { clock: new Clock(), cluster: new Cluster(), lease: new Lease(), store: new MemoryStore(), troubles: [] as string[], steps: [] as string[] };
  const drive = () =>
    new Driver({
      cluster: "test",
      version: "1",
      policy: NAMED,
      confidence: SURE,
      onStep: (input) => parts.steps.push(input),
      ports: { cluster: parts.cluster, clock: parts.clock, store: parts.store, lease: parts.lease },
      onTrouble: (trouble) => parts.troubles.push(trouble),
    });
  return { ...parts, drive, pass: (seconds: number, driver: Driver) => parts.clock.pass(seconds, () => driver.settled()) };
}

test("it heals: the record of the step is stored before the step is sent", async () => {
  const { cluster, store, drive, pass } = story();
  const driver = drive();
  driver.onRecord((record) => cluster.log.push(`record ${record.body.type}`));
  await driver.start();
  await pass(120, driver);
  expect(cluster.applied).toBe(1);
  expect(cluster.log.indexOf("record act")).toBeGreaterThan(-1);
  expect(cluster.log.indexOf("record act")).toBeLessThan(cluster.log.indexOf("apply"));
  expect([...driver.state.incidents.values()].map((incident) => incident.phase)).toEqual(["resolved"]);
  expect(store.records.at(-1)?.epoch).toBe(1);
});

test("while the disk is full nothing is sent; when there is room again it goes on", async () => {
  const { cluster, store, drive, clock, troubles } = story();
  const driver = drive();
  await driver.start();
  store.full = true;
  const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
  await clock.pass(60, turn);
  expect(cluster.applied).toBe(0);
  expect(driver.storeTrouble).toContain("no space left");
  expect(troubles.join()).toContain("nothing is done");
  store.full = false;
  await clock.pass(120, turn);
  expect(cluster.applied).toBe(1);
  expect(driver.storeTrouble).toBeUndefined();
});

test("while the disk is full the same nodes change a thousand times: of each only what is newest waits", async () => {
  const { cluster, store, drive, clock, steps } = story();
  const driver = drive();
  await driver.start();
  await driver.settled();
  store.full = true;
  void driver.command({ type: "pause", why: "lunch" }, "ada");
  const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
  await turn();
  steps.length = 0;
  for (let version = 1; version <= 6_000; version += 1) {
    const name = version % 2 === 0 ? "worker-2" : "worker-3";
    cluster.deliver([{ type: "object", object: node(name, { metadata: { resourceVersion: `${version}` } }) }]);
  }
  store.full = false;
  await clock.pass(3, turn);
  await driver.settled();
  expect(steps.filter((step) => step === "observed")).toHaveLength(1);
  const versions = ["worker-2", "worker-3"].map((name) => driver.state.view.get("Node", "", name)?.metadata.resourceVersion);
  expect(versions).toEqual(["6000", "5999"]);
});

test.each([
  ["another engine holds the Lease", (parts: ReturnType<typeof story>) => Object.assign(parts.lease, { held: { type: "other", holder: "b" } })],
  ["the Lease cannot be asked for", (parts: ReturnType<typeof story>) => Object.assign(parts.lease, { held: "broken" })],
  [
    "the Lease would run out under the request",
    (parts: ReturnType<typeof story>) => Object.assign(parts.lease, { held: { type: "held", epoch: 1, forMs: 4_000, actFrom: 0 } }),
  ],
])("nothing is sent while %s", async (_, prepare) => {
  const parts = story();
  prepare(parts);
  const driver = parts.drive();
  await driver.start();
  await parts.pass(300, driver);
  expect(parts.cluster.applied).toBe(0);
});

test("nothing is sent after a suspend before the Lease is held anew, though the monotonic clock stood still", async () => {
  const { clock, cluster, lease, drive, pass } = story();
  const driver = drive();
  driver.onRecord(({ body }) => {
    if (body.type !== "act" || clock.suspended > 0) return;
    // Resumed a minute later, right before the step is sent: by now another engine may be at work.
    clock.suspended = 60_000;
    lease.held = { type: "other", holder: "b" };
  });
  await driver.start();
  await pass(120, driver);
  expect(clock.suspended).toBe(60_000);
  expect(cluster.applied).toBe(0);
});

test("a stop gives the Lease back only when the step that is out has been answered", async () => {
  const { clock, cluster, lease, drive } = story();
  const driver = drive();
  let answer = (): void => {};
  cluster.onApply = () =>
    new Promise((resolve) => {
      answer = resolve;
    });
  const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
  await driver.start();
  while (cluster.applied === 0) await clock.pass(1, turn);
  const stopped = driver.stop();
  await turn();
  expect(lease.log).not.toContain("released");
  answer();
  await stopped;
  expect(lease.log.at(-1)).toBe("released");
});

test("a stop does not wait for ever, and lets the Lease run out where a step may still land", async () => {
  const { clock, cluster, lease, drive } = story();
  const driver = drive();
  cluster.onApply = () => new Promise(() => {});
  const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
  await driver.start();
  while (cluster.applied === 0) await clock.pass(1, turn);
  const stopped = driver.stop();
  await clock.pass(6, turn);
  await stopped;
  expect(lease.log).not.toContain("released");
});

test("a renewal that is under way when the engine stops does not take back the Lease that was given up", async () => {
  const { clock, lease, drive, pass } = story();
  const driver = drive();
  await driver.start();
  let answer = (): void => {};
  lease.onHold = () =>
    new Promise((resolve) => {
      answer = resolve;
    });
  const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
  await clock.pass(4, turn);
  const stopped = driver.stop();
  await turn();
  answer();
  await stopped;
  expect(lease.log.slice(-2)).toEqual(["held", "released"]);
  await pass(30, driver);
  expect(lease.log.at(-1)).toBe("released");
});

test("stopped before it has begun: the cluster is not watched any more", async () => {
  const { cluster, lease, drive } = story();
  const driver = drive();
  lease.onHold = async () => void driver.stop();
  let watches = 0;
  cluster.watch = () => {
    watches += 1;
    return () => {};
  };
  await driver.start();
  expect(watches).toBe(0);
});

test("settled only when the Lease has been asked for: whoever moves time on by that does not outrun a renewal", async () => {
  const { clock, lease, drive, pass } = story();
  const driver = drive();
  const at: number[] = [];
  lease.onHold = async () => {
    at.push(clock.at);
    // An adapter in several layers takes a few turns of the event loop.
    for (let layer = 0; layer < 20; layer += 1) await undefined;
  };
  await driver.start();
  await pass(120, driver);
  expect(at.length).toBe(41);
  expect(at.every((moment, i) => i === 0 || moment - (at[i - 1] ?? 0) === 3_000)).toBe(true);
});

test("nothing is sent while the pause ConfigMap is there, or when it cannot be told", async () => {
  const { cluster, drive, pass } = story();
  const pause = {
    ...node("x"),
    kind: "ConfigMap",
    keys: [],
    metadata: { ...node("x").metadata, namespace: PAUSE.namespace, name: PAUSE.name },
  } as unknown as ClusterObject;
  cluster.objects.set(refKey(PAUSE), pause);
  const driver = drive();
  await driver.start();
  await pass(120, driver);
  cluster.objects.delete(refKey(PAUSE));
  cluster.reads = "broken";
  await pass(120, driver);
  expect(cluster.applied).toBe(0);
});

test("facts that cannot be had are not asked for in a hot loop", async () => {
  const { cluster, drive, pass } = story();
  cluster.reads = "broken";
  const driver = drive();
  await driver.start();
  await pass(100, driver);
  expect(cluster.log.length).toBeGreaterThan(2);
  expect(cluster.log.length).toBeLessThan(40);
});

test.each(["get", "patch"] as const)("an account that may not %s is told by the permissions gate, in a handful of records an hour", async (verb) => {
  const { cluster, store, drive, pass } = story();
  cluster.denies = [verb];
  const driver = drive();
  await driver.start();
  cluster.log.length = 0;
  await pass(60, driver);
  const before = store.records.length;
  await pass(3_600, driver);
  const [incident] = driver.state.incidents.values();
  expect(incident?.phase === "held" && incident.why).toContain(`permissions: not permitted: ${verb} nodes`);
  expect(store.records.length - before).toBeLessThanOrEqual(2);
  // What may not be had is not asked for: neither past the caches nor as a dry run.
  expect(cluster.log).toEqual([]);
});

test.each(["lost", "landed"] as const)(
  "killed while its step is %s without an answer: whoever starts next looks first, and the step lands once",
  async (fate) => {
    const { cluster, drive, pass } = story();
    cluster.fate = [fate];
    const first = drive();
    first.onRecord((record) => {
      if (record.body.type === "act") first.crash();
    });
    await first.start();
    await pass(60, first);
    // The record is stored and the process is gone: the step was never sent.
    expect(cluster.applied).toBe(0);
    const second = drive();
    await second.start();
    await pass(300, second);
    expect(cluster.applied).toBe(fate === "lost" ? 2 : 1);
    expect(cluster.objects.get("Node//worker-1")).toMatchObject({ spec: { unschedulable: false } });
  },
);

test("an engine whose epoch is older than the ledger's stops for good", async () => {
  const { cluster, store, drive, pass, troubles } = story();
  const driver = drive();
  await driver.start();
  const newest = store.records.at(-1);
  if (newest === undefined) throw new Error("nothing was recorded at the start");
  store.records.push({ ...newest, seq: newest.seq + 1, epoch: 7 });
  await pass(60, driver);
  expect(cluster.applied).toBe(0);
  expect(troubles.join()).toContain("older");
});

test.each([3_600_000, -3_600_000])("the clock stepping by %s ms neither hurries nor loses anything", async (byMs) => {
  const { cluster, clock, drive, pass, troubles } = story();
  const driver = drive();
  await driver.start();
  clock.skew = byMs;
  await pass(180, driver);
  expect(troubles.join()).toContain("stepped");
  expect(cluster.applied).toBe(1);
  expect([...driver.state.incidents.values()].map((incident) => incident.phase)).toEqual(["resolved"]);
});

test.each([
  ["answers at the start", "ok"],
  ["answers only later", "broken"],
] as const)("a host whose clock is an hour off neither ages nor renews what the ledger holds, when the API server %s", async (_, reads) => {
  const { cluster, clock, store, drive, pass } = story();
  const first = drive();
  await first.start();
  await pass(120, first);
  await first.stop();
  const act = store.records.find((record) => record.body.type === "act");
  // The server's time is known with its first answer, as the header of that says.
  clock.skew = 3_600_000;
  cluster.reads = reads;
  cluster.onAnswer = () => {
    cluster.serverTime = () => EPOCH + clock.at;
  };
  const second = drive();
  await second.start();
  await pass(10, second);
  if (reads === "broken") {
    cluster.onAnswer();
    await pass(10, second);
    void second.setPolicy(NAMED, { type: "person", name: "ada", proven: true });
    await second.settled();
  }
  expect(second.now()).toBe(EPOCH + clock.at);
  expect(second.state.now).toBeLessThanOrEqual(EPOCH + clock.at);
  expect(second.state.acts.map(({ at }) => at)).toEqual([act?.at]);
});

test("a command is answered once what it changes is stored", async () => {
  const { store, drive } = story();
  const driver = drive();
  await driver.start();
  expect(await driver.command({ type: "pause", why: "lunch" }, "ada")).toMatchObject({ ok: true });
  expect(store.records.at(-1)?.body).toMatchObject({ type: "paused", reason: "ada: lunch" });
});
