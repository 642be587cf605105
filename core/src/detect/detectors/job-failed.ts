/**
 * A Job gave up. Complete=True is a success whatever its pods did before; of a CronJob a run that the next one will soon make good is given
 * that chance, and two in a row are not.
 */

import { nextRun } from "../../model/cron.ts";
import type { Detection, Detector, DetectWindows } from "../../model/finding.ts";
import { failedRun, hasFailed, overAt, RECREATED_FROM, runsOf } from "../../model/job-state.ts";
import { type CronJob, conditionOf, type Job, refOf } from "../../model/kube.ts";
import type { Ref } from "../../model/ref.ts";
import type { View } from "../../model/view.ts";
import { isLive } from "../pod-detector.ts";

/** A next run within this is waited for. */
const SOON_MS = 3_600_000;

/** What made it fail (a database that restarts) gets so many windows to pass: a run made at once would fail of the same. */
const PATIENCE = 2;

export const jobFailedDetector: Detector = { id: "job-failed", subjects: ["Job", "CronJob"], detect };

function detect(subject: Ref, view: View, now: number, windows: DetectWindows): Detection {
  if (!isLive(view, "Job", subject.kind)) return {};
  const owner = view.find(subject);
  // A run that was made for a failed Job is judged with that Job.
  if (owner === undefined || owner.metadata.annotations[RECREATED_FROM] !== undefined) return {};
  const failed = failedRun(view, subject);
  if (failed === undefined) return {};
  const due = owner.kind === "CronJob" ? chanceUntil(owner, failed, runsOf(view, owner), windows) : overAt(failed) + PATIENCE * windows.notReadyMs;
  if (now < due) return { recheckAt: due };
  const condition = conditionOf(failed.status.conditions, "Failed");
  return {
    finding: {
      detector: "job-failed",
      subject,
      since: overAt(failed),
      summary: `Job ${failed.metadata.name} failed: ${condition?.reason ?? "unknown"}, ${condition?.message.slice(0, 200) ?? ""}`,
      members: [refOf(failed)],
      count: 1,
      lostShare: 1,
    },
  };
}

/** Until when the next scheduled run may still make it good, ms. Zero: it has failed twice, or no run comes soon. */
function chanceUntil(owner: CronJob, failed: Job, runs: readonly Job[], windows: DetectWindows): number {
  const before = runs[runs.indexOf(failed) + 1];
  if (owner.spec.suspend || (before !== undefined && hasFailed(before))) return 0;
  const next = nextRun(owner.spec.schedule, overAt(failed), SOON_MS);
  return next === undefined ? 0 : next + windows.notReadyMs;
}
