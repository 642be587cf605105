import { expect, test } from "vitest";
import { imageNotFound } from "../faults/image-not-found.ts";
import { play } from "../faults/testing/play.ts";
import { Story } from "./story.ts";

test("a fault is told by the order in which things first showed, without names and times", () => {
  const played = play(imageNotFound);
  const story = new Story();
  const { store } = played.stage.cluster.world;
  const subject = played.injection.subject;
  store.onAnyChange(({ after }) => {
    const isOwn =
      after?.metadata.namespace === subject.namespace && (after.kind === "Event" ? after.involved.name : after.metadata.name).startsWith(subject.name);
    if (after !== undefined && isOwn) story.see(after);
  });
  played.wait(5);
  const lines = story.lines();
  expect(lines.join("\n")).not.toContain(subject.name);
  expect(lines.find((line) => line.startsWith("Pod:"))).toContain("waiting ContainerCreating > waiting ErrImagePull > waiting ImagePullBackOff");
  expect(lines).toEqual([...new Set(lines)].toSorted());
});

test("the same version twice says nothing new", () => {
  const story = new Story();
  const { stage } = play(imageNotFound);
  const [pod] = stage.cluster.world.store.list("Pod");
  if (pod === undefined) throw new Error("the shop has pods");
  story.see(pod);
  const once = story.lines();
  story.see(pod);
  expect(once).toHaveLength(1);
  expect(story.lines()).toEqual(once);
});
