import type { ClusterObject } from "@kintsugi/core";
import { refOf } from "@kintsugi/core";
import { expect, test } from "vitest";
import { imageNotFound } from "../faults/image-not-found.ts";
import { play } from "../faults/testing/play.ts";
import { Story } from "./story.ts";

/** A fault in the shop, told from its beginning, and the names that its story must not hold. */
function told() {
  const { stage, injection, wait } = play(imageNotFound);
  const { store } = stage.cluster.world;
  const { namespace, name } = injection.subject;
  const isOwn = (object: ClusterObject) =>
    object.metadata.namespace === namespace && (object.kind === "Event" ? object.involved.name : object.metadata.name).startsWith(name);
  const story = new Story(store.list("Deployment").filter(isOwn));
  store.onAnyChange(({ before, after }) => {
    if (after !== undefined && isOwn(after)) story.see(after);
    if (after === undefined && before !== undefined && isOwn(before)) story.gone(refOf(before));
  });
  wait(5);
  return { name, story };
}

test("a fault is told by what each version was the first to show, without names and times", () => {
  const { name, story } = told();
  const lines = Object.entries(story.told()).flatMap(([role, courses]) => courses.map((course) => `${role}: ${course}`));
  expect(lines.join("\n")).not.toContain(name);
  expect(lines.find((line) => line.startsWith("Pod:"))).toContain("& waiting ErrImagePull > waiting ImagePullBackOff");
  expect(lines.find((line) => line.startsWith("Events of Pod:"))).toContain("Normal Pulling > Warning Failed > Normal BackOff");
  expect(lines.find((line) => line.startsWith("Deployment from before:"))).toContain(" > Progressing=True NewReplicaSetCreated");
});

test("the same version twice says nothing new", () => {
  const { stage } = play(imageNotFound);
  const [pod] = stage.cluster.world.store.list("Pod");
  if (pod === undefined) throw new Error("the shop has pods");
  const story = new Story();
  story.see(pod);
  const [once, length] = [story.told(), story.length];
  story.see(pod);
  expect(Object.keys(once)).toEqual(["Pod"]);
  expect(story.told()).toEqual(once);
  expect(story.length).toBe(length);
});

test("what was there before and does nothing is no part of it; what goes is", () => {
  const { stage } = play(imageNotFound);
  const [pod] = stage.cluster.world.store.list("Pod");
  if (pod === undefined) throw new Error("the shop has pods");
  const story = new Story([pod]);
  expect(story.told()).toEqual({});
  story.gone(refOf(pod));
  expect(Object.entries(story.told())).toEqual([["Pod from before", [expect.stringMatching(/ > gone$/)]]]);
});
