/** Lets pods be scheduled on a node again. */
import type { Action } from "../../model/action.ts";
import { conditionOf } from "../../model/kube.ts";
import { refText } from "../../model/ref.ts";
import { impossible, planPatch } from "../field-patch.ts";
import { diffJson } from "../json-diff.ts";
import { anyOf } from "../permissions.ts";

const UNSCHEDULABLE = "/spec/unschedulable";

export const uncordon: Action = {
  id: "uncordon",
  title: "Uncordon a node",
  risk: "low",
  permissions: [anyOf("Node", "get"), anyOf("Node", "patch")],
  plan(target, _params, { view }) {
    const node = view.find(target);
    if (node?.kind !== "Node") return impossible(`${refText(target)} is gone or is no node`);
    if (!node.spec.unschedulable) return impossible(`${refText(target)} is not cordoned`);
    if (conditionOf(node.status.conditions, "Ready")?.status !== "True") return impossible(`${refText(target)} is not ready`);
    return planPatch(uncordon, node, {
      summary: `Uncordon ${refText(target)}`,
      // Taken away and not set to false: that is how the API server keeps it, so the inverse can test that nobody has cordoned the node since.
      difference: diffJson(true, null, UNSCHEDULABLE),
      changesSpec: false,
      fields: [UNSCHEDULABLE],
    });
  },
};
