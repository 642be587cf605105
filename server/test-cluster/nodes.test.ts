/** Stories about nodes and storms: they concern everything in the cluster, so each is told alone, on a cluster of our own. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Ref } from "@kintsugi/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Cluster, open } from "../../cluster/src/index.ts";
import { engineKubeconfig, forgetEngines } from "./harness/accounts.ts";
import { AuditLog, ENGINE_USER, type Write } from "./harness/audit.ts";
import { type Engine, QUICK, quickPolicy, RULES, startEngine } from "./harness/engine.ts";
import { Person, until } from "./harness/person.ts";
import { place } from "./harness/place.ts";
import { Stage } from "./harness/stage.ts";
import { keepTimes, type Times, timesOf, timesTable } from "./harness/times.ts";

const here = place();
const person = new Person({ type: "kubeconfig", paths: [here.kubeconfig] });
const folder = mkdtempSync(join(tmpdir(), "kintsugi-nodes-"));
const times: Times[] = [];
const STORM: Ref = { kind: "Namespace", namespace: "", name: "*" };
let kubeconfig: string;

beforeAll(async () => {
  kubeconfig = await engineKubeconfig(person, here, folder);
});

afterAll(async () => {
  await forgetEngines(person, here);
  await person.close();
  rmSync(folder, { recursive: true, force: true });
  keepTimes(times);
  if (times.length > 0) console.log(`\n${timesTable(times)}`);
});

interface Told {
  readonly cluster: Cluster;
  readonly engine: Engine;
  readonly stage: Stage;
  /** The engine's writes since the story began, anywhere in the cluster. */
  readonly writes: () => readonly Write[];
}

/** An engine of its own for each story; whatever the story does to the nodes is undone. */
async function tell(name: string, policy: { readonly [field: string]: unknown }, story: (told: Told) => Promise<void>): Promise<void> {
  const cluster = open(here.cluster ?? "");
  const audit = new AuditLog(cluster.auditLogPath);
  const writes = () => audit.doneBy(ENGINE_USER);
  const engine = await startEngine({ kubeconfig, policy: quickPolicy(policy) });
  try {
    await Stage.open(name, here, person, (stage) => story({ cluster, engine, stage, writes }));
  } finally {
    await engine.stop();
    for (const node of cluster.realNodes) await cluster.startKubelet(node);
    for (const node of [...cluster.realNodes, ...cluster.virtualNodes]) {
      await person.patch("v1", "Node", "", node, { spec: { unschedulable: null } });
    }
    await until("every node is ready", async () => (await person.list("v1", "Node", "")).every((node) => readyStatus(node) === "True"), 60_000);
  }
}

function readyStatus(node: { readonly [field: string]: unknown }): string {
  const { conditions } = node["status"] as { conditions: readonly { type: string; status: string }[] };
  return conditions.find(({ type }) => type === "Ready")?.status ?? "";
}

const nodeRef = (name: string): Ref => ({ kind: "Node", namespace: "", name });
const isReady = async (name: string): Promise<boolean> => readyStatus((await person.get("v1", "Node", "", name)) ?? {}) === "True";
const isOpen = async (name: string): Promise<boolean> => (await person.get("v1", "Node", "", name))?.["spec"].unschedulable === undefined;

