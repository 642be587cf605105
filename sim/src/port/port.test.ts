import { type ClusterObject, KINDS, type Observation, PortError } from "@kintsugi/core";
import { beforeEach, describe, expect, test } from "vitest";
import { createCluster, type SimCluster } from "../cluster.ts";
import { ADMIN, addNamespace, addNode, deployment, job } from "../scenario/objects.ts";
import { Person } from "../scenario/people.ts";
import { behaviour, task } from "../world/images.ts";

const CART = { kind: "Deployment", namespace: "shop", name: "cart" } as const;
let cluster: SimCluster;

beforeEach(() => {
  cluster = createCluster({ seed: "port" });
  for (const n of [1, 2]) addNode(cluster.world, { name: `node-${n}` });
  addNamespace(cluster.world, "shop");
  cluster.world.images.publish("shop/cart:v1", behaviour());
  cluster.world.api.create(ADMIN, deployment({ name: "cart", namespace: "shop", image: "shop/cart:v1" }));
  cluster.timeline.advanceTo(cluster.timeline.now() + 60_000);
});

function wait(seconds: number): void {
  cluster.timeline.advanceTo(cluster.timeline.now() + seconds * 1000);
}

/** What somebody who believes every observation knows. */
class Believer {
  readonly known = new Map<string, ClusterObject>();
  readonly health = new Map<string, string>();
  version = "";

  see(observations: readonly Observation[]): void {
    for (const one of observations) {
      if (one.type === "health") this.health.set(one.kind, one.health);
      else if (one.type === "version") this.version = one.version;
      else if (one.type === "gone") this.known.delete(`${one.ref.kind}/${one.ref.namespace}/${one.ref.name}`);
      else if (one.type === "object") this.learn(one.object);
      else {
        for (const key of this.known.keys()) if (key.startsWith(`${one.kind}/`)) this.known.delete(key);
        for (const object of one.objects) this.learn(object);
      }
    }
  }

  learn(object: ClusterObject): void {
    this.known.set(`${object.kind}/${object.metadata.namespace}/${object.metadata.name}`, object);
  }
}

function everything(): ReadonlyMap<string, ClusterObject> {
  const all = new Believer();
  for (const kind of KINDS) for (const object of cluster.world.store.list(kind)) all.learn(object);
  return all.known;
}

describe("watching", () => {
  test("whoever believes the observations knows the cluster as it is, also after a dropped watch and a relist", () => {
    const believer = new Believer();
    const { port } = cluster.connect();
    const stop = port.watch((observations) => believer.see(observations));
    wait(1);
    expect(believer.known).toEqual(everything());
    expect(believer.health.get("Pod")).toBe("live");
    expect(believer.health.get("Application")).toBe("not-served");
    const dana = new Person(cluster.world, "dana");
    dana.scale(CART, 5);
    wait(30);
    expect(believer.known).toEqual(everything());
    for (const stream of port.streams) stream.break(["Pod"], "dropped");
    dana.scale(CART, 1);
    wait(30);
    expect(believer.health.get("Pod")).toBe("stale");
    expect(believer.known).not.toEqual(everything());
    for (const stream of port.streams) stream.relist(["Pod"]);
    wait(1);
    expect(believer.known).toEqual(everything());
    stop();
    dana.scale(CART, 4);
    wait(30);
    expect(believer.known).not.toEqual(everything());
  });

  test("an API server that comes back as another version says so", () => {
    const believer = new Believer();
    const { port } = cluster.connect();
    port.watch((observations) => believer.see(observations));
    wait(1);
    expect(believer.version).toBe("v1.34.4");
    cluster.world.serverVersion = "v1.35.0";
    for (const stream of port.streams) {
      stream.break(["Pod"], "connect ECONNREFUSED");
      stream.relist(["Pod"]);
    }
    wait(1);
    expect(believer.version).toBe("v1.35.0");
  });

  test("a kind that may not be listed is forbidden, never empty", () => {
    const believer = new Believer();
    const { port } = cluster.connect({ denials: [{ resource: "nodes", verb: "list" }] });
    port.watch((observations) => believer.see(observations));
    wait(1);
    expect(believer.health.get("Node")).toBe("forbidden");
    expect([...believer.known.keys()].some((key) => key.startsWith("Node/"))).toBe(false);
  });
});

