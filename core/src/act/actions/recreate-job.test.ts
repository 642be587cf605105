import { expect, test } from "vitest";
import { RECREATED_FROM } from "../../model/job-state.ts";
import { redactedValue } from "../../model/redact.ts";
import { CREATED_UID } from "../../model/step.ts";
import { cronJob, failedJob, job } from "../../testing/more-objects.ts";
import { container, owner, ref, template } from "../../testing/objects.ts";
import { draftOf, reasonOf } from "../../testing/plans.ts";
import { IDEMPOTENT, recreateJob } from "./recreate-job.ts";

const target = ref("Job", "report");
const generated = { "controller-uid": "u", "batch.kubernetes.io/controller-uid": "u", "job-name": "report", "batch.kubernetes.io/job-name": "report" };
const failed = failedJob("report", "BackoffLimitExceeded", {
  metadata: { labels: { [IDEMPOTENT]: "true", team: "data", ...generated }, ownerReferences: [owner(cronJob("nightly"))] },
  spec: { template: template({ labels: { app: "report", ...generated }, spec: { restartPolicy: "Never" } }), activeDeadlineSeconds: 600 },
});

test("a new Job runs beside the failed one, with nothing that ties it to the old", () => {
  const draft = draftOf(recreateJob, target, [failed]);
  const [step] = draft.steps;
  if (step?.verb !== "create") throw new Error("no creation");
  expect(step.ref.name).toMatch(/^report-retry-[0-9a-f]{5}$/);
  expect(step.manifest).toEqual({
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name: step.ref.name, namespace: "shop", labels: { [IDEMPOTENT]: "true", team: "data" }, annotations: { [RECREATED_FROM]: "report" } },
    spec: {
      completions: 1,
      parallelism: 1,
      backoffLimit: 6,
      activeDeadlineSeconds: 600,
      template: { ...failed.spec.template, metadata: { labels: { app: "report" }, annotations: {} } },
    },
  });
  expect(draft.inverse).toEqual({ type: "compensating", steps: [{ verb: "delete", target: { ...step.ref, uid: CREATED_UID } }] });
  expect(draft.permissions.map(({ verb, name }) => [verb, name])).toEqual([
    ["get", step.ref.name],
    ["create", ""],
    ["delete", step.ref.name],
  ]);
});

test("the name is the same each time and never too long, so that a second creation is a conflict", () => {
  const long = "a".repeat(63);
  const steps = () => draftOf(recreateJob, ref("Job", long), [failedJob(long, "DeadlineExceeded", { metadata: { labels: { [IDEMPOTENT]: "true" } } })]).steps;
  const [step] = steps();
  expect(step?.verb === "create" && step.ref.name).toHaveLength(63);
  expect(steps()).toEqual(steps());
});

test("a policy may say instead of the label that it is safe", () => {
  const unlabelled = failedJob("report", "BackoffLimitExceeded");
  expect(reasonOf(recreateJob, target, [unlabelled])).toContain("nothing says that this is safe");
  expect(draftOf(recreateJob, target, [unlabelled], { params: { allowed: true } }).steps).toHaveLength(1);
});

const with_ = (over: Parameters<typeof failedJob>[2]) =>
  failedJob("report", "BackoffLimitExceeded", { ...over, metadata: { labels: { [IDEMPOTENT]: "true" }, ...over?.metadata } });

test.each([
  [
    "a Job that is complete although pods of it failed",
    job("report", { metadata: { labels: { [IDEMPOTENT]: "true" } }, status: { failed: 2 } }),
    "it has not failed",
  ],
  ["a second run", with_({ metadata: { annotations: { [RECREATED_FROM]: "older" } } }), "itself the second run"],
  [
    "a Job with values that are not kept",
    with_({ spec: { template: template({ containers: [container({ env: [{ name: "TOKEN", value: redactedValue("x") }] })] }) } }),
    "look secret",
  ],
  ["a Job with fields that are not kept", with_({ spec: { unkept: ["podFailurePolicy"] } }), "a copy would lack podFailurePolicy"],
] as const)("%s is not run again", (_, made, reason) => {
  expect(reasonOf(recreateJob, target, [made])).toContain(reason);
});

test("a Job that was run again already is not run a third time", () => {
  const [step] = draftOf(recreateJob, target, [failed]).steps;
  const second = job(step?.verb === "create" ? step.ref.name : "");
  expect(reasonOf(recreateJob, target, [failed, second])).toContain("it was run again already");
});