/** KINTSUGI_TEST_CONTEXT names a cluster whose nodes are not ours to stop. */
describe.skipIf(here.cluster === undefined)("on nodes of our own", () => {
  it("a forgotten cordon is lifted, one that says why is not", async () => {
    await tell(
      "forgotten cordon",
      { rules: [...RULES, { name: "cordons", match: { modes: ["forgotten-cordon"] }, mode: "act" }] },
      async ({ cluster, engine, writes }) => {
        const [kept = ""] = cluster.virtualNodes;
        const why = { "shop.test/maintenance": "new disks" };
        await person.patch("v1", "Node", "", kept, { metadata: { annotations: why }, spec: { unschedulable: true } });
        const faultAt = Date.now();
        await person.patch("v1", "Node", "", "node-1", { spec: { unschedulable: true } });
        await until("the node takes pods again", () => isOpen("node-1"));
        const healedAt = Date.now();
        times.push(timesOf({ story: "forgotten cordon", records: engine.records, subject: nodeRef("node-1"), faultAt, healedAt, writes: writes() }));
        await engine.reaches(nodeRef("node-1"), "verifying");
        expect(await isOpen(kept)).toBe(false);
        expect(engine.incident(nodeRef(kept))).toBeUndefined();
        await person.patch("v1", "Node", "", kept, { metadata: { annotations: { "shop.test/maintenance": null } }, spec: { unschedulable: null } });
        expect(writes().map(({ verb, resource, name }) => `${verb} ${resource} ${name}`)).toEqual(["patch nodes node-1"]);
      },
    );
  });

  it("one node that is not ready explains its pods, is escalated, and nothing is touched", async () => {
    const windows = { ...QUICK.windows, diagnose: "15s" };
    await tell("one node not ready", { windows }, async ({ cluster, engine, stage, writes }) => {
      const cart = await stage.deploy("cart", { pod: { nodeSelector: { "kubernetes.io/hostname": "node-1" } } });
      await stage.serve("cart");
      await stage.well(cart);
      const faultAt = Date.now();
      await cluster.stopKubelet("node-1");
      const escalated = await engine.reaches(nodeRef("node-1"), "escalated");
      expect(escalated).toMatchObject({ attempts: [], severity: expect.stringMatching(/high|critical/) });
      const unready = await stage.get(cart);
      expect(unready["status"].unavailableReplicas).toBe(2);
      // The pods are on that node: theirs is no trouble of its own.
      const own = [...engine.driver.state.incidents.values()].filter(({ subject }) => subject.namespace === stage.namespace);
      expect(own.filter((incident) => !(incident.phase === "resolved" && incident.how === "merged"))).toEqual([]);
      expect(engine.driver.state.detection.findingsOf(cart).map(({ cause }) => cause?.name)).toEqual(["node-1"]);
      await cluster.startKubelet("node-1");
      await stage.well(cart);
      const healedAt = Date.now();
      expect(await engine.reaches(nodeRef("node-1"), "resolved")).toMatchObject({ how: "unaided" });
      expect(writes()).toEqual([]);
      times.push(timesOf({ story: "one node not ready", records: engine.records, subject: nodeRef("node-1"), faultAt, healedAt, writes: writes() }));
    });
  });

  it("two nodes at once are a storm: all is frozen, and what is still wrong after the calm is healed", async () => {
    await tell("two nodes not ready", { storm: { calm: "20s" } }, async ({ cluster, engine, stage, writes }) => {
      const cart = await stage.deploy("cart");
      const service = await stage.serve("cart");
      await stage.well(cart);
      await engine.knows(service);
      const faultAt = Date.now();
      await Promise.all(cluster.realNodes.map((node) => cluster.stopKubelet(node)));
      await engine.reaches(STORM, "escalated");
      const brokenAt = Date.now();
      await stage.patch(service, { spec: { selector: { app: "nobody" } } });
      // Twice as long as it takes to heal this in quiet times.
      await sleep(20_000);
      expect(engine.driver.state.storm).toBeDefined();
      expect((await stage.get(service))["spec"].selector).toEqual({ app: "nobody" });
      expect(writes()).toEqual([]);

      for (const node of cluster.realNodes) await cluster.startKubelet(node);
      await until("both nodes are ready", async () => (await Promise.all(cluster.realNodes.map(isReady))).every(Boolean));
      const calmFrom = Date.now();
      times.push(timesOf({ story: "two nodes not ready", records: engine.records, subject: STORM, faultAt, healedAt: calmFrom, writes: writes() }));
      await until("the selector is restored", async () => (await stage.get(service))["spec"].selector.app === "cart");
      const healedAt = Date.now();
      expect(healedAt - calmFrom).toBeGreaterThan(19_000);
      times.push(timesOf({ story: "selector in a storm", records: engine.records, subject: service, faultAt: brokenAt, healedAt, writes: writes() }));
      expect(writes().map(({ verb, resource, name }) => `${verb} ${resource} ${name}`)).toEqual(["patch services cart"]);
    });
  });
});
