/** Somebody cordons a node and goes home. */
import { somebody, takeNode } from "../scenario/stage.ts";
import { nodeCause } from "../scenario/victims.ts";
import type { Fault } from "./fault.ts";

export const forgottenCordon: Fault = {
  id: "forgotten-cordon",
  title: "Node cordoned and forgotten",
  truth: ["forgotten-cordon"],
  healedBy: ["uncordon"],
  inject: (stage, random) => {
    const name = takeNode(stage, random);
    if (name === undefined) return undefined;
    somebody(stage, random).cordon(name);
    const subject = { kind: "Node", namespace: "", name } as const;
    return {
      subject,
      targets: [subject],
      causes: [nodeCause(name)],
      isOver: () => stage.cluster.world.store.get("Node", "", name)?.spec.unschedulable !== true,
    };
  },
};
