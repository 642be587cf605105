import { expect, test } from "vitest";
import { configMap } from "../../testing/more-objects.ts";
import { container, pod, running, stamp, terminated, waiting } from "../../testing/objects.ts";
import { bornAt, caseOf, findingsOf, rollout, settled } from "../../testing/scenes.ts";
import { patternOf } from "../evidence.ts";
import { crashLoop } from "./crash-loop.ts";

const template = { containers: [container({ envFrom: [{ configMapRef: { name: "cart-conf" } }] })] };
const ended = (exitCode: number) => terminated({ exitCode, startedAt: stamp(9_080), finishedAt: stamp(9_100) });
const looping = (exitCode = 1) => waiting("CrashLoopBackOff", "back-off 40s restarting failed container", { restartCount: 3, lastState: ended(exitCode) });
const scene = (status = looping(), more: Parameters<typeof caseOf>[0]["objects"] = []) => ({
  objects: [...settled({ template, pods: (set) => [pod("cart-1-a", { ownedBy: set, metadata: bornAt(9_000), statuses: [status] })] }), ...more],
  now: 9_110,
});
const pattern = (given: ReturnType<typeof caseOf>) => patternOf(crashLoop.examine(given) ?? []);

test("a crash that no revision brought has no remedy: its logs are for people", () => {
  const given = caseOf(scene());
  expect(pattern(given)).toBe("+ends-again +no-new-revision");
  expect(crashLoop.remedies(given)).toEqual([]);
});

test("a crash that came with a new revision is better explained by it", () => {
  const newPods = (set: Parameters<Parameters<typeof rollout>[0]["newPods"]>[0]) => [
    pod("cart-2-a", { ownedBy: set, metadata: bornAt(9_000), statuses: [looping()] }),
  ];
  const given = caseOf({ objects: rollout({ began: 9_000, next: { containers: [container({ image: "registry.test/cart:2" })] }, newPods }), now: 9_110 });
  expect(pattern(given)).toBe("+ends-again -new-revision");
});

test("exit codes of a shell that finds no program speak for another mode", () => {
  expect(pattern(caseOf(scene(looping(127))))).toBe("+ends-again -exit-code-says-start +no-new-revision");
});

test("a ConfigMap that came back after the last crash cures it: a restart spares the back-off", () => {
  const given = caseOf(scene(looping(), [configMap("cart-conf", ["app.conf"], { creationTimestamp: stamp(9_105) })]));
  expect(pattern(given)).toBe("+cause-cured +ends-again +no-new-revision");
  expect(crashLoop.remedies(given)).toEqual([{ action: "rollout-restart", target: given.subject, params: {} }]);
});

test("a ConfigMap that has been there all along cures nothing", () => {
  const given = caseOf(scene(looping(), [configMap("cart-conf")]));
  expect(crashLoop.remedies(given)).toEqual([]);
});

test("a single restart, and two while a dependency came up, are silent", () => {
  expect(findingsOf(scene(running({ restartCount: 1, lastState: ended(1) }, 9_101)))).toEqual([]);
  expect(findingsOf(scene(running({ restartCount: 2, lastState: ended(1) }, 9_101)))).toEqual([]);
  expect(crashLoop.examine(caseOf(scene(running({ restartCount: 1, lastState: ended(1) }, 9_101))))).toBeUndefined();
});

test("a container between two back-offs is not healed", () => {
  const objects = settled({
    replicas: 1,
    pods: (set) => [pod("cart-1-a", { ownedBy: set, statuses: [running({ restartCount: 3, lastState: ended(1) }, 9_101)] })],
  });
  expect(crashLoop.healthy(caseOf({ objects, now: 9_110 }))).toMatchObject({ answer: "unhealthy" });
  expect(crashLoop.healthy(caseOf({ objects, now: 9_200 }))).toMatchObject({ answer: "healthy" });
});
