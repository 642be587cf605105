/** A new revision asks for more memory than any node has. */
import { editFault } from "./fault.ts";

export const unschedulableMemory = editFault(
  { id: "unschedulable-memory", title: "No node has the memory", truth: ["unschedulable"], healedBy: ["roll-back"] },
  (container, _, random) => {
    const memory = random.pick(["128Gi", "200Gi", "256Gi"]);
    return { ...container, resources: { requests: { ...container.resources?.requests, memory }, limits: { ...container.resources?.limits, memory } } };
  },
);
