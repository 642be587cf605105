/** Restarts a workload's pods one after another, as `kubectl rollout restart` does: an annotation on the template makes a new revision of it. */
import type { Action } from "../../model/action.ts";
import { refText } from "../../model/ref.ts";
import { unblockSteps } from "../broken-ordinal.ts";
import { impossible, planPatch } from "../field-patch.ts";
import { diffJson } from "../json-diff.ts";
import { anyOf } from "../permissions.ts";
import { TEMPLATE, TEMPLATED, templatedOf } from "../workload.ts";

/**
 * Its value names the generation that is restarted, and no time: the same situation must give the same plan, or no approval could be bound to
 * it. Every restart is another generation, so the value is always a new one.
 */
const RESTARTED_AT = "kintsugi.dev/restartedAt";

export const rolloutRestart: Action = {
  id: "rollout-restart",
  title: "Restart a workload's pods one after another",
  risk: "low",
  // Pods: a StatefulSet's broken ordinal.
  permissions: [...TEMPLATED.flatMap((kind) => [anyOf(kind, "get"), anyOf(kind, "patch")]), anyOf("Pod", "get"), anyOf("Pod", "delete")],
  plan(target, _params, { view }) {
    const workload = templatedOf(target, view);
    if (workload === undefined) return impossible(`${refText(target)} is gone or has no pod template`);
    if (workload.kind === "Deployment" && workload.spec.paused) return impossible(`${refText(target)} is paused: a restart would not be rolled out`);
    const { annotations } = workload.spec.template.metadata;
    const difference = diffJson(
      annotations,
      { ...annotations, [RESTARTED_AT]: `generation-${workload.metadata.generation ?? 0}` },
      `${TEMPLATE}/metadata/annotations`,
    );
    return planPatch(rolloutRestart, workload, {
      summary: `Restart the pods of ${refText(target)} one after another`,
      difference,
      after: workload.kind === "StatefulSet" ? unblockSteps(workload, view) : [],
      inverse: { type: "none", why: "a restart cannot be taken back; the controller keeps the pods as the same template says" },
      changesSpec: false,
      fields: [TEMPLATE],
    });
  },
};
