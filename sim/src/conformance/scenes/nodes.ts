/** Nodes that are closed, and nodes that fall silent. */
import { conditionOf } from "@kintsugi/core";
import { cart } from "./manifests.ts";
import type { Scene } from "./scene.ts";
import { readyPods } from "./signs.ts";

const cordon = (unschedulable: boolean) => [{ type: "patch", kind: "Node", name: "vnode-0", patch: { spec: { unschedulable } } }] as const;
const REAL = ["node-0", "node-1"] as const;

export const NODES: readonly Scene[] = [
  {
    name: "forgotten-cordon",
    mode: "forgotten-cordon",
    subject: { kind: "Node", name: "vnode-0" },
    start: [],
    hurt: cordon(true),
    shows: (objects) => objects.some((object) => object.kind === "Node" && object.spec.taints.some((taint) => taint.timeAdded !== undefined)),
    mend: cordon(false),
  },
  {
    name: "storm-two-nodes",
    mode: "storm",
    subject: { kind: "Node", name: "node-0" },
    wants: "real nodes of our own, which nothing else uses meanwhile",
    start: [cart()],
    isWell: readyPods(2),
    hurt: REAL.map((node) => ({ type: "stop-kubelet", node })),
    shows: (objects) =>
      objects.filter(
        (object) =>
          object.kind === "Node" &&
          conditionOf(object.status.conditions, "Ready")?.status !== "True" &&
          object.spec.taints.some((taint) => taint.effect === "NoExecute"),
      ).length === REAL.length,
    mend: REAL.map((node) => ({ type: "start-kubelet", node })),
  },
];