describe("acting", () => {
  test("a patch through the port is the engine's in the audit and in the field managers", async () => {
    const { port } = cluster.connect({ identity: "kintsugi-7" });
    const cart = await port.read(CART);
    const target = { ...CART, uid: cart?.metadata.uid ?? "" };
    const patch = [
      { op: "test", path: "/spec/replicas", value: 2 },
      { op: "replace", path: "/spec/replicas", value: 3 },
    ] as const;
    const dry = await port.apply({ verb: "patch", target, patch }, { dryRun: true });
    expect(dry?.kind === "Deployment" && dry.spec.replicas).toBe(3);
    expect(cluster.world.audit.engineWrites()).toEqual([]);
    await port.apply({ verb: "patch", target, patch }, { dryRun: false });
    expect(cluster.world.audit.engineWrites().map((entry) => `${entry.actor.name} ${entry.verb} ${entry.ref.name}`)).toEqual(["kintsugi-7 patch cart"]);
    await expect(port.apply({ verb: "patch", target, patch }, { dryRun: false })).rejects.toMatchObject({ failure: { kind: "conflict" } });
    expect(cluster.world.store.get("Deployment", "shop", "cart")?.metadata.managers.find((one) => one.manager === "kintsugi")?.paths).toEqual([
      "/spec/replicas",
    ]);
  });

  test("evict and delete mean one incarnation; a create of the same name is a conflict", async () => {
    const { port } = cluster.connect();
    const pod = cluster.world.store.list("Pod")[0];
    const target = { kind: "Pod", namespace: "shop", name: pod?.metadata.name ?? "", uid: pod?.metadata.uid ?? "" } as const;
    await expect(port.apply({ verb: "delete", target: { ...target, uid: "another" } }, { dryRun: false })).rejects.toMatchObject({ failure: { kind: "gone" } });
    await port.apply({ verb: "evict", target }, { dryRun: false });
    wait(10);
    expect(await port.read(target)).toBeUndefined();
    cluster.world.images.publish("shop/report:v1", task(1_000));
    const { spec } = job({ name: "report", namespace: "shop", image: "shop/report:v1" });
    const manifest = { apiVersion: "batch/v1", kind: "Job", metadata: { name: "report-again", labels: { a: "b" } }, spec };
    const create = { verb: "create", ref: { kind: "Job", namespace: "shop", name: "report-again" }, manifest } as const;
    await port.apply(create, { dryRun: false });
    await expect(port.apply(create, { dryRun: false })).rejects.toMatchObject({ failure: { kind: "conflict" } });
    wait(30);
    expect(cluster.world.store.get("Job", "shop", "report-again")?.status.succeeded).toBe(1);
  });

  test("what is denied is denied on review and when it is done", async () => {
    const { port } = cluster.connect({ denials: [{ verb: "patch", resource: "deployments" }] });
    const permission = { group: "apps", resource: "deployments", subresource: "", verb: "patch", namespace: "shop", name: "" } as const;
    expect(await port.review(permission)).toBe("denied");
    expect(await port.review({ ...permission, resource: "pods" })).toBe("allowed");
    const target = { ...CART, uid: "any" };
    await expect(port.apply({ verb: "patch", target, patch: [] }, { dryRun: false })).rejects.toBeInstanceOf(PortError);
  });

  test("an announcement is an Event on the object", async () => {
    const { port } = cluster.connect();
    const cart = await port.read(CART);
    await port.announce({ ...CART, uid: cart?.metadata.uid ?? "" }, { type: "Normal", reason: "Healed", message: "rolled back" });
    expect(cluster.world.store.list("Event").find((event) => event.reason === "Healed")?.involved.name).toBe("cart");
  });
});

describe("the Lease", () => {
  test("has one holder; another waits until it has run out, and then the epoch is higher", async () => {
    const [a, b] = [cluster.connect({ identity: "a" }), cluster.connect({ identity: "b" })];
    expect(await a.lease.hold("store")).toMatchObject({ type: "held", epoch: 1, forMs: 15_000 });
    expect(await b.lease.hold("store")).toEqual({ type: "other", holder: "a" });
    wait(10);
    expect(await a.lease.hold("store")).toMatchObject({ type: "held", epoch: 1 });
    wait(16);
    expect(await b.lease.hold("store")).toMatchObject({ type: "held", epoch: 2 });
    expect(await a.lease.hold("store")).toEqual({ type: "other", holder: "b" });
  });

  test("given back it is free at once; with another store nobody acts for an hour", async () => {
    const [a, b] = [cluster.connect({ identity: "a" }), cluster.connect({ identity: "b" })];
    await a.lease.hold("store-1");
    await a.lease.release();
    const held = await b.lease.hold("store-2");
    expect(held).toMatchObject({ type: "held", epoch: 2, actFrom: cluster.timeline.now() + 3_600_000 });
    wait(5);
    expect(await b.lease.hold("store-2")).toMatchObject({ actFrom: cluster.timeline.now() - 5_000 + 3_600_000 });
  });
});

describe("the engine's clock", () => {
  test("steps both ways, while elapsed time goes on and no wait grows", () => {
    const { clock } = cluster.connect();
    const calls: string[] = [];
    const [began, elapsed] = [clock.now(), clock.elapsed()];
    clock.wakeAt(began + 60_000, () => calls.push("a"));
    clock.step(-3_600_000);
    expect(clock.now()).toBe(began - 3_600_000);
    wait(61);
    expect(calls).toEqual(["a"]);
    clock.wakeAt(clock.now() + 600_000, () => calls.push("b"));
    clock.step(3_600_000);
    wait(11);
    expect(calls).toEqual(["a", "b"]);
    expect(clock.elapsed() - elapsed).toBe(72_000);
  });

  test("a cancelled wake is never made", () => {
    const { clock } = cluster.connect();
    let calls = 0;
    clock.wakeAt(clock.now() + 1000, () => {
      calls += 1;
    })();
    wait(5);
    expect(calls).toBe(0);
  });
});

describe("running with an engine attached", () => {
  test("settles after each delivery and each wake, and time stands still meanwhile", async () => {
    const { port, clock } = cluster.connect();
    const log: string[] = [];
    let open = 0;
    port.watch(() => {
      open += 1;
    });
    clock.wakeAt(clock.now() + 30_000, () => {
      open += 1;
    });
    await cluster.run(cluster.timeline.now() + 60_000, async () => {
      const at = cluster.timeline.now();
      await undefined;
      expect(cluster.timeline.now()).toBe(at);
      log.push(`settled ${open}`);
      open = 0;
    });
    expect(open).toBe(0);
    expect(log.length).toBeGreaterThanOrEqual(2);
  });
});
