import { expect, test } from "vitest";
import { failedJob, quota } from "../../testing/more-objects.ts";
import { condition, deployment, owner, pod, replicaSet, stamp } from "../../testing/objects.ts";
import { caseOf, findingsOf, settled } from "../../testing/scenes.ts";
import { patternOf } from "../evidence.ts";
import { quotaExceeded } from "./quota-exceeded.ts";

const words = (resource: string, requested: string, used: string) =>
  `pods "cart-1-x" is forbidden: exceeded quota: compute, requested: ${resource}=${requested}, used: ${resource}=${used}, limited: ${resource}=${used}`;
const refused = (message: string) => condition("ReplicaFailure", "True", { reason: "FailedCreate", message, lastTransitionTime: stamp(20) });
const cart = (message: string) => deployment("cart", { status: { replicas: 1, updatedReplicas: 1, availableReplicas: 1, conditions: [refused(message)] } });
const scene = (message: string, ...more: Parameters<typeof caseOf>[0]["objects"]) => ({ objects: [cart(message), ...more], now: 200 });
const memory = words("requests.memory", "512Mi", "1Gi");
const counted = words("count/pods", "1", "3");
const full = quota("compute", { "count/pods": "3" }, { "count/pods": "3" });
const done = (name: string, created: number, by: Parameters<typeof owner>[0]) =>
  pod(name, { phase: "Failed", metadata: { creationTimestamp: stamp(created), ownerReferences: [owner(by)] } });
const pattern = (given: ReturnType<typeof caseOf>) => patternOf(quotaExceeded.examine(given) ?? []);

test("memory that is used up is shown as arithmetic, and its owner decides", () => {
  const given = caseOf(scene(memory, quota("compute", { "requests.memory": "1Gi" }, { "requests.memory": "1Gi" })));
  expect(pattern(given)).toBe("+quota-full +refused-by-quota");
  expect(quotaExceeded.examine(given)?.[1]?.text).toBe("requests.memory: 1Gi used + 512Mi asked for, 1Gi allowed");
  expect(quotaExceeded.remedies(given)).toEqual([]);
});

test("finished pods that count against the number of objects are tidied up, the oldest and no more than needed", () => {
  const over = failedJob("report", "BackoffLimitExceeded");
  const given = caseOf(scene(counted, full, over, done("report-b", 6, over), done("report-a", 5, over)));
  expect(quotaExceeded.remedies(given)).toMatchObject([{ action: "delete-finished-pods", params: { pods: ["report-a"] } }]);
});

test("pods of a Job that still counts them, and pods that nobody owns, stay", () => {
  const active = { ...failedJob("report", "x"), status: { ...failedJob("report", "x").status, conditions: [] } };
  const given = caseOf(scene(counted, full, active, done("report-a", 5, active), pod("bare", { phase: "Succeeded" })));
  expect(quotaExceeded.remedies(given)).toEqual([]);
});

test("a quota that was raised meanwhile speaks against it", () => {
  expect(pattern(caseOf(scene(memory, quota("compute", { "requests.memory": "4Gi" }, { "requests.memory": "1Gi" }))))).toBe("-quota-full +refused-by-quota");
});

test("a refusal that names no quota is another mode", () => {
  expect(quotaExceeded.examine(caseOf(scene('pods "x" is forbidden: violates PodSecurity "restricted:latest"')))).toBeUndefined();
});

test("a quota at its limit with every wanted pod running, and a refusal of a moment, are silent", () => {
  expect(findingsOf({ objects: [...settled(), full], now: 900 })).toEqual([]);
  expect(findingsOf({ ...scene(memory), now: 60 })).toEqual([]);
});

test("it is healed when nothing is refused and every replica is there", () => {
  expect(quotaExceeded.healthy(caseOf(scene(memory)))).toMatchObject({ answer: "unhealthy", reason: "1 pod cannot be created" });
  const whole = deployment("cart");
  const set = replicaSet(whole, 1);
  expect(quotaExceeded.healthy(caseOf({ objects: [whole, set, pod("a", { ownedBy: set }), pod("b", { ownedBy: set })], now: 900 }))).toMatchObject({
    answer: "healthy",
  });
});
