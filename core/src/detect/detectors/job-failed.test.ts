import { expect, test } from "vitest";
import { RECREATED_FROM } from "../../model/job-state.ts";
import { cronJob, failedJob, job } from "../../testing/more-objects.ts";
import { at, owner, ref, stamp } from "../../testing/objects.ts";
import { look } from "../../testing/scenes.ts";
import { jobFailedDetector } from "./job-failed.ts";

const report = ref("Job", "report");
const nightly = ref("CronJob", "nightly");
const failed = failedJob("report", "BackoffLimitExceeded", {}, 30);
const schedule = (text: string) => cronJob("nightly", { spec: { schedule: text } });
const run = (name: string, created: number, make: typeof job, cron = schedule("*/5 * * * *")) =>
  make(name, { metadata: { creationTimestamp: stamp(created), ownerReferences: [owner(cron)] } });
const bad = (name: string, created: number) => run(name, created, (n, over) => failedJob(n ?? "", "BackoffLimitExceeded", over, created + 30));

test("a Job that gave up is reported with its reason, once what made it fail has had time to pass", () => {
  expect(look(jobFailedDetector, { objects: [failed], subject: report, now: 40 })).toEqual({ recheckAt: at(210) });
  const { finding } = look(jobFailedDetector, { objects: [failed], subject: report, now: 210 });
  expect(finding).toMatchObject({ since: at(30), lostShare: 1, members: [{ kind: "Job", name: "report" }] });
  expect(finding?.summary).toContain("BackoffLimitExceeded");
});

test("Complete=True is a success whatever its pods did before", () => {
  const complete = job("report", { status: { failed: 4 } });
  expect(look(jobFailedDetector, { objects: [complete], subject: report, now: 40 })).toEqual({});
});

test("a Job that still runs, or is suspended, is not over", () => {
  const active = job("report", { status: { active: 1, succeeded: 0, failed: 2, conditions: [] } });
  expect(look(jobFailedDetector, { objects: [active], subject: report, now: 40 })).toEqual({});
});

test("a CronJob's failed run waits for the next one that comes soon", () => {
  const objects = [schedule("*/5 * * * *"), bad("nightly-1", 0)];
  expect(look(jobFailedDetector, { objects, subject: nightly, now: 60 })).toEqual({ recheckAt: at(390) });
  expect(look(jobFailedDetector, { objects, subject: nightly, now: 390 }).finding).toBeDefined();
});

test("a run that fails after another one failed is reported at once, and so is one whose next run is far off", () => {
  const twice = [schedule("*/5 * * * *"), bad("nightly-1", 0), bad("nightly-2", 300)];
  expect(look(jobFailedDetector, { objects: twice, subject: nightly, now: 340 }).finding?.members[0]?.name).toBe("nightly-2");
  const daily = [schedule("0 3 * * *"), bad("nightly-1", 0)];
  expect(look(jobFailedDetector, { objects: daily, subject: nightly, now: 40 }).finding).toBeDefined();
});

test("a CronJob whose later run succeeded is well", () => {
  const objects = [schedule("*/5 * * * *"), bad("nightly-1", 0), bad("nightly-2", 300), run("nightly-3", 600, job)];
  expect(look(jobFailedDetector, { objects, subject: nightly, now: 700 })).toEqual({});
});

test("a run that was made for a failed Job is judged with that Job", () => {
  const again = job("report-again", { metadata: { creationTimestamp: stamp(60), annotations: { [RECREATED_FROM]: "report" } } });
  const againFailed = failedJob("report-again", "BackoffLimitExceeded", { metadata: again.metadata }, 90);
  expect(look(jobFailedDetector, { objects: [failed, again], subject: report, now: 100 })).toEqual({});
  expect(look(jobFailedDetector, { objects: [failed, againFailed], subject: report, now: 270 }).finding).toBeDefined();
  expect(look(jobFailedDetector, { objects: [failed, againFailed], subject: ref("Job", "report-again"), now: 100 })).toEqual({});
});
