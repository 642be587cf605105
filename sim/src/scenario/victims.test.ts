import type { Ref } from "@kintsugi/core";
import { expect, test } from "vitest";
import { quotaExceeded } from "../faults/quota-exceeded.ts";
import { registryDown } from "../faults/registry-down.ts";
import { play } from "../faults/testing/play.ts";
import { unschedulableScaleUp } from "../faults/unschedulable-scale-up.ts";
import { Person } from "./people.ts";
import { podsOf } from "./stage.ts";
import { nodeCause } from "./victims.ts";

const deployment = (namespace: string, name: string): Ref => ({ kind: "Deployment", namespace, name });

/** Whether somebody suffers by the fault by now, and as what it shows. */
function suffers({ stage, injection }: ReturnType<typeof play>, ref: Ref) {
  return stage.victims.of(ref, injection.causes ?? [], 0, Number.POSITIVE_INFINITY).map(({ shows }) => shows);
}

/** Another application than the one that the fault is about. */
function another({ stage, injection }: ReturnType<typeof play>, namespace?: string): Ref {
  const found = stage.apps.find(({ ref, replicas }) => {
    return ref.kind === "Deployment" && replicas >= 2 && ref.name !== injection.subject.name && (namespace === undefined || ref.namespace === namespace);
  });
  if (found === undefined) throw new Error("no other application");
  return deployment(found.ref.namespace, found.ref.name);
}

test("whoever needs a place while one application fills the cluster suffers by it; who has one does not", () => {
  const story = play(unschedulableScaleUp);
  story.wait(3);
  const late = another(story);
  expect(suffers(story, late)).toEqual([]);
  story.doctor.scale(late, 60);
  story.wait(3);
  expect(suffers(story, late)).toEqual(["unschedulable"]);
});

test("whoever a quota refuses suffers by whoever made it", () => {
  const story = [1, 2, 3, 4, 5, 6].map((seed) => play(quotaExceeded, seed)).find(({ injection }) => injection.subject.namespace === "shop");
  if (story === undefined) throw new Error("no play in the shop's largest namespace");
  story.wait(1);
  const late = another(story, story.injection.subject.namespace);
  story.doctor.scale(late, 12);
  story.wait(2);
  expect(suffers(story, late)).toEqual(["quota-exceeded"]);
  expect(suffers(story, { ...late, kind: "Service" })).toEqual([]);
});

test("whoever cannot pull while the registry is down suffers by that, and so do the Services before it", () => {
  const story = play(registryDown);
  const late = another(story);
  const image = podsOf(story.stage, late)[0]?.spec.containers[0]?.image ?? "";
  story.stage.cluster.world.images.publish(`${image}-next`, story.stage.cluster.world.images.get(image) ?? expect.fail("no image"));
  story.doctor.setImage(late, `${image}-next`);
  story.wait(3);
  expect(suffers(story, late)).toEqual([undefined]);
  expect(suffers(story, { ...late, kind: "Service" })).toEqual([undefined]);
});

test("whoever runs on a node that is lost suffers by that, from the moment on that the control plane knows", () => {
  const story = play(registryDown);
  const { cluster, victims } = story.stage;
  const ref = another(story);
  const node = podsOf(story.stage, ref)[0]?.spec.nodeName ?? "";
  new Person(cluster.world, "nobody").cordon(node);
  expect(victims.of(ref, [nodeCause(node)], 0, Number.POSITIVE_INFINITY)).toEqual([]);
  const silentAt = cluster.timeline.now();
  cluster.silenceNode(node);
  story.wait(3);
  const [victim] = victims.of(ref, [nodeCause(node)], 0, Number.POSITIVE_INFINITY);
  expect(victim?.from).toBeGreaterThan(silentAt + 30_000);
  expect(victims.of(ref, [nodeCause(node)], 0, silentAt)).toEqual([]);
});
