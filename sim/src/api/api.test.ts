import { type PatchOp, PortError } from "@kintsugi/core";
import { beforeEach, describe, expect, test } from "vitest";
import { createCluster, type SimCluster } from "../cluster.ts";
import { ADMIN, addNamespace, addNode, budget, configMap, deployment, quota } from "../scenario/objects.ts";
import { behaviour } from "../world/images.ts";
import { person } from "./actor.ts";
import { evict } from "./eviction.ts";

const CART = { kind: "Deployment", namespace: "shop", name: "cart" } as const;
const ALICE = person("alice");
let cluster: SimCluster;

beforeEach(() => {
  cluster = createCluster({ seed: "api" });
  addNode(cluster.world, { name: "node-1" });
  addNamespace(cluster.world, "shop");
  cluster.world.images.publish("shop/cart:v1", behaviour());
  cluster.world.api.create(ADMIN, deployment({ name: "cart", namespace: "shop", image: "shop/cart:v1", replicas: 3 }));
  cluster.timeline.advanceTo(cluster.timeline.now() + 120_000);
});

function cart() {
  const found = cluster.world.store.get("Deployment", "shop", "cart");
  if (found === undefined) throw new Error("no cart");
  return found;
}

function kindOf(run: () => unknown): string {
  try {
    run();
    return "accepted";
  } catch (error) {
    if (error instanceof PortError) return error.failure.kind;
    throw error;
  }
}

const patch =
  (ops: readonly PatchOp[], ref: { kind: "Deployment"; namespace: string; name: string; uid?: string } = CART) =>
  () =>
    cluster.world.api.patch(ALICE, ref, ops);

describe("a patch", () => {
  test("whose tests hold is applied, and raises generation and resourceVersion", () => {
    const before = cart();
    patch([
      { op: "test", path: "/metadata/uid", value: before.metadata.uid },
      { op: "test", path: "/spec/replicas", value: 3 },
      { op: "replace", path: "/spec/replicas", value: 4 },
    ])();
    expect(cart().spec.replicas).toBe(4);
    expect(cart().metadata.generation).toBe((before.metadata.generation ?? 0) + 1);
    expect(Number(cart().metadata.resourceVersion)).toBeGreaterThan(Number(before.metadata.resourceVersion));
  });

  test("that changes nothing writes nothing", () => {
    const before = cart();
    patch([{ op: "replace", path: "/spec/replicas", value: 3 }])();
    expect(cart()).toBe(before);
  });

  test.each([
    [
      "a failed test is a conflict",
      [
        { op: "test", path: "/spec/replicas", value: 9 },
        { op: "replace", path: "/spec/replicas", value: 1 },
      ],
      "conflict",
    ],
    ["a path that is not there is invalid", [{ op: "replace", path: "/spec/nothing/here", value: 1 }], "invalid"],
    ["adding below what is absent is invalid, as on a real server", [{ op: "add", path: "/spec/template/metadata/annotations/x", value: "y" }], "invalid"],
    ["a negative number of replicas is invalid", [{ op: "replace", path: "/spec/replicas", value: -1 }], "invalid"],
    ["the selector cannot be changed", [{ op: "add", path: "/spec/selector/matchLabels/tier", value: "x" }], "invalid"],
    ["an index out of bounds is invalid", [{ op: "add", path: "/spec/template/spec/containers/7", value: {} }], "invalid"],
    ["a request above its limit is invalid", [{ op: "replace", path: "/spec/template/spec/containers/0/resources/requests/memory", value: "8Gi" }], "invalid"],
  ] as const)("%s", (_, ops, kind) => {
    const before = cart();
    expect(kindOf(patch(ops))).toBe(kind);
    expect(cart().spec).toEqual(before.spec);
  });

  test("of something that is gone, or of another incarnation, is gone", () => {
    expect(kindOf(patch([], { ...CART, name: "basket" }))).toBe("gone");
    expect(kindOf(patch([], { ...CART, uid: "another" }))).toBe("gone");
  });

  test("keys with slashes are written with ~1, and a dry run leaves nothing", () => {
    const path = "/metadata/labels/example.com~1team";
    const ops = [{ op: "add", path, value: "cart" }] as const;
    const dry = cluster.world.api.patch(ALICE, CART, ops, { dryRun: true });
    expect(dry.metadata.labels["example.com/team"]).toBe("cart");
    expect(cart().metadata.labels["example.com/team"]).toBeUndefined();
    patch(ops)();
    expect(cart().metadata.labels["example.com/team"]).toBe("cart");
  });
});

describe("field managers", () => {
  test("a scalar moves to its last writer, with the time of the write", () => {
    cluster.timeline.advanceTo(cluster.timeline.now() + 60_000);
    patch([{ op: "replace", path: "/spec/replicas", value: 5 }])();
    const owners = cart().metadata.managers.filter((entry) => entry.paths.includes("/spec/replicas"));
    expect(owners.map((entry) => entry.manager)).toEqual(["kubectl-edit"]);
    expect(Date.parse(owners[0]?.time ?? "")).toBe(cluster.timeline.now());
  });

  test("who wrote the rest of the template keeps it", () => {
    patch([{ op: "replace", path: "/spec/template/spec/containers/0/image", value: "shop/cart:v2" }])();
    const owner = (path: string) => cart().metadata.managers.find((entry) => entry.paths.includes(path))?.manager;
    expect(owner("/spec/template/spec/containers/*/image")).toBe("kubectl-edit");
    expect(owner("/spec/template/spec/containers/*/name")).toBe("kubectl-client-side-apply");
  });

  test("status writers own nothing", () => {
    expect(cart().metadata.managers.some((entry) => entry.paths.some((path) => path.startsWith("/status")))).toBe(false);
  });
});

