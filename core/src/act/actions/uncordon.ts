/** Lets pods be scheduled on a node again. */
import type { Action } from "../../model/action.ts";
import { conditionOf, refOf } from "../../model/kube.ts";
import { refText } from "../../model/ref.ts";
import { impossible, planPatch, sameUid } from "../field-patch.ts";
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
      difference: diffJson(true, false, UNSCHEDULABLE),
      // No test of our own value: the API leaves false out, and who has cordoned it since wanted what this does.
      inverse: {
        type: "compensating",
        steps: [{ verb: "patch", target: refOf(node), patch: [sameUid(node), { op: "add", path: UNSCHEDULABLE, value: true }] }],
      },
      changesSpec: false,
      fields: [UNSCHEDULABLE],
    });
  },
};
