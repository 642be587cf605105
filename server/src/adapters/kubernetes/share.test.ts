import { type ClusterObject, project } from "@kintsugi/core";
import { expect, it } from "vitest";
import { Sharer } from "./share.ts";

function pod(name: string, image = "shop:1"): ClusterObject {
  const metadata = {
    name,
    namespace: "shop",
    uid: name,
    labels: { app: "x" },
    ownerReferences: [{ kind: "ReplicaSet", name: "r", uid: "r", controller: true }],
  };
  const object = project({ kind: "Pod", metadata, spec: { nodeName: name, containers: [{ name: "app", image }] } });
  return object ?? expect.fail("no pod");
}

it("replicas share what they have in common, and what they differ in stays their own", () => {
  const sharer = new Sharer();
  const [a, b, c] = [pod("a"), pod("b"), pod("c", "shop:2")].map((each) => sharer.share(each));
  if (a?.kind !== "Pod" || b?.kind !== "Pod" || c?.kind !== "Pod") throw new Error("no pods");
  expect(a.spec.containers).toBe(b.spec.containers);
  expect(a.metadata.labels).toBe(c.metadata.labels);
  expect(a.metadata.ownerReferences).toBe(b.metadata.ownerReferences);
  expect(c.spec.containers).not.toBe(a.spec.containers);
  expect([a.spec.nodeName, b.spec.nodeName]).toEqual(["a", "b"]);
});

it("nothing that is shared changes what an object says, of any kind", () => {
  const sharer = new Sharer();
  const template = { metadata: { labels: { a: "b" } }, spec: { containers: [{ name: "app", image: "i" }], volumes: [{ name: "v" }] } };
  for (const kind of ["Deployment", "ReplicaSet", "StatefulSet", "DaemonSet", "Job", "Node", "ControllerRevision"] as const) {
    const raw = { kind, metadata: { name: "x", uid: "u" }, spec: { template }, data: { spec: { template } } };
    const object = project(raw) ?? expect.fail("no object");
    expect(sharer.share(object)).toEqual(object);
  }
});

it("forgets old parts when there are too many, and is still right", () => {
  const sharer = new Sharer();
  for (let i = 0; i < 30_000; i++) sharer.share(pod(`p${i}`, `image:${i}`));
  expect(sharer.share(pod("late", "image:5"))).toEqual(pod("late", "image:5"));
});
