/** A whole zone is lost within seconds, and comes back after a while. */
import type { Fault } from "./fault.ts";
import { loseNodes } from "./storm-nodes.ts";

export const stormZone: Fault = {
  id: "storm-zone",
  title: "A zone is lost",
  truth: ["storm"],
  healedBy: [],
  inject: (stage, random) => {
    const zones = [...stage.zones.values()].filter((names) => names.length >= 2 && names.every((name) => stage.cluster.kubelets.node(name).isUp));
    return zones.length < 1 || stage.zones.size < 2 ? undefined : loseNodes(stage, random, random.pick(zones));
  },
};
