/** How pods end, as recorded from a real kubelet. */
import type { Pod } from "@kintsugi/core";
import { beforeEach, expect, test } from "vitest";
import { createCluster, type SimCluster } from "../cluster.ts";
import { ADMIN, addNamespace, addNode, container } from "../scenario/objects.ts";
import { Person } from "../scenario/people.ts";
import { behaviour, type ImageBehaviour, task } from "../world/images.ts";

const IMAGE = "shop/app:v1";
const APP = { kind: "Pod", namespace: "shop", name: "app" } as const;
let cluster: SimCluster;
/** Phase and state of the container, each time one of them changed. */
let seen: string[];

beforeEach(() => {
  cluster = createCluster({ seed: "pod-end" });
  addNode(cluster.world, { name: "node-1" });
  addNamespace(cluster.world, "shop");
  seen = [];
  cluster.world.store.onChange(["Pod"], ({ after }) => {
    const text = after === undefined ? "gone" : textOf(after as Pod);
    if (seen.at(-1) !== text) seen.push(text);
  });
});

function textOf({ status }: Pod): string {
  const [one] = status.containerStatuses;
  const { waiting, running, terminated } = one?.state ?? {};
  const state = waiting?.reason ?? (running === undefined ? `${terminated?.reason} ${terminated?.exitCode}` : "running");
  return `${status.phase}${status.reason === "" ? "" : ` ${status.reason}`}, ${state}`;
}

function start(does: ImageBehaviour | undefined, over: object = {}): void {
  if (does !== undefined) cluster.world.images.publish(IMAGE, does);
  const spec = { containers: [container({ name: "app", namespace: "shop", image: IMAGE, readiness: null })], ...over };
  cluster.world.api.create(ADMIN, { kind: "Pod", metadata: { name: "app", namespace: "shop" }, spec });
  wait(30);
}

const wait = (seconds: number) => cluster.timeline.advanceTo(cluster.timeline.now() + seconds * 1_000);

test("a pod that is deleted says how it ended before it is gone", () => {
  start(behaviour({ stopCode: 0 }));
  new Person(cluster.world, "dana").remove(APP);
  wait(10);
  expect(seen.slice(-3)).toEqual(["Running, running", "Succeeded, Completed 0", "gone"]);
});

test("one that does not hear TERM is killed when its grace is over", () => {
  start(behaviour({ stopMs: 3_600_000 }), { terminationGracePeriodSeconds: 2 });
  new Person(cluster.world, "dana").remove(APP);
  wait(10);
  expect(seen.slice(-2)).toEqual(["Failed, Error 137", "gone"]);
});

test("of a container that never began nothing is found", () => {
  start(undefined);
  new Person(cluster.world, "dana").remove(APP);
  wait(10);
  expect(seen.slice(-2)).toEqual(["Failed, ContainerStatusUnknown 137", "gone"]);
});

test("a pod whose containers have ended for good has ended once its sandbox is gone", () => {
  start(task(5_000), { restartPolicy: "Never" });
  expect(seen.slice(-3)).toEqual(["Running, running", "Running, Completed 0", "Succeeded, Completed 0"]);
});

test("a process that is gone before the kubelet looks was never seen to run", () => {
  start(behaviour({ exits: [{ when: { type: "always" }, afterMs: 1, code: 4, log: "" }] }), { restartPolicy: "Never" });
  expect(seen.slice(-2)).toEqual(["Pending, Error 4", "Failed, Error 4"]);
});

test("a pod that writes more into its volume than the volume may hold is evicted, and not before", () => {
  const writes = { fact: "full", volume: "scratch", bytes: 8 * 2 ** 20 };
  start(behaviour({ writes }), { volumes: [{ name: "scratch", emptyDir: { sizeLimit: "2Mi" } }] });
  expect(seen.at(-1)).toBe("Running, running");
  cluster.world.facts.set("full", cluster.timeline.now());
  wait(90);
  expect(seen.at(-1)).toBe("Failed Evicted, Error 137");
  expect(cluster.world.store.list("Event").map((event) => event.message)).toContain('Usage of EmptyDir volume "scratch" exceeds the limit "2Mi". ');
});
