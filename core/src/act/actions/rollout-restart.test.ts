import { expect, test } from "vitest";
import { statefulSet } from "../../testing/more-objects.ts";
import { deployment, pod, ref, template, waiting } from "../../testing/objects.ts";
import { draftOf, reasonOf } from "../../testing/plans.ts";
import { rolloutRestart } from "./rollout-restart.ts";

const cart = ref("Deployment", "cart");

test("the template gets an annotation, and the spec that Helm rendered is left alone", () => {
  const draft = draftOf(rolloutRestart, cart, [deployment("cart", { metadata: { generation: 7 } })]);
  expect(draft.diff).toEqual([{ path: "/spec/template/metadata/annotations/kintsugi.dev~1restartedAt", before: null, after: "generation-7" }]);
  expect(draft.changesSpec).toBe(false);
  expect(draft.inverse.type).toBe("none");
});

test("the same situation gives the same plan at any time, and a later generation another", () => {
  const planAt = (now: number, generation: number) => draftOf(rolloutRestart, cart, [deployment("cart", { metadata: { generation } })], { now });
  expect(planAt(60, 7)).toEqual(planAt(900, 7));
  expect(planAt(60, 8)).not.toEqual(planAt(60, 7));
});

test("a template without annotations gets its first", () => {
  const bare = { ...template({ labels: { app: "cart" } }), metadata: { labels: { app: "cart" } } };
  const draft = draftOf(rolloutRestart, cart, [deployment("cart", { spec: { template: bare } })]);
  expect(draft.diff).toEqual([{ path: "/spec/template/metadata/annotations", before: null, after: { "kintsugi.dev/restartedAt": "generation-1" } }]);
});

test("a StatefulSet's broken pod is deleted, or the controller would wait for it", () => {
  const set = statefulSet("store", { status: { updateRevision: "store-1" } });
  const broken = pod("store-0", {
    ownedBy: set,
    metadata: { labels: { "controller-revision-hash": "store-1" } },
    statuses: [waiting("CrashLoopBackOff")],
  });
  expect(draftOf(rolloutRestart, ref("StatefulSet", "store"), [set, broken]).steps.map((step) => step.verb)).toEqual(["patch", "delete"]);
});

test("what is paused, or no workload, is not restarted", () => {
  expect(reasonOf(rolloutRestart, cart, [deployment("cart", { spec: { paused: true } })])).toContain("is paused");
  expect(reasonOf(rolloutRestart, cart, [])).toContain("is gone");
});
