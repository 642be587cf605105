import { expect, test } from "vitest";
import { at, condition, container, pod, running, stamp, terminated, waiting } from "../../testing/objects.ts";
import { bornAt, caseOf, findingsOf, rollout, settled } from "../../testing/scenes.ts";
import { patternOf } from "../evidence.ts";
import { badRollout } from "./bad-rollout.ts";

const next = { containers: [container({ image: "registry.test/cart:2" })] };
const crash = (restartCount: number) =>
  waiting("CrashLoopBackOff", "", { restartCount, lastState: terminated({ startedAt: stamp(3_690), finishedAt: stamp(3_700) }) });
const scene = (status: ReturnType<typeof running>, over: Partial<Parameters<typeof rollout>[0]> = {}) => ({
  objects: rollout({ next, ...over, newPods: (set) => [pod("cart-2-a", { ownedBy: set, metadata: bornAt(3_600), statuses: [status], readySince: 3_605 })] }),
  now: 3_710,
});
const pattern = (given: ReturnType<typeof caseOf>) => patternOf(badRollout.examine(given) ?? []);

test("a new revision that crashes while the old one serves is rolled back", () => {
  const given = caseOf(scene(crash(3)));
  expect(pattern(given)).toBe("+new-revision-fails +older-revision-fine");
  expect(badRollout.remedies(given)).toEqual([{ action: "roll-back", target: given.subject, params: {} }]);
});

test("the Deployment's own verdict is evidence", () => {
  const late = condition("Progressing", "False", { reason: "ProgressDeadlineExceeded", lastTransitionTime: stamp(4_200) });
  const given = caseOf({ ...scene(running({ ready: false }, 3_605), { deployment: { status: { conditions: [late] } } }), now: 4_300 });
  expect(pattern(given)).toBe("+deadline-exceeded +new-revision-fails +older-revision-fine");
});

test("pods that have only just started say nothing against their revision, though its deadline has passed", () => {
  const late = condition("Progressing", "False", { reason: "ProgressDeadlineExceeded", lastTransitionTime: stamp(4_200) });
  // Held up by a registry that was away: the image has come at last.
  const given = caseOf({ ...scene(running({ ready: false }, 4_290), { deployment: { status: { conditions: [late] } } }), now: 4_300 }, { findings: [] });
  expect(pattern(given)).toBe("+deadline-exceeded +new-revision-fails +older-revision-fine -only-starting");
});

test("where the cluster names a closer reason, that speaks against it", () => {
  const given = caseOf(scene(waiting("ImagePullBackOff", "not found")));
  expect(pattern(given)).toBe("-closer-reason +new-revision-fails +older-revision-fine");
});

test("without a sign that an earlier revision worked it has nothing to go back to", () => {
  const given = caseOf(scene(crash(3), { oldPods: 0 }));
  expect(pattern(given)).toBe("+new-revision-fails -older-revision-fine");
});

test("trouble that was there before the revision is not laid at its door", () => {
  const given = caseOf(scene(crash(3)), { since: at(1_000) });
  expect(pattern(given)).toBe("+new-revision-fails +older-revision-fine -trouble-before");
});

test("a revision of weeks ago is no rollout", () => {
  const objects = settled({ pods: (set) => [pod("cart-1-a", { ownedBy: set, metadata: bornAt(3_600), statuses: [crash(3)] })] });
  expect(badRollout.examine(caseOf({ objects, now: 3_710 }))).toBeUndefined();
});

test("a slow good rollout and one whose pod restarted once are silent", () => {
  expect(findingsOf(scene(running({ ready: false }, 3_700)))).toEqual([]);
  const once = running({ restartCount: 1, lastState: terminated({ startedAt: stamp(3_600), finishedAt: stamp(3_602) }) }, 3_603);
  expect(findingsOf(scene(once))).toEqual([]);
});

test("a container that has only just been started again is not healed yet", () => {
  const fresh = running({ restartCount: 3, lastState: terminated({ startedAt: stamp(3_690), finishedAt: stamp(3_700) }) }, 3_701);
  const objects = settled({ replicas: 1, pods: (set) => [pod("cart-1-a", { ownedBy: set, statuses: [fresh] })] });
  expect(badRollout.healthy(caseOf({ objects, now: 3_710 }))).toMatchObject({ answer: "unhealthy" });
  expect(badRollout.healthy(caseOf({ objects, now: 3_760 }))).toMatchObject({ answer: "healthy" });
});

test("verification outlasts three of the failing runs and the probe", () => {
  expect(badRollout.recurrenceMs(caseOf(scene(crash(3))))).toBe(60_000);
  const probe = { containers: [container({ readinessProbe: { periodSeconds: 30, failureThreshold: 5, initialDelaySeconds: 10 } })] };
  expect(badRollout.recurrenceMs(caseOf(scene(running({ ready: false }, 3_605), { next: probe })))).toBe(160_000);
});
