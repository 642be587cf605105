/** Somebody saves memory and mistakes the unit: in so small a limit not even the pod's sandbox, or the container's first process, can start. */
import { editFault } from "./fault.ts";

export const oomLimitBelowStart = editFault(
  { id: "oom-limit-below-start", title: "Memory limit too small to start in", truth: ["oom-killed", "bad-rollout"], healedBy: ["roll-back"] },
  (container, _, random) => {
    const memory = random.pick(["1Mi", "1Mi", "1Mi", "4Mi"]);
    return { ...container, resources: { requests: { ...container.resources?.requests, memory }, limits: { ...container.resources?.limits, memory } } };
  },
);