describe("creating and deleting", () => {
  test("a second object of the same name is a conflict, and one in no namespace is gone", () => {
    expect(kindOf(() => cluster.world.api.create(ALICE, configMap("shop", "a", [])))).toBe("accepted");
    expect(kindOf(() => cluster.world.api.create(ALICE, configMap("shop", "a", [])))).toBe("conflict");
    expect(kindOf(() => cluster.world.api.create(ALICE, configMap("nowhere", "a", [])))).toBe("gone");
  });

  test("a pod goes gracefully: it is terminating first, and gone when its process has ended", () => {
    const pod = cluster.world.store.list("Pod")[0];
    if (pod === undefined) throw new Error("no pod");
    const ref = { kind: "Pod", namespace: "shop", name: pod.metadata.name } as const;
    expect(kindOf(() => cluster.world.api.remove(ALICE, ref, { uid: "another" }))).toBe("gone");
    cluster.world.api.remove(ALICE, ref);
    expect(cluster.world.store.find(ref)?.metadata.deletionTimestamp).toBeDefined();
    cluster.timeline.advanceTo(cluster.timeline.now() + 5_000);
    expect(cluster.world.store.find(ref)).toBeUndefined();
  });

  test("what a deleted Deployment owned goes too", () => {
    cluster.world.api.remove(ALICE, CART);
    cluster.timeline.advanceTo(cluster.timeline.now() + 60_000);
    expect(cluster.world.store.list("ReplicaSet")).toEqual([]);
    expect(cluster.world.store.list("Pod")).toEqual([]);
  });

  test("a quota refuses a pod with its arithmetic", () => {
    cluster.world.api.create(ADMIN, quota("shop", "tight", { pods: "3", "requests.memory": "384Mi" }));
    const pod = cluster.world.store.list("Pod")[0];
    const spec = { containers: pod?.spec.containers ?? [] };
    let message = "";
    try {
      cluster.world.api.create(ALICE, { kind: "Pod", metadata: { name: "extra", namespace: "shop" }, spec });
    } catch (error) {
      message = error instanceof PortError ? error.failure.message : "";
    }
    expect(message).toBe(
      'pods "extra" is forbidden: exceeded quota: tight, requested: pods=1,requests.memory=128Mi, used: pods=3,requests.memory=384Mi, limited: pods=3,requests.memory=384Mi',
    );
  });

  test("a LimitRange refuses a container above its maximum", () => {
    cluster.world.api.create(ADMIN, {
      kind: "LimitRange",
      metadata: { name: "max", namespace: "shop" },
      spec: { limits: [{ type: "Container", max: { memory: "128Mi" } }] },
    });
    const spec = { containers: [{ name: "big", image: "shop/cart:v1", resources: { limits: { memory: "256Mi" } } }] };
    expect(kindOf(() => cluster.world.api.create(ALICE, { kind: "Pod", metadata: { name: "big", namespace: "shop" }, spec }))).toBe("denied");
  });
});

describe("eviction", () => {
  test("takes as many pods as the budget allows and then says not now, until others are ready", () => {
    cluster.world.api.create(ADMIN, budget("shop", "cart"), { hidden: { budget: { maxUnavailable: 1 } } });
    cluster.timeline.advanceTo(cluster.timeline.now() + 1_000);
    const [first, second] = cluster.world.store.list("Pod");
    const ref = (pod: typeof first) => ({ kind: "Pod", namespace: "shop", name: pod?.metadata.name ?? "" }) as const;
    expect(kindOf(() => evict(cluster.world.api, ALICE, ref(first), true))).toBe("accepted");
    expect(kindOf(() => evict(cluster.world.api, ALICE, ref(first)))).toBe("accepted");
    expect(kindOf(() => evict(cluster.world.api, ALICE, ref(second)))).toBe("throttled");
    cluster.timeline.advanceTo(cluster.timeline.now() + 60_000);
    expect(kindOf(() => evict(cluster.world.api, ALICE, ref(second)))).toBe("accepted");
  });
});

describe("the audit", () => {
  test("names who wrote what, with the object before and after, and keeps refusals of people", () => {
    patch([{ op: "replace", path: "/spec/replicas", value: 2 }])();
    expect(kindOf(patch([{ op: "test", path: "/spec/replicas", value: 7 }]))).toBe("conflict");
    const [carried, refused] = cluster.world.audit.entries().filter((entry) => entry.actor.name === "alice");
    expect(carried).toMatchObject({ verb: "patch", failure: undefined, ref: CART });
    expect(carried?.before).toMatchObject({ spec: { replicas: 3 } });
    expect(carried?.after).toMatchObject({ spec: { replicas: 2 } });
    expect(refused?.failure?.kind).toBe("conflict");
    const controllers = new Set(
      cluster.world.audit
        .entries()
        .filter((entry) => entry.actor.kind === "controller")
        .map((entry) => entry.actor.name),
    );
    expect(controllers).toContain("replicaset-controller");
  });
});
