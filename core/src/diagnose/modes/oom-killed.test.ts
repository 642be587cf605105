import { expect, test } from "vitest";
import { container, pod, running, stamp, terminated, waiting } from "../../testing/objects.ts";
import { bornAt, caseOf, findingsOf, rollout, settled } from "../../testing/scenes.ts";
import { patternOf } from "../evidence.ts";
import { oomKilled } from "./oom-killed.ts";

const limited = (memory?: string) => ({ containers: [container(memory === undefined ? {} : { resources: { limits: { memory } } })] });
const killed = (run: number, ended = 20_000) => terminated({ reason: "OOMKilled", exitCode: 137, startedAt: stamp(ended - run), finishedAt: stamp(ended) });
const looping = (run: number) => waiting("CrashLoopBackOff", "", { restartCount: 2, lastState: killed(run) });
const scene = (status: ReturnType<typeof running>, memory = "64Mi", born = 19_000) => ({
  objects: settled({ template: limited(memory), pods: (set) => [pod("cart-1-a", { ownedBy: set, metadata: bornAt(born), statuses: [status] })] }),
  now: 20_010,
});
const pattern = (given: ReturnType<typeof caseOf>) => patternOf(oomKilled.examine(given) ?? []);

test("killed soon after each start is undersized: the limit is raised from the peak, which is the limit itself", () => {
  const given = caseOf(scene(looping(8)));
  expect(pattern(given)).toBe("+killed-for-memory +killed-soon");
  expect(oomKilled.remedies(given)).toEqual([
    { action: "raise-memory-limit", target: given.subject, params: { container: "app", peakBytes: 64 * 2 ** 20, killedAtLimit: true } },
  ]);
});

test("killed after long runs is a leak: a higher limit only makes it later, so a person is asked", () => {
  const given = caseOf(scene(running({ restartCount: 2, lastState: killed(5_000) }, 20_001), "64Mi", 1_000));
  expect(pattern(given)).toBe("+killed-for-memory +killed-late");
  expect(oomKilled.remedies(given)).toEqual([]);
});

test("a new revision that lowered the limit is taken back before any limit is raised", () => {
  const objects = rollout({
    began: 19_000,
    old: limited("256Mi"),
    next: limited("16Mi"),
    newPods: (set) => [pod("cart-2-a", { ownedBy: set, metadata: bornAt(19_000), statuses: [looping(8)] })],
  });
  const given = caseOf({ objects, now: 20_010 });
  expect(pattern(given)).toBe("+killed-for-memory +killed-soon +new-revision");
  expect(oomKilled.examine(given)?.at(-1)?.text).toContain("its memory limit was 256Mi and is 16Mi");
  expect(oomKilled.remedies(given).map((remedy) => remedy.action)).toEqual(["roll-back", "raise-memory-limit"]);
});

test("without a limit of its own it was the node that ran out", () => {
  const objects = settled({ pods: (set) => [pod("cart-1-a", { ownedBy: set, metadata: bornAt(19_000), statuses: [looping(8)] })] });
  const bare = caseOf({ objects, now: 20_010 });
  expect(pattern(bare)).toBe("+killed-for-memory +killed-soon -no-limit");
  expect(oomKilled.remedies(bare)).toEqual([]);
});

test("one kill of which it recovered, and pods that use much memory and run, are silent", () => {
  expect(findingsOf(scene(running({ restartCount: 1, lastState: killed(8) }, 20_001)))).toEqual([]);
  expect(findingsOf(scene(running()))).toEqual([]);
});

test("verification outlasts the time in which it was killed before", () => {
  expect(oomKilled.recurrenceMs(caseOf(scene(looping(100))))).toBe(330_000);
});
