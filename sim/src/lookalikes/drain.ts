/** A person drains a node, works on it, and uncordons it. */
import { somebody, takeNode } from "../scenario/stage.ts";
import type { LookAlike } from "./look-alike.ts";

const MINUTE_MS = 60_000;
const GIVE_UP_MS = 35 * MINUTE_MS;

export const drain: LookAlike = {
  id: "drain",
  title: "Drain and uncordon by a person",
  resembles: ["forgotten-cordon", "storm"],
  begin: (stage, random) => {
    const name = takeNode(stage, random, (node) => stage.cluster.kubelets.node(node).isUp);
    if (name === undefined) return undefined;
    const { timeline, world } = stage.cluster;
    const who = somebody(stage, random);
    const workMs = random.between(2, 8) * MINUTE_MS;
    let isDone = false;
    const finish = (): void => {
      if (isDone) return;
      who.cordon(name, false);
      isDone = true;
    };
    who.drain(name, () => timeline.after(workMs, finish));
    // A disruption budget can hold a drain up for ever; whoever sits before it gives up.
    timeline.after(GIVE_UP_MS, finish);
    const isWell = () => !isDone || world.store.get("Node", "", name)?.spec.unschedulable === false;
    return { targets: [{ kind: "Node", namespace: "", name }], endsAt: timeline.now() + workMs + 6 * MINUTE_MS, isWell };
  },
};
