/** One kubelet falls silent, for half an hour or so. What runs on the node is explained by it. */
import { conditionOf } from "@kintsugi/core";
import { takeNode } from "../scenario/stage.ts";
import { nodeCause } from "../scenario/victims.ts";
import { type Fault, MINUTE_MS } from "./fault.ts";

export const nodeNotReady: Fault = {
  id: "node-not-ready",
  title: "One node is lost",
  truth: [],
  healedBy: [],
  inject: (stage, random) => {
    const name = takeNode(stage, random, (node) => stage.cluster.kubelets.node(node).isUp);
    if (name === undefined) return undefined;
    const { cluster } = stage;
    const { store } = cluster.world;
    cluster.silenceNode(name);
    const endsAt = cluster.timeline.now() + random.between(15, 45) * MINUTE_MS;
    cluster.timeline.at(endsAt, () => cluster.reviveNode(name));
    const subject = { kind: "Node", namespace: "", name } as const;
    const isOver = () => {
      const node = store.get("Node", "", name);
      return node !== undefined && cluster.kubelets.node(name).isUp && conditionOf(node.status.conditions, "Ready")?.status === "True";
    };
    return { subject, targets: [subject], causes: [nodeCause(name)], endsAt, isOver };
  },
};
