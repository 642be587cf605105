import { expect, test } from "vitest";
import type { FieldManager } from "../../model/kube.ts";
import { cart, cartPods, decideInput, evictPlan, imagePlan, nodePlan, scalePlan } from "../../testing/decide-input.ts";
import { autoscaler, node } from "../../testing/more-objects.ts";
import { stamp } from "../../testing/objects.ts";
import { fieldOwnership } from "./field-ownership.ts";

const managed = (manager: string, ...paths: string[]): FieldManager => ({ manager, operation: "Update", time: stamp(10), subresource: "", paths });
const cartWith = (...managers: FieldManager[]) => ({ ...cart, metadata: { ...cart.metadata, managers } });
const memoryPlan = () => {
  const target = { ...cart.metadata, kind: "Deployment" as const };
  const path = "/spec/template/spec/containers/0/resources/limits/memory";
  return imagePlan({ steps: [{ verb: "patch", target, patch: [{ op: "replace", path, value: "96Mi" }] }] });
};

test("replicas that an autoscaler sets are its own", () => {
  const scaled = decideInput({ plan: scalePlan(), objects: [autoscaler("cart", { kind: "Deployment", name: "cart" })] });
  expect(fieldOwnership.check(scaled)).toMatchObject({ answer: "block", reason: expect.stringContaining("HorizontalPodAutoscaler cart") });
});

test("an autoscaler of something else, or another field of what is autoscaled, is no hindrance", () => {
  expect(fieldOwnership.check(decideInput({ plan: scalePlan(), objects: [autoscaler("pay", { kind: "Deployment", name: "pay" })] })).answer).toBe("pass");
  expect(fieldOwnership.check(decideInput({ objects: [autoscaler("cart", { kind: "Deployment", name: "cart" })] })).answer).toBe("pass");
});

test("where autoscalers cannot be seen it is unknown whether one scales this", () => {
  expect(fieldOwnership.check(decideInput({ plan: scalePlan(), health: { HorizontalPodAutoscaler: "forbidden" } })).answer).toBe("unknown");
});

test.each([
  ["KEDA", "keda", scalePlan(), "/spec/replicas"],
  ["Argo Rollouts", "rollouts-controller", scalePlan(), "/spec/replicas"],
  ["Argo CD by server-side apply", "argocd-controller", imagePlan(), "/spec/template/spec/containers/*/image"],
  ["Flux", "kustomize-controller", imagePlan(), "/spec/template"],
])("%s keeps what its field manager wrote", (_, manager, plan, path) => {
  expect(fieldOwnership.check(decideInput({ plan, objects: [cartWith(managed(manager, path))] })).answer).toBe("block");
});

test("a person's field, or another field of such a manager, is no hindrance", () => {
  expect(fieldOwnership.check(decideInput({ objects: [cartWith(managed("kubectl-edit", "/spec/template/spec/containers/*/image"))] })).answer).toBe("pass");
  expect(fieldOwnership.check(decideInput({ objects: [cartWith(managed("keda", "/spec/replicas"))] })).answer).toBe("pass");
});

test("a Deployment that Argo Rollouts scales for its own ends says so by an annotation", () => {
  const marked = { ...cart, metadata: { ...cart.metadata, annotations: { "rollout.argoproj.io/workload-generation": "2" } } };
  expect(fieldOwnership.check(decideInput({ plan: scalePlan(), objects: [marked] })).answer).toBe("block");
});

test("memory that the VerticalPodAutoscaler sets on the pods is its own", () => {
  const first = cartPods[0];
  if (first === undefined) throw new Error("no pod");
  const marked = { ...first, metadata: { ...first.metadata, annotations: { vpaObservedContainers: "app" } } };
  expect(fieldOwnership.check(decideInput({ plan: memoryPlan(), objects: [marked] })).answer).toBe("block");
  expect(fieldOwnership.check(decideInput({ objects: [marked] })).answer).toBe("pass");
  expect(fieldOwnership.check(decideInput({ plan: memoryPlan() })).answer).toBe("pass");
});

test.each(["ToBeDeletedByClusterAutoscaler", "node.kubernetes.io/out-of-service", "medik8s.io/remediation"])(
  "a node tainted %s is left to whoever did that",
  (key) => {
    const tainted = node("worker-1", { spec: { unschedulable: true, taints: [{ key, effect: "NoSchedule" }] } });
    expect(fieldOwnership.check(decideInput({ plan: nodePlan(), objects: [tainted] })).answer).toBe("block");
  },
);

test("an eviction writes no field", () => {
  expect(fieldOwnership.check(decideInput({ plan: evictPlan() })).answer).toBe("not-applicable");
});
