import { describe, expect, test } from "vitest";
import type { Ref } from "../../model/ref.ts";
import { cartPods, decideInput, evictPlan, imagePlan, nodePlan } from "../../testing/decide-input.ts";
import { node } from "../../testing/more-objects.ts";
import { pod, ref } from "../../testing/objects.ts";
import { protectedTarget } from "./protected-target.ts";

const planIn = (namespace: string) => {
  const target = { ...ref("Deployment", "dns", namespace), uid: "u" };
  return imagePlan({ target, steps: [{ verb: "patch", target, patch: [] }] }, { owner: target });
};

describe("never without a policy that names it", () => {
  test.each(["kube-system", "kube-public", "openshift-dns", "openshift", "kintsugi"])("namespace %s", (namespace) => {
    const plan = planIn(namespace);
    expect(protectedTarget.check(decideInput({ plan }))).toMatchObject({ answer: "block", reason: expect.stringContaining(namespace) });
    expect(protectedTarget.check(decideInput({ plan, spec: { unprotect: { namespaces: [namespace] } } })).answer).toBe("pass");
  });

  test.each([
    ["by label", node("cp-1", { metadata: { labels: { "node-role.kubernetes.io/control-plane": "" } } })],
    ["by taint", node("cp-1", { spec: { taints: [{ key: "node-role.kubernetes.io/master", effect: "NoSchedule" }] } })],
  ])("a control-plane node %s", (_, object) => {
    const given = { plan: nodePlan("cp-1"), objects: [object] };
    expect(protectedTarget.check(decideInput(given)).answer).toBe("block");
    expect(protectedTarget.check(decideInput({ ...given, spec: { unprotect: { nodes: ["cp-*"] } } })).answer).toBe("pass");
  });

  test("the node that we run on", () => {
    expect(protectedTarget.check(decideInput({ plan: nodePlan(), own: { namespace: "kintsugi", node: "worker-1" } })).answer).toBe("block");
    expect(protectedTarget.check(decideInput({ plan: nodePlan(), own: { namespace: "kintsugi", node: "worker-2" } })).answer).toBe("pass");
  });
});

describe("never at all", () => {
  const anything = { unprotect: { namespaces: ["*"], nodes: ["*"] } };

  test("static pods", () => {
    const mirror = pod("etcd-cp-1", { metadata: { annotations: { "kubernetes.io/config.mirror": "x" } } });
    const given = { plan: evictPlan("etcd-cp-1", mirror.metadata.uid), objects: [mirror], spec: anything };
    expect(protectedTarget.check(decideInput(given))).toMatchObject({ answer: "block", reason: expect.stringContaining("static Pod") });
  });

  test.each<Ref>([ref("PersistentVolumeClaim", "data"), ref("Namespace", "shop")])("$kind", (named) => {
    const target = { ...named, uid: "u" };
    const plan = imagePlan({ steps: [{ verb: "delete", target }] });
    expect(protectedTarget.check(decideInput({ plan, spec: anything })).answer).toBe("block");
  });

  test.each(["Secret", "ClusterRoleBinding", "CustomResourceDefinition", "ValidatingWebhookConfiguration"])("a new %s", (kind) => {
    const plan = imagePlan({ steps: [{ verb: "create", ref: ref("Job", "x"), manifest: { kind } }] });
    expect(protectedTarget.check(decideInput({ plan, spec: anything })).answer).toBe("block");
  });
});

test("a plain workload and an ordinary node are not protected", () => {
  expect(protectedTarget.check(decideInput()).answer).toBe("pass");
  expect(protectedTarget.check(decideInput({ plan: evictPlan(), objects: cartPods })).answer).toBe("pass");
  expect(protectedTarget.check(decideInput({ plan: nodePlan() })).answer).toBe("pass");
});
