import { expect, test } from "vitest";
import { job } from "../../testing/more-objects.ts";
import { at, pod, ref, running, stamp, terminated, waiting } from "../../testing/objects.ts";
import { bornAt, look, settled } from "../../testing/scenes.ts";
import { containerCrashingDetector } from "./container-crashing.ts";

/** Ran from 30 s before `ended` until then. */
const crash = (ended: number, run = 30) => terminated({ startedAt: stamp(ended - run), finishedAt: stamp(ended) });
const one = (status: Parameters<typeof pod>[1]) => settled({ pods: (set) => [pod("cart-1-a", { ownedBy: set, ...status })] });

test("the third crash within the window is a loop, and it began with the pod", () => {
  const objects = one({ statuses: [waiting("CrashLoopBackOff", "back-off 20s restarting failed container", { restartCount: 2, lastState: crash(120) })] });
  const { finding } = look(containerCrashingDetector, { objects, now: 125 });
  expect(finding).toMatchObject({ count: 1, since: at(0), lostShare: 1 });
});

test("a loop is seen between two back-offs as well, and forgotten a window after the last crash", () => {
  const objects = one({ statuses: [running({ restartCount: 3, lastState: crash(120) }, 130)] });
  expect(look(containerCrashingDetector, { objects, now: 140 })).toMatchObject({ finding: { count: 1 }, recheckAt: at(720) });
  expect(look(containerCrashingDetector, { objects, now: 721 })).toEqual({});
});

test("a container whose run of exit code 0 was meant to last for ever crashes too", () => {
  const objects = one({
    statuses: [
      waiting("CrashLoopBackOff", "", {
        restartCount: 2,
        lastState: terminated({ reason: "Completed", exitCode: 0, startedAt: stamp(100), finishedAt: stamp(101) }),
      }),
    ],
  });
  expect(look(containerCrashingDetector, { objects, now: 110 }).finding).toBeDefined();
});

test("an old pod that begins to crash has done so since its last run, not since its birth", () => {
  const objects = one({ metadata: bornAt(-864_000), statuses: [waiting("CrashLoopBackOff", "", { restartCount: 4, lastState: crash(500, 10) })] });
  expect(look(containerCrashingDetector, { objects, now: 510 }).finding?.since).toBe(at(490));
});

test("a container that waited for its dependency and crashed twice is well", () => {
  const objects = one({ statuses: [running({ restartCount: 2, lastState: crash(40) }, 60)] });
  expect(look(containerCrashingDetector, { objects, now: 70 })).toEqual({});
});

test("restarts days apart are no loop", () => {
  const objects = one({ metadata: bornAt(-864_000), statuses: [running({ restartCount: 9, lastState: crash(100, 86_400) }, 101)] });
  expect(look(containerCrashingDetector, { objects, now: 110 })).toEqual({});
});

test("a Job's pods may fail: its own back-off limit decides", () => {
  const owner = job("report", { status: { active: 1, succeeded: 0, conditions: [] } });
  const victim = pod("report-a", { ownedBy: owner, statuses: [waiting("CrashLoopBackOff", "", { restartCount: 4, lastState: crash(100) })] });
  expect(containerCrashingDetector.subjects).not.toContain("Job");
  expect(look(containerCrashingDetector, { objects: [owner, victim], subject: ref("Job", "report"), now: 110 }).finding).toBeDefined();
});
