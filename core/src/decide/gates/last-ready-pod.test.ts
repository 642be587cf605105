import { expect, test } from "vitest";
import type { Ref } from "../../model/ref.ts";
import { cart, cartPods, cartSet, decideInput, evictPlan, imagePlan } from "../../testing/decide-input.ts";
import { pod, ref, replicaSet, waiting } from "../../testing/objects.ts";
import { lastReadyPod } from "./last-ready-pod.ts";

const unready = pod("cart-b", { ownedBy: cartSet, statuses: [waiting("CrashLoopBackOff")] });

test("a ready pod may go while another of its owner is ready", () => {
  expect(lastReadyPod.check(decideInput({ plan: evictPlan() })).answer).toBe("pass");
});

test("the last ready pod stays", () => {
  expect(lastReadyPod.check(decideInput({ plan: evictPlan(), objects: [unready] }))).toMatchObject({
    answer: "block",
    reason: "Pod shop/cart-a is the last ready pod of Deployment shop/cart",
  });
});

test("a pod of another revision of the same owner counts as another", () => {
  const next = replicaSet(cart, 2);
  const objects = [unready, next, pod("cart-c", { ownedBy: next })];
  expect(lastReadyPod.check(decideInput({ plan: evictPlan(), objects })).answer).toBe("pass");
});

test("a pod that is not ready serves nobody and may go", () => {
  expect(lastReadyPod.check(decideInput({ plan: evictPlan("cart-b", unready.metadata.uid), objects: [unready] })).answer).toBe("pass");
});

test("pods that one plan takes together are counted together", () => {
  const steps = cartPods.map((one) => ({ verb: "delete", target: { ...ref("Pod", one.metadata.name), uid: one.metadata.uid } }) as const);
  expect(lastReadyPod.check(decideInput({ plan: imagePlan({ steps }) })).answer).toBe("block");
});

test("a bare pod is never taken, ready or not", () => {
  const bare = pod("lone", { statuses: [waiting("CrashLoopBackOff")] });
  expect(lastReadyPod.check(decideInput({ plan: evictPlan("lone", bare.metadata.uid), objects: [bare] })).answer).toBe("block");
});

test("a ready pod whose owner is not seen is unknown, and so is a pod that is not seen", () => {
  const orphan = pod("lost", { ownedBy: replicaSet({ ...cart, metadata: { ...cart.metadata, name: "gone" } }, 1) });
  expect(lastReadyPod.check(decideInput({ plan: evictPlan("lost", orphan.metadata.uid), objects: [orphan] })).answer).toBe("unknown");
  const target: Ref & { uid: string } = { ...ref("Pod", "nowhere"), uid: "u" };
  expect(lastReadyPod.check(decideInput({ plan: imagePlan({ steps: [{ verb: "evict", target }] }) })).answer).toBe("unknown");
});

test("a patch takes no pod away", () => {
  expect(lastReadyPod.check(decideInput()).answer).toBe("not-applicable");
});
