import { expect, test } from "vitest";
import { RECREATED_FROM } from "../../model/job-state.ts";
import type { ClusterObject } from "../../model/kube.ts";
import { cronJob, failedJob, job } from "../../testing/more-objects.ts";
import { at, owner, ref, stamp } from "../../testing/objects.ts";
import { caseOf, findingsOf } from "../../testing/scenes.ts";
import { patternOf } from "../evidence.ts";
import { failedJob as mode } from "./failed-job.ts";

const failed = failedJob("report", "BackoffLimitExceeded");
const again = { metadata: { creationTimestamp: stamp(60), annotations: { [RECREATED_FROM]: "report" } } };
const scene = (...objects: readonly ClusterObject[]) => ({ objects, now: 100, subject: ref("Job", "report") });
const pattern = (given: ReturnType<typeof caseOf>) => patternOf(mode.examine(given) ?? []);

test("a Job that gave up is run again once, if the action finds that allowed", () => {
  const given = caseOf(scene(failed));
  expect(pattern(given)).toBe("+gave-up +not-made-good");
  expect(mode.remedies(given)).toMatchObject([{ action: "recreate-job", target: { kind: "Job", name: "report" } }]);
});

test("a second run that fails as well is for a person", () => {
  const given = caseOf(scene(failed, failedJob("report-again", "BackoffLimitExceeded", again, 90)));
  expect(pattern(given)).toBe("+failed-again +gave-up +not-made-good -was-run-again");
  expect(mode.remedies(given)).toEqual([]);
});

test("it is healed by a later run that is complete, not by one that runs", () => {
  expect(mode.healthy(caseOf(scene(failed, job("report-again", again))))).toMatchObject({ answer: "healthy" });
  const active = job("report-again", { ...again, status: { active: 1, succeeded: 0, conditions: [] } });
  expect(mode.healthy(caseOf(scene(failed, active)))).toEqual({ answer: "under-way", reason: "report-again is not over yet" });
  const limited = { ...active, spec: { ...active.spec, activeDeadlineSeconds: 600 } };
  expect(mode.healthy(caseOf(scene(failed, limited)))).toMatchObject({ until: at(661) });
});

test("of a CronJob the failed run is run again, not the schedule", () => {
  const cron = cronJob("nightly", { spec: { schedule: "0 3 * * *" } });
  const run = failedJob("nightly-1", "DeadlineExceeded", { metadata: { ownerReferences: [owner(cron)] } });
  const given = caseOf({ objects: [cron, run], now: 100, subject: ref("CronJob", "nightly") });
  expect(mode.remedies(given)).toMatchObject([{ target: { kind: "Job", name: "nightly-1" } }]);
});

test("a Job that is complete after failures, and a CronJob whose later run succeeded, are silent", () => {
  expect(findingsOf(scene(job("report", { status: { failed: 3 } })))).toEqual([]);
  const cron = cronJob();
  const run = (name: string, created: number, make: typeof job) =>
    make(name, { metadata: { creationTimestamp: stamp(created), ownerReferences: [owner(cron)] } });
  const runs = [run("nightly-1", 0, (name, over) => failedJob(name ?? "", "BackoffLimitExceeded", over)), run("nightly-2", 60, job)];
  expect(findingsOf({ objects: [cron, ...runs], now: 100, subject: ref("CronJob", "nightly") })).toEqual([]);
});
