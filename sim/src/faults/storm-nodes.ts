/** Several nodes of different zones fall silent within half a minute: a network, a kernel, an upgrade gone wrong. */
import { conditionOf, type Ref } from "@kintsugi/core";
import type { Random } from "../random.ts";
import { nodeKey, type Stage } from "../scenario/stage.ts";
import { nodeCause } from "../scenario/victims.ts";
import { type Fault, type Injection, MINUTE_MS } from "./fault.ts";

export const stormNodes: Fault = {
  id: "storm-nodes",
  title: "Several nodes are lost",
  truth: ["storm"],
  healedBy: [],
  inject: (stage, random) => {
    const up = [...stage.zones.values()].flat().filter((name) => stage.cluster.kubelets.node(name).isUp);
    const all = stage.cluster.world.store.count("Node");
    // 20 % of the nodes, at least two, is a storm.
    const count = Math.max(2, Math.ceil(all * 0.2)) + random.between(0, 1);
    return up.length <= count ? undefined : loseNodes(stage, random, random.shuffle(up).slice(0, count));
  },
};

/** Silences the nodes one shortly after the other; all come back in about half an hour. */
export function loseNodes(stage: Stage, random: Random, names: readonly string[]): Injection {
  const { cluster } = stage;
  const { timeline } = cluster;
  const nodes: readonly Ref[] = names.map((name) => ({ kind: "Node", namespace: "", name }));
  for (const name of names) {
    stage.taken.add(nodeKey(name));
    timeline.after(random.between(0, 25_000), () => cluster.silenceNode(name));
  }
  const endsAt = timeline.now() + random.between(12, 40) * MINUTE_MS;
  timeline.at(endsAt, () => {
    for (const name of names) cluster.reviveNode(name);
  });
  const isReady = (name: string) => conditionOf(cluster.world.store.get("Node", "", name)?.status.conditions ?? [], "Ready")?.status === "True";
  const isOver = () => timeline.now() >= endsAt && names.every(isReady);
  return { subject: nodes[0] ?? { kind: "Node", namespace: "", name: "" }, targets: nodes, causes: names.map(nodeCause), endsAt, isOver };
}
