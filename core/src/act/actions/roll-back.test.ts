import { describe, expect, test } from "vitest";
import type { KnownGood } from "../../model/known-good.ts";
import type { Deployment, PodTemplate } from "../../model/kube.ts";
import { redactedValue } from "../../model/redact.ts";
import { applyPatch } from "../../testing/apply-patch.ts";
import { controllerRevision, daemonSet, statefulSet } from "../../testing/more-objects.ts";
import { at, container, deployment, pod, ref, replicaSet, template, waiting } from "../../testing/objects.ts";
import { draftOf, reasonOf } from "../../testing/plans.ts";
import { rollBack } from "./roll-back.ts";

const cart = ref("Deployment", "cart");
const withImage = (image: string, env?: { name: string; value: string }[]) =>
  template({ containers: [container({ image, ...(env === undefined ? {} : { env }) })] });
const good = withImage("cart:1");
const bad = withImage("cart:2");
const running = (tpl: PodTemplate, over: Partial<Deployment["spec"]> = {}) =>
  deployment("cart", { metadata: { generation: 7 }, spec: { template: tpl, ...over } });
const known = (tpl: PodTemplate, seconds: number, kind: "Deployment" | "StatefulSet" | "DaemonSet" = "Deployment", name = "cart"): KnownGood => ({
  ref: ref(kind, name),
  firstSeen: at(0),
  lastSeen: at(seconds),
  spec: { replicas: 2, template: tpl },
});

describe("a Deployment", () => {
  const deployed = running(bad);
  const old = (ready: number) => replicaSet(deployed, 1, { template: good, replicas: ready, ready });
  const fresh = replicaSet(deployed, 2, { ready: 0 });

  test("goes back to the revision whose pods still run, touching only the field that differs", () => {
    const draft = draftOf(rollBack, cart, [deployed, old(2), fresh]);
    expect(draft.steps).toEqual([
      {
        verb: "patch",
        target: { ...cart, uid: deployed.metadata.uid },
        patch: [
          { op: "test", path: "/metadata/uid", value: deployed.metadata.uid },
          { op: "test", path: "/metadata/generation", value: 7 },
          { op: "test", path: "/spec/template/spec/containers/0/name", value: "app" },
          { op: "test", path: "/spec/template/spec/containers/0/image", value: "cart:2" },
          { op: "replace", path: "/spec/template/spec/containers/0/image", value: "cart:1" },
        ],
      },
    ]);
    expect(draft.summary).toContain("revision 1: 2 of its pods are ready now");
    expect(draft.changesSpec).toBe(true);
  });

  test("goes back to a revision without pods when we saw it healthy", () => {
    const draft = draftOf(rollBack, cart, [deployed, old(0), fresh], { knownGood: [known(good, 300)] });
    expect(draft.summary).toContain("revision 1: it was last seen healthy at 2026-03-01T12:05:00.000Z");
  });

  test("does not go back to a revision only because it is older", () => {
    expect(reasonOf(rollBack, cart, [deployed, old(0), fresh])).toBe("no earlier revision of Deployment shop/cart is known to have been good");
  });

  test("skips a bad revision between the failing one and the good one", () => {
    const between = replicaSet(deployed, 2, { template: withImage("cart:1.5"), ready: 0 });
    const draft = draftOf(rollBack, cart, [deployed, old(1), between, replicaSet(deployed, 3, { ready: 0 })]);
    expect(draft.diff).toEqual([{ path: "/spec/template/spec/containers/0/image", before: "cart:2", after: "cart:1" }]);
  });

  test("uses our own record where deletion and re-creation left no revision", () => {
    const draft = draftOf(rollBack, cart, [deployed, replicaSet(deployed, 1, { ready: 0 })], { knownGood: [known(bad, 500), known(good, 300)] });
    expect(draft.diff[0]?.after).toBe("cart:1");
    expect(draft.summary).toContain("its last template seen healthy");
  });

  test("is left alone when the difference holds a value that is not kept, with the command to do it by hand", () => {
    const secret = (value: string) => withImage("cart:1", [{ name: "DB_PASSWORD", value: redactedValue(value) }]);
    const live = running(secret("new"));
    const reason = reasonOf(rollBack, cart, [live, replicaSet(live, 4, { template: secret("old"), ready: 1 }), replicaSet(live, 5, { ready: 0 })]);
    expect(reason).toContain("/spec/template/spec/containers/0/env/0/value");
    expect(reason).toContain("kubectl rollout undo deployment/cart -n shop --to-revision=4");
  });

  test("may hold a redacted value that is the same on both sides", () => {
    const secret = (image: string) => withImage(image, [{ name: "DB_PASSWORD", value: redactedValue("x") }]);
    const live = running(secret("cart:2"));
    const draft = draftOf(rollBack, cart, [live, replicaSet(live, 1, { template: secret("cart:1"), ready: 1 }), replicaSet(live, 2)]);
    expect(draft.diff.map((change) => change.path)).toEqual(["/spec/template/spec/containers/0/image"]);
  });

  test("takes away what was added behind a redacted value without touching it", () => {
    const hidden = { name: "DB_PASS", value: redactedValue("x") };
    const live = running(withImage("cart:1", [hidden, { name: "MODE", value: "broken" }]));
    const draft = draftOf(rollBack, cart, [live, replicaSet(live, 1, { template: withImage("cart:1", [hidden]), ready: 1 }), replicaSet(live, 2)]);
    expect(draft.diff).toEqual([{ path: "/spec/template/spec/containers/0/env/1", before: { name: "MODE", value: "broken" }, after: null }]);
    expect(JSON.stringify([draft.steps, draft.inverse])).not.toContain("redacted");
  });

  test("is left alone while it is paused", () => {
    const paused = running(bad, { paused: true });
    expect(reasonOf(rollBack, cart, [paused, old(2)])).toContain("kubectl rollout resume deployment/cart -n shop");
  });

  test("is left alone when another incarnation carries its name", () => {
    expect(reasonOf(rollBack, { ...cart, uid: "another" }, [deployed, old(2)])).toContain("is gone");
  });

  test("is not undone over a person's later change", () => {
    const draft = draftOf(rollBack, cart, [deployed, old(2), fresh]);
    const changed = running(withImage("cart:3"));
    const back = draft.inverse.type === "exact" ? draft.inverse.steps[0] : undefined;
    expect(() => applyPatch(changed, back?.verb === "patch" ? back.patch : [])).toThrow("test failed: /spec/template/spec/containers/0/image");
  });
});

