import { expect, test } from "vitest";
import type { Finding } from "../../model/finding.ts";
import { cronJob, job } from "../../testing/more-objects.ts";
import { at, condition, container, owner, pod, ref, running, stamp, terminated } from "../../testing/objects.ts";
import { bornAt, caseOf, findingsOf, rollout, settled } from "../../testing/scenes.ts";
import { patternOf } from "../evidence.ts";
import { nothingWrong } from "./nothing-wrong.ts";

const claim = (detector: string, subject = ref("Deployment", "cart")): Finding => ({
  detector,
  subject,
  since: at(0),
  summary: "",
  members: [],
  count: 1,
  lostShare: 0,
});
const pattern = (given: ReturnType<typeof caseOf>) => patternOf(nothingWrong.examine(given) ?? []);
const ended = (finished: number) => terminated({ startedAt: stamp(finished - 5), finishedAt: stamp(finished) });
const restarted = (restartCount: number, finished: number) =>
  settled({ replicas: 1, pods: (set) => [pod("cart-1-a", { ownedBy: set, statuses: [running({ restartCount, lastState: ended(finished) }, finished + 1)] })] });

test("a pod that restarted once, long ago, and is ready is no reason to do anything", () => {
  const given = caseOf({ objects: restarted(1, 100), now: 2_000 }, { findings: [claim("container-crashing")] });
  expect(pattern(given)).toBe("+all-ready");
  expect(nothingWrong.remedies(given)).toEqual([]);
});

test("a container between two back-offs only looks well", () => {
  const given = caseOf({ objects: restarted(4, 1_990), now: 2_000 }, { findings: [claim("container-crashing")] });
  expect(pattern(given)).toBe("+all-ready -ended-again -ended-lately");
});

test("a slow rollout that lately made progress is under way, not stalled", () => {
  const progress = condition("Progressing", "True", { reason: "ReplicaSetUpdated", lastUpdateTime: stamp(3_700) });
  const objects = rollout({
    next: { containers: [container({ image: "registry.test/cart:2" })] },
    newPods: (set) => [pod("cart-2-a", { ownedBy: set, metadata: bornAt(3_700), statuses: [running({ ready: false }, 3_750)] })],
    deployment: { status: { conditions: [progress] } },
  });
  expect(pattern(caseOf({ objects, now: 3_800 }, { findings: [claim("rollout-stalled")] }))).toBe("+rollout-gets-ahead");
  expect(nothingWrong.examine(caseOf({ objects, now: 4_200 }, { findings: [claim("rollout-stalled")] }))).toBeUndefined();
});

test("a Job that is complete after failures is a success", () => {
  const done = job("report", { status: { failed: 3 } });
  const given = caseOf({ objects: [done], now: 100, subject: ref("Job", "report") }, { findings: [claim("job-failed", ref("Job", "report"))] });
  expect(pattern(given)).toBe("+job-complete");
});

test("what is really down is not explained away", () => {
  const objects = settled({ deployment: { status: { availableReplicas: 1 } }, pods: (set) => [pod("cart-1-a", { ownedBy: set })] });
  expect(nothingWrong.examine(caseOf({ objects, now: 2_000 }, { findings: [claim("pod-not-ready")] }))).toBeUndefined();
});

test("healthy workloads, completed Jobs and quiet CronJobs are silent altogether", () => {
  const cron = cronJob();
  const run = job("nightly-1", { metadata: { ownerReferences: [owner(cron)] } });
  expect(findingsOf({ objects: settled(), now: 90_000 })).toEqual([]);
  expect(findingsOf({ objects: restarted(1, 100), now: 110 })).toEqual([]);
  expect(findingsOf({ objects: [job()], now: 90_000, subject: ref("Job", "report") })).toEqual([]);
  expect(findingsOf({ objects: [cron, run], now: 90_000, subject: ref("CronJob", "nightly") })).toEqual([]);
});
