/** Puts a workload's pod template back to the last one that was good. */
import type { Action, Planned } from "../../model/action.ts";
import { holdsRedacted } from "../../model/redact.ts";
import { refText } from "../../model/ref.ts";
import type { View } from "../../model/view.ts";
import { unblockSteps } from "../broken-ordinal.ts";
import { impossible, planPatch } from "../field-patch.ts";
import { type Change, diffJson } from "../json-diff.ts";
import { anyOf } from "../permissions.ts";
import { type GoodTemplate, lastGoodTemplate } from "../revisions.ts";
import { TEMPLATE, TEMPLATED, type Templated, templatedOf, withoutHash } from "../workload.ts";

export const rollBack: Action = {
  id: "roll-back",
  title: "Roll back to the last revision that was good",
  risk: "medium",
  // Pods: a StatefulSet's broken ordinal.
  permissions: [...TEMPLATED.flatMap((kind) => [anyOf(kind, "get"), anyOf(kind, "patch")]), anyOf("Pod", "get"), anyOf("Pod", "delete")],
  plan(target, _params, { view }) {
    const workload = templatedOf(target, view);
    if (workload === undefined) return impossible(`${refText(target)} is gone or has no pod template to roll back`);
    if (workload.kind === "Deployment" && workload.spec.paused) {
      return impossible(`${refText(target)} is paused, so a change of its template would not be rolled out; resume it with: ${command(workload, "resume")}`);
    }
    const good = lastGoodTemplate(workload, view);
    if (good === undefined) return impossible(`no earlier revision of ${refText(target)} is known to have been good`);
    return planTo(good, workload, view);
  },
};

function planTo(good: GoodTemplate, workload: Templated, view: View): Planned {
  const difference = diffJson(withoutHash(workload.spec.template), good.template, TEMPLATE);
  const hidden = difference.changes.filter((change) => holdsRedacted(change.before) || holdsRedacted(change.after));
  if (hidden.length > 0) return impossible(hiddenText(workload, good, hidden));
  const to = good.revision === undefined ? "its last template seen healthy" : `revision ${good.revision}`;
  return planPatch(rollBack, workload, {
    summary: `Roll back ${refText({ kind: workload.kind, ...workload.metadata })} to ${to}: ${good.proof}`,
    difference,
    after: workload.kind === "StatefulSet" ? unblockSteps(workload, view) : [],
    changesSpec: true,
    fields: [TEMPLATE],
  });
}

function hiddenText(workload: Templated, good: GoodTemplate, hidden: readonly Change[]): string {
  const paths = hidden.map((change) => change.path).join(", ");
  const byHand = good.revision === undefined ? command(workload, "history") : `${command(workload, "undo")} --to-revision=${good.revision}`;
  return `the good revision differs in values that look secret and are therefore not kept here (${paths}); by hand: ${byHand}`;
}

function command(workload: Templated, verb: "undo" | "resume" | "history"): string {
  return `kubectl rollout ${verb} ${workload.kind.toLowerCase()}/${workload.metadata.name} -n ${workload.metadata.namespace}`;
}
