import type { Pod } from "../../model/kube.ts";
import { controllerOf, refOf } from "../../model/kube.ts";
import { podsOfRoot } from "../../model/owner-chain.ts";
import { isActive, isReady } from "../../model/pod-state.ts";
import { type Ref, refKey, refText } from "../../model/ref.ts";
import { chainOf } from "../chain.ts";
import { type Answer, block, type Gate, notApplicable, pass, unknown } from "../gate.ts";
import type { DecideInput } from "../input.ts";

/** Never takes the last ready pod of a workload, nor any pod that nothing would make again. */
export const lastReadyPod: Gate = {
  id: "last-ready-pod",
  check: (input) => {
    const taken = input.plan.steps.flatMap((step) => ((step.verb === "evict" || step.verb === "delete") && step.target.kind === "Pod" ? [step.target] : []));
    if (taken.length === 0) return notApplicable("no pod is taken away");
    const keys = new Set(taken.map(refKey));
    const answers = taken.map((ref) => answerFor(ref, keys, input));
    return answers.find(({ answer }) => answer === "block") ?? answers.find(({ answer }) => answer === "unknown") ?? pass("others of its owner stay ready");
  },
};

function answerFor(ref: Ref, taken: ReadonlySet<string>, { view }: DecideInput): Answer {
  const pod = view.find(ref);
  if (pod?.kind !== "Pod") return unknown(`${refText(ref)} is not seen`);
  if (controllerOf(pod) === undefined) return block(`${refText(ref)} has no controller: nothing would make it again`);
  if (!isServing(pod)) return pass(`${refText(ref)} is not ready`);
  const chain = chainOf(ref, view);
  const root = chain.objects.at(-1);
  if (chain.end.type !== "root" || root === undefined) return unknown(`${refText(ref)} is ready, and its siblings are not known`);
  const left = podsOfRoot(view, refOf(root)).filter((other) => isServing(other) && !taken.has(refKey(refOf(other))));
  return left.length > 0 ? pass(`${left.length} stay ready`) : block(`${refText(ref)} is the last ready pod of ${refText(refOf(root))}`);
}

function isServing(pod: Pod): boolean {
  return isActive(pod) && isReady(pod);
}
