/** Pictures from a real cluster, compared with what the simulator shows of the same small situation after the same time. */
import { readdirSync, readFileSync } from "node:fs";
import type { ClusterObject } from "@kintsugi/core";
import { expect, test } from "vitest";
import { createCluster, type SimCluster } from "../cluster.ts";
import { ADMIN, addNamespace, addNode, deployment, job, quota } from "../scenario/objects.ts";
import { Person } from "../scenario/people.ts";
import { behaviour } from "../world/images.ts";
import { clearOrder, signature } from "./signature.ts";

const NS = "shop";
const IMAGE = "localhost/busybox:1";
const CART = { kind: "Deployment", namespace: NS, name: "cart" } as const;
const cart = { namespace: NS, name: "cart", image: IMAGE, readiness: null, memory: "32Mi", memoryLimit: "32Mi" } as const;
const quick = { startMs: 0, pullMs: 0, memory: { baseBytes: 2 ** 20 } };
const ends = (afterMs: number, code: number) => behaviour({ ...quick, exits: [{ when: { type: "always" }, afterMs, code, log: "" }] });

interface Scene {
  readonly name: string;
  /** Differences that are right to leave, and why. */
  readonly differs?: Readonly<Record<string, string>>;
  /** Plays it up to the moment of the picture. */
  readonly play: (cluster: SimCluster, wait: (seconds: number) => void) => void;
}

function rollOut(image: string, seconds: number): Scene["play"] {
  return ({ world }, wait) => {
    world.images.publish(IMAGE, behaviour(quick));
    world.api.create(ADMIN, deployment(cart));
    wait(5);
    new Person(world, "alice").setImage(CART, image);
    wait(seconds);
  };
}

const RETRY = "the pull is tried again about then, and the picture caught the other side of it";
const STATUS_RACE = "which of the two reasons stays depends on whether the controller looks again before the pull's back-off";
const PULL = {
  "real only: Deployment Progressing=True NewReplicaSetCreated": STATUS_RACE,
  "real only: Pod waiting ImagePullBackOff": RETRY,
  "simulated only: Deployment Progressing=True ReplicaSetUpdated": STATUS_RACE,
  "simulated only: Pod waiting ErrImagePull": RETRY,
};

const SCENES: readonly Scene[] = [
  { name: "image-not-found-in-registry", play: rollOut("localhost/busybox:no-such-tag", 13), differs: PULL },
  {
    name: "crash-loop",
    play: ({ world }, wait) => {
      world.images.publish(IMAGE, ends(2_000, 3));
      world.api.create(ADMIN, deployment(cart));
      wait(62);
    },
  },
  {
    name: "failed-job",
    play: ({ world }, wait) => {
      world.images.publish(IMAGE, ends(100, 4));
      world.api.create(ADMIN, job({ ...cart, name: "report", backoffLimit: 1 }));
      wait(16);
    },
  },
  {
    name: "quota-exceeded",
    play: ({ world }, wait) => {
      world.images.publish(IMAGE, behaviour(quick));
      world.api.create(ADMIN, quota(NS, "compute", { "requests.memory": "48Mi" }));
      world.api.create(ADMIN, deployment(cart));
      // The picture shows the pod before its container starts, within a second.
      wait(0.3);
    },
  },
];

function shown({ name, play }: Scene): { readonly real: readonly string[]; readonly simulated: readonly string[]; readonly reversed: readonly string[] } {
  const file = new URL(`../../../core/src/diagnose/fixtures/${name}.json`, import.meta.url);
  const picture = JSON.parse(readFileSync(file, "utf8")) as { readonly objects: readonly ClusterObject[] };
  const cluster = createCluster({ seed: name });
  addNode(cluster.world, { name: "node-0" });
  addNamespace(cluster.world, NS);
  // The real node had the image before.
  addNamespace(cluster.world, "before");
  cluster.world.images.publish(IMAGE, behaviour(quick));
  cluster.world.api.create(ADMIN, deployment({ ...cart, namespace: "before", replicas: 1 }));
  cluster.timeline.advanceTo(cluster.timeline.now() + 30_000);
  play(cluster, (seconds) => cluster.timeline.advanceTo(cluster.timeline.now() + seconds * 1_000));
  const simulated = (["Pod", "Deployment", "ReplicaSet", "Job", "Event"] as const)
    .flatMap((kind): readonly ClusterObject[] => cluster.world.store.list(kind))
    .filter((object) => object.metadata.namespace === NS);
  const order = clearOrder(simulated);
  const reversed = [...clearOrder(picture.objects)].filter((pair) => order.has(pair.split(" > ").toReversed().join(" > ")));
  return { reversed, real: signature(picture.objects), simulated: signature(simulated) };
}

test.each(SCENES)("$name differs from the real cluster only as listed", (scene) => {
  const { real, simulated, reversed } = shown(scene);
  const missing = real.filter((line) => !simulated.includes(line)).map((line) => `real only: ${line}`);
  const extra = simulated.filter((line) => !real.includes(line)).map((line) => `simulated only: ${line}`);
  expect([...missing, ...extra].toSorted()).toEqual(Object.keys(scene.differs ?? {}).toSorted());
  expect(reversed).toEqual([]);
});

/** No scene here plays these situations; their pictures are held against detectors alone. */
const NOT_COMPARED: readonly string[] = [
  "bad-command-exit-127",
  "bad-command-start-error",
  "bad-rollout-crash",
  "bad-rollout-readiness",
  "evicted-leftovers",
  "forgotten-cordon",
  "healthy-job-after-failure",
  "healthy-one-restart",
  "healthy-slow-rollout",
  "image-invalid-name",
  "image-not-found",
  "missing-configmap-volume",
  "missing-configmap",
  "missing-key-after-rollout",
  "missing-secret-volume",
  "oom-after-rollout",
  "oom-limit-below-start",
  "oom-undersized",
  "readiness-one-stuck",
  "scaled-to-zero",
  "service-selector",
  "storm-two-nodes",
  "unschedulable-after-rollout",
];

test("every picture is compared or named as not compared", () => {
  const files = readdirSync(new URL("../../../core/src/diagnose/fixtures/", import.meta.url)).map((file) => file.replace(".json", ""));
  expect([...SCENES.map((scene) => scene.name), ...NOT_COMPARED].toSorted()).toEqual(files.toSorted());
});
