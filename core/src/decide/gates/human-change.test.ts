import { expect, test } from "vitest";
import { cart, decideInput, evictPlan, imagePlan } from "../../testing/decide-input.ts";
import { at, stamp } from "../../testing/objects.ts";
import { humanChange } from "./human-change.ts";

const IMAGE = "/spec/template/spec/containers/*/image";
const changed = (seconds: number, manager = "kubectl-edit", path = IMAGE) => {
  const entry = { manager, operation: "Update", time: stamp(seconds), subresource: "", paths: [path] };
  return { objects: [{ ...cart, metadata: { ...cart.metadata, managers: [entry] } }] };
};

test("someone who changed the same fields after the incident opened is at work on it", () => {
  expect(humanChange.check(decideInput(changed(301)))).toMatchObject({
    answer: "block",
    reason: expect.stringContaining("kubectl-edit changed Deployment shop/cart"),
    retryAt: at(301 + 24 * 3600),
  });
});

test("the change that began the incident is evidence and no veto", () => {
  expect(humanChange.check(decideInput(changed(250))).answer).toBe("pass");
  expect(humanChange.check(decideInput(changed(300))).answer).toBe("pass");
});

test("a change soon after our own last act answers it, although the incident opened anew since", () => {
  const lately = { acts: [], attemptsOnTarget: 1, lastActAt: at(200) };
  expect(humanChange.check(decideInput({ ...changed(250), history: lately })).answer).toBe("block");
});

test("a change that began an incident long after our last act is evidence again", () => {
  const history = { acts: [], attemptsOnTarget: 1, lastActAt: at(200) };
  expect(humanChange.check(decideInput({ ...changed(250), history, spec: { windows: { reopen: "1m" } } })).answer).toBe("pass");
  expect(humanChange.check(decideInput({ ...changed(301), history, spec: { windows: { reopen: "1m" } } })).answer).toBe("block");
});

test.each(["kube-controller-manager", "kintsugi", "openshift-controller-manager"])("%s is nobody", (manager) => {
  expect(humanChange.check(decideInput(changed(400, manager))).answer).toBe("pass");
});

test("other fields are not ours to defend", () => {
  expect(humanChange.check(decideInput(changed(400, "kubectl", "/spec/replicas"))).answer).toBe("pass");
  expect(humanChange.check(decideInput(changed(400, "kubectl", "/metadata/labels/team"))).answer).toBe("pass");
});

test("another part of the same template counts: the template is what we write", () => {
  expect(humanChange.check(decideInput(changed(400, "kubectl", "/spec/template/spec/containers/*/env"))).answer).toBe("block");
});

test("it ends with the policy's veto window", () => {
  expect(humanChange.check(decideInput({ ...changed(301), spec: { windows: { veto: "1m" } } })).answer).toBe("pass");
});

test("an eviction has no field; a target that is gone is unknown", () => {
  expect(humanChange.check(decideInput({ plan: evictPlan() })).answer).toBe("not-applicable");
  const target = { kind: "Deployment", namespace: "shop", name: "gone", uid: "x" } as const;
  expect(humanChange.check(decideInput({ plan: imagePlan({ target, steps: [{ verb: "patch", target, patch: [] }] }) })).answer).toBe("unknown");
});
