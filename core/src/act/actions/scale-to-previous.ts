/** Scales a workload back to the replicas with which it was last seen healthy. */
import type { Action } from "../../model/action.ts";
import { refText } from "../../model/ref.ts";
import { impossible, planPatch } from "../field-patch.ts";
import { diffJson } from "../json-diff.ts";
import { anyOf } from "../permissions.ts";

const REPLICAS = "/spec/replicas";
const SCALED = ["Deployment", "StatefulSet"] as const;

export const scaleToPrevious: Action = {
  id: "scale-to-previous",
  title: "Scale to the previous replicas",
  risk: "medium",
  permissions: SCALED.flatMap((kind) => [anyOf(kind, "get"), anyOf(kind, "patch")]),
  plan(target, _params, { view }) {
    const workload = view.find(target);
    if (workload?.kind !== "Deployment" && workload?.kind !== "StatefulSet") return impossible(`${refText(target)} is gone or has no replicas to set`);
    const now = workload.spec.replicas;
    const { uid: _, ...name } = target;
    const known = view.knownGood(name).find((good) => (good.spec.replicas ?? 0) > now);
    const before = known?.spec.replicas;
    if (known === undefined || before === undefined) return impossible(`${refText(target)} was never seen healthy with more than its ${now} replicas`);
    return planPatch(scaleToPrevious, workload, {
      summary: `Scale ${refText(target)} from ${now} to ${before} replicas, with which it was last seen healthy at ${new Date(known.lastSeen).toISOString()}`,
      difference: diffJson(now, before, REPLICAS),
      changesSpec: true,
      fields: [REPLICAS],
    });
  },
};