describe("a StatefulSet", () => {
  const store = ref("StatefulSet", "store");
  const set = statefulSet("store", { spec: { template: bad }, status: { updateRevision: "store-2" } });
  const of = (name: string, revision: string, broken = false) =>
    pod(name, {
      ownedBy: set,
      metadata: { labels: { "controller-revision-hash": revision } },
      ...(broken ? { statuses: [waiting("CrashLoopBackOff")] } : {}),
    });
  const revisions = [controllerRevision(set, 1, good), controllerRevision(set, 2, bad)];

  test("gets its template back and its broken ordinal out of the way", () => {
    const draft = draftOf(rollBack, store, [set, ...revisions, of("store-0", "store-1"), of("store-1", "store-2", true)]);
    expect(draft.steps.map((step) => step.verb)).toEqual(["patch", "delete"]);
    expect(draft.steps[1]).toMatchObject({ target: { kind: "Pod", name: "store-1" } });
    expect(draft.summary).toContain("revision 1");
  });

  test("keeps a pod of the good revision that is not ready", () => {
    const draft = draftOf(rollBack, store, [set, ...revisions, of("store-0", "store-1", true), of("store-1", "store-2", true)], {
      knownGood: [known(good, 10, "StatefulSet", "store")],
    });
    expect(draft.steps.map((step) => step.verb)).toEqual(["patch"]);
  });

  test("needs no deletion where pods are managed in parallel", () => {
    const parallel = { ...set, spec: { ...set.spec, podManagementPolicy: "Parallel" } };
    const draft = draftOf(rollBack, store, [parallel, ...revisions, of("store-0", "store-1"), of("store-1", "store-2", true)]);
    expect(draft.steps.map((step) => step.verb)).toEqual(["patch"]);
  });
});

test("a DaemonSet goes back to the revision of which a pod is ready", () => {
  const agent = daemonSet("agent", { spec: { template: bad } });
  const ready = pod("agent-x", { ownedBy: agent, metadata: { labels: { "controller-revision-hash": "1" } } });
  const draft = draftOf(rollBack, ref("DaemonSet", "agent"), [agent, controllerRevision(agent, 1, good), controllerRevision(agent, 2, bad), ready]);
  expect(draft.diff[0]?.after).toBe("cart:1");
});

test("a Job has nothing to roll back to", () => {
  expect(reasonOf(rollBack, ref("Job", "report"), [])).toContain("has no pod template to roll back");
});
