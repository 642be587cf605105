/** A new revision asks for more CPU than any node has. */
import { editFault } from "./fault.ts";

export const unschedulableCpu = editFault(
  { id: "unschedulable-cpu", title: "No node has the CPU", truth: ["unschedulable"], healedBy: ["roll-back"] },
  (container, _, random) => ({
    ...container,
    resources: { ...container.resources, requests: { ...container.resources?.requests, cpu: random.pick(["24", "32", "64"]) } },
  }),
);
