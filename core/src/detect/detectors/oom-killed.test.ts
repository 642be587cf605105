import { expect, test } from "vitest";
import { at, container, pod, running, stamp, terminated, waiting } from "../../testing/objects.ts";
import { bornAt, look, settled } from "../../testing/scenes.ts";
import { oomKilledDetector } from "./oom-killed.ts";

const template = { containers: [container({ resources: { limits: { memory: "64Mi" } } })] };
const killed = (ended: number, run: number) => terminated({ reason: "OOMKilled", exitCode: 137, startedAt: stamp(ended - run), finishedAt: stamp(ended) });
const one = (status: Parameters<typeof pod>[1]) => settled({ template, pods: (set) => [pod("cart-1-a", { ownedBy: set, ...status })] });

test("a container that is killed at its limit a second time is reported with the limit", () => {
  const objects = one({ statuses: [waiting("CrashLoopBackOff", "", { restartCount: 1, lastState: killed(40, 5) })] });
  expect(look(oomKilledDetector, { objects, now: 45 }).finding?.summary).toContain("2 times at its limit of 64Mi");
});

test("a limit below what the runtime needs shows as StartError and counts as well", () => {
  const init = terminated({ reason: "StartError", exitCode: 128, message: "container init was OOM-killed (memory limit too low?)" });
  const objects = one({ statuses: [waiting("RunContainerError", "", { restartCount: 2, lastState: init })] });
  expect(look(oomKilledDetector, { objects, now: 45 }).finding).toBeDefined();
});

test("a slow leak is remembered until another kill was due", () => {
  const objects = one({ metadata: bornAt(-30_000), statuses: [running({ restartCount: 3, lastState: killed(0, 7_200) }, 1)] });
  expect(look(oomKilledDetector, { objects, now: 3_600 })).toMatchObject({ finding: { lostShare: 0.5 }, recheckAt: at(14_400) });
  expect(look(oomKilledDetector, { objects, now: 14_400 })).toEqual({});
});

test("one kill, and it runs since: nothing to report", () => {
  const objects = one({ statuses: [running({ restartCount: 1, lastState: killed(40, 5) }, 41)] });
  expect(look(oomKilledDetector, { objects, now: 60 })).toEqual({});
});

test("a crash that is not about memory is another detector's", () => {
  const objects = one({ statuses: [waiting("CrashLoopBackOff", "", { restartCount: 5, lastState: terminated() })] });
  expect(look(oomKilledDetector, { objects, now: 60 })).toEqual({});
});
