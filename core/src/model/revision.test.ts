import { expect, test } from "vitest";
import { viewOf } from "../testing/array-view.ts";
import { controllerRevision, daemonSet } from "../testing/more-objects.ts";
import { at, container, deployment, pod, ref, replicaSet, stamp, template } from "../testing/objects.ts";
import { knownGood } from "../testing/scenes.ts";
import { isOfCurrentRevision, revisionStory, sameTemplate } from "./revision.ts";

const subject = ref("Deployment", "cart");
const v = (tag: number) => template({ containers: [container({ image: `registry.test/cart:${tag}` })] });
const cart = deployment("cart", { spec: { template: v(3) } });
const set = (revision: number, tag: number, over = {}) =>
  replicaSet(cart, revision, {
    template: v(tag),
    metadata: { creationTimestamp: stamp(revision * 100), annotations: { "deployment.kubernetes.io/revision": `${revision}`, ...over } },
  });

test("the newest number is current, and older ones that differ come newest first", () => {
  const story = revisionStory(viewOf([cart, set(1, 1), set(3, 3), set(2, 2)]), subject);
  expect(story?.current).toMatchObject({ number: 3, name: "cart-3", since: at(300) });
  expect(story?.older.map((revision) => revision.number)).toEqual([2, 1]);
  expect(story?.currentWasGood).toBe(false);
});

test("a revision that was taken up again began with its present pods, not with its ReplicaSet", () => {
  const again = set(3, 3, { "deployment.kubernetes.io/revision-history": "1" });
  const young = pod("young", { ownedBy: again, metadata: { creationTimestamp: stamp(5_000) } });
  expect(revisionStory(viewOf([cart, again, young]), subject)?.current.since).toBe(at(5_000));
});

test("a restart is no different revision, and neither are labels that controllers add", () => {
  const restarted = { ...v(3), metadata: { ...v(3).metadata, annotations: { "kubectl.kubernetes.io/restartedAt": "2026-03-01T12:00:00Z" } } };
  expect(sameTemplate(v(3), restarted)).toBe(true);
  expect(sameTemplate(v(3), set(3, 3).spec.template)).toBe(true);
  expect(sameTemplate(v(3), v(4))).toBe(false);
  expect(revisionStory(viewOf([cart, set(2, 3), set(3, 3)]), subject)?.older).toEqual([]);
});

test("our own record outlives delete and re-create, and tells whether the present one was good", () => {
  const story = (tag: number) => revisionStory(viewOf([cart, set(1, 3)], { knownGood: [knownGood(subject, { template: v(tag) })] }), subject);
  expect(story(2)?.older).toMatchObject([{ number: 0, since: at(300) }]);
  expect(story(2)?.currentWasGood).toBe(false);
  expect(story(3)).toMatchObject({ older: [], currentWasGood: true });
});

test("DaemonSets and StatefulSets have ControllerRevisions, and pods that name theirs", () => {
  const agent = daemonSet("agent", { spec: { template: v(2) } });
  const view = viewOf([agent, controllerRevision(agent, 1, v(1)), controllerRevision(agent, 2, v(2), 50)]);
  const story = revisionStory(view, ref("DaemonSet", "agent"));
  if (story === undefined) throw new Error("a DaemonSet has revisions");
  expect(story.current).toMatchObject({ number: 2, since: at(50) });
  const of = (hash: string) =>
    isOfCurrentRevision(view, ref("DaemonSet", "agent"), story, pod("p", { ownedBy: agent, metadata: { labels: { "controller-revision-hash": hash } } }));
  expect([of("2"), of("1")]).toEqual([true, false]);
});

test("bare pods and what is gone have no revisions", () => {
  const bare = pod("bare");
  expect(revisionStory(viewOf([bare]), ref("Pod", "bare"))).toBeUndefined();
  expect(revisionStory(viewOf([]), subject)).toBeUndefined();
});
