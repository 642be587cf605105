import fc from "fast-check";
import { expect, test } from "vitest";
import type { ClusterObject } from "../model/kube.ts";
import type { Observation } from "../ports/cluster.ts";
import { viewOf as arrayView } from "../testing/array-view.ts";
import { deployment, meta, pod, ref } from "../testing/objects.ts";
import { createView, viewOf } from "./view.ts";

const LABELS = ["cart", "web"] as const;

/** A handful of pods that come, change, move between nodes and go. */
const podChange = fc.record({
  name: fc.constantFrom("a", "b", "c", "d"),
  app: fc.constantFrom(...LABELS),
  node: fc.constantFrom("n1", "n2"),
  owner: fc.constantFrom("o1", "o2"),
  gone: fc.boolean(),
});

/** `life` tells incarnations of one name apart. */
function podOf(change: { name: string; app: string; node: string; owner: string }, version: number, life = 0): ClusterObject {
  const base = pod(change.name);
  return {
    ...base,
    metadata: {
      ...meta("Pod", change.name),
      uid: `${change.name}-${life}`,
      resourceVersion: `${version}`,
      labels: { app: change.app },
      ownerReferences: [{ apiVersion: "apps/v1", kind: "ReplicaSet", name: change.owner, uid: change.owner, controller: true }],
    },
    spec: { ...base.spec, nodeName: change.node },
  };
}

test("after any sequence of changes every question has the answer that a plain search would give", () => {
  fc.assert(
    fc.property(fc.array(podChange, { maxLength: 40 }), (changes) => {
      const view = createView();
      const truth = new Map<string, ClusterObject>();
      let life = 0;
      for (const [version, change] of changes.entries()) {
        const object = podOf(change, version + 1, life);
        if (change.gone) {
          life++;
          truth.delete(change.name);
          view.apply([{ type: "gone", ref: ref("Pod", change.name) }]);
        } else {
          truth.set(change.name, object);
          view.apply([{ type: "object", object }]);
        }
      }
      const plain = arrayView([...truth.values()].sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1)));
      expect(view.all("Pod")).toEqual(plain.all("Pod"));
      expect(view.podsOnNode("n1")).toEqual(plain.podsOnNode("n1"));
      expect(view.ownedBy("Pod", "o1")).toEqual(plain.ownedBy("Pod", "o1"));
      expect(view.podsSelected("shop", { app: "cart" })).toEqual(plain.podsSelected("shop", { app: "cart" }));
      expect(view.get("Pod", "shop", "a")).toEqual(plain.get("Pod", "shop", "a"));
    }),
  );
});

test("whoever asked is told of every change that could alter the answer", () => {
  fc.assert(
    fc.property(fc.array(podChange, { maxLength: 20 }), podChange, (before, change) => {
      const view = createView();
      for (const [version, each] of before.entries()) view.apply([{ type: "object", object: podOf(each, version + 1) }]);
      const ask = () => JSON.stringify([view.podsSelected("shop", { app: "cart" }), view.podsOnNode("n2")]);
      const { result, buckets } = view.track(ask);
      const touched = view.apply([change.gone ? { type: "gone", ref: ref("Pod", change.name) } : { type: "object", object: podOf(change, 99) }]);
      if (ask() !== result) expect([...touched.buckets].some((bucket) => buckets.has(bucket))).toBe(true);
    }),
  );
});

test("a slice answers again what was asked, and nothing more is in it", () => {
  const view = createView();
  const seen: Observation[] = [pod("a"), pod("b"), deployment("cart")].map((object) => ({ type: "object", object }));
  view.apply([...seen, { type: "health", kind: "Pod", health: "live", reason: "" }]);
  const { buckets } = view.track(() => [view.get("Pod", "shop", "a"), view.health("Pod")]);
  const again = viewOf(view.slice(buckets));
  expect(again.get("Pod", "shop", "a")).toEqual(view.get("Pod", "shop", "a"));
  expect(again.health("Pod")).toBe("live");
  expect(again.size).toBe(1);
});

test("a list takes away what it does not hold, and a late watch event does not bring back the past", () => {
  const view = createView();
  const old = podOf({ name: "a", app: "cart", node: "n1", owner: "o1" }, 3);
  const fresh = podOf({ name: "a", app: "cart", node: "n2", owner: "o1" }, 7);
  view.apply([{ type: "object", object: fresh }]);
  view.apply([{ type: "object", object: old }]);
  expect(view.get("Pod", "shop", "a")?.spec.nodeName).toBe("n2");
  view.apply([{ type: "listed", kind: "Pod", objects: [] }]);
  expect(view.all("Pod")).toEqual([]);
});

test("a read that is answered late does not bring back what has gone; the next of that name is another", () => {
  const view = createView();
  const change = { name: "a", app: "cart", node: "n1", owner: "o1" };
  const [first, second] = [podOf(change, 3, 1), podOf(change, 9, 2)];
  view.apply([
    { type: "object", object: first },
    { type: "gone", ref: { ...ref("Pod", "a"), uid: first.metadata.uid } },
    { type: "object", object: first },
  ]);
  expect(view.all("Pod")).toEqual([]);
  // Found missing by a read before the watch says so: its last changes are still on their way.
  view.apply([
    { type: "object", object: second },
    { type: "gone", ref: ref("Pod", "a") },
    { type: "object", object: podOf(change, 11, 2) },
  ]);
  expect(view.all("Pod")).toEqual([]);
  view.apply([{ type: "object", object: podOf(change, 12, 3) }]);
  expect(view.get("Pod", "shop", "a")?.metadata.uid).toBe("a-3");
});

test("a list is believed, also about what was seen to go: the watch that follows it takes that away again", () => {
  const view = createView();
  const object = podOf({ name: "a", app: "cart", node: "n1", owner: "o1" }, 3);
  const gone: Observation = { type: "gone", ref: { ...ref("Pod", "a"), uid: object.metadata.uid } };
  view.apply([{ type: "object", object }, gone, { type: "listed", kind: "Pod", objects: [object] }]);
  expect(view.all("Pod")).toHaveLength(1);
  view.apply([{ type: "object", object: podOf({ name: "a", app: "cart", node: "n2", owner: "o1" }, 4) }]);
  expect(view.podsOnNode("n2")).toHaveLength(1);
  view.apply([gone]);
  expect(view.all("Pod")).toEqual([]);
});

test("a list that is older than an object does not keep it away", () => {
  const view = createView();
  const object = podOf({ name: "a", app: "cart", node: "n1", owner: "o1" }, 3);
  view.apply([
    { type: "object", object },
    { type: "listed", kind: "Pod", objects: [] },
    { type: "object", object },
  ]);
  expect(view.all("Pod")).toHaveLength(1);
});

test("a Ref with a uid means that incarnation alone", () => {
  const view = createView();
  view.apply([{ type: "object", object: pod("a") }]);
  expect(view.find({ ...ref("Pod", "a"), uid: "another" })).toBeUndefined();
  expect(view.find(ref("Pod", "a"))?.metadata.name).toBe("a");
});
