/** Deletes the objects of pods that will never run again: evicted ones, and finished ones that only take up a quota. */
import { z } from "zod";
import type { Action } from "../../model/action.ts";
import { isOver } from "../../model/job-state.ts";
import { controllerOf, type Pod, refOf } from "../../model/kube.ts";
import { isEvicted, isFinished, isTerminating } from "../../model/pod-state.ts";
import { type Ref, refText } from "../../model/ref.ts";
import { isStaticPod } from "../../model/static-pod.ts";
import type { View } from "../../model/view.ts";
import { impossible } from "../field-patch.ts";
import { parseParams } from "../parameters.ts";
import { anyOf, permissionsOf } from "../permissions.ts";
import { liveController } from "../remade.ts";

/** One plan is no larger than a person would read. */
export const MAX_DELETED = 50;

/** Names of pods in the target's namespace. */
const Params = z.object({ pods: z.array(z.string()) });

export const deleteFinishedPods: Action = {
  id: "delete-finished-pods",
  title: "Delete finished or evicted pods",
  risk: "low",
  permissions: [anyOf("Pod", "get"), anyOf("Pod", "delete")],
  plan(target, params, { view }) {
    const parsed = parseParams(Params, params);
    if (!parsed.ok) return impossible(parsed.reason);
    const named = parsed.value.pods.map((name) => judge({ kind: "Pod", namespace: target.namespace, name }, view));
    const pods = named.flatMap((one) => (typeof one === "string" ? [] : [one])).slice(0, MAX_DELETED);
    if (pods.length === 0) return impossible(named.find((one) => typeof one === "string") ?? "no pod is named");
    const steps = pods.map((pod) => ({ verb: "delete", target: refOf(pod) }) as const);
    const owner = view.find(target);
    return {
      type: "plan",
      draft: {
        action: deleteFinishedPods.id,
        target: owner === undefined ? target : refOf(owner),
        summary: `Delete ${pods.length === 1 ? "one finished pod" : `${pods.length} finished pods`} in ${target.namespace}: ${shown(pods)}`,
        steps,
        inverse: { type: "none", why: "the pods have finished and never run again; only their objects go" },
        risk: deleteFinishedPods.risk,
        permissions: permissionsOf(steps),
        changesSpec: false,
        fields: [],
        diff: pods.map((pod) => ({ path: refText(refOf(pod)), before: isEvicted(pod) ? "Evicted" : pod.status.phase, after: null })),
      },
    };
  },
};

/** The pod, or why it is left alone. */
function judge(ref: Ref, view: View): Pod | string {
  const pod = view.find(ref);
  if (pod?.kind !== "Pod") return `${refText(ref)} is gone`;
  if (!isFinished(pod)) return `${refText(ref)} has not finished`;
  if (isTerminating(pod)) return `${refText(ref)} is being deleted already`;
  if (isStaticPod(pod) || controllerOf(pod) === undefined) return `${refText(ref)} has no controller: it is somebody's own`;
  // A Job's pod carries one until the Job has counted it.
  if (pod.metadata.finalizers.length > 0) return `${refText(ref)} is still waited for (${pod.metadata.finalizers.join(", ")})`;
  if (isEvicted(pod)) return pod;
  const controller = liveController(pod, view);
  if (controller === undefined) return `${refText(ref)}: its controller is not there`;
  return controller.kind === "Job" && !isOver(controller) ? `${refText(ref)}: its Job is not over` : pod;
}

function shown(pods: readonly Pod[]): string {
  const names = pods.slice(0, 5).map((pod) => pod.metadata.name);
  return pods.length > names.length ? `${names.join(", ")} and ${pods.length - names.length} more` : names.join(", ");
}
