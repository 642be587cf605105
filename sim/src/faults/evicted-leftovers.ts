/** A node runs short for a while; the kubelet evicts pods, others take their place, and the evicted objects stay. */
import type { Pod, Ref } from "@kintsugi/core";
import { isReady } from "../controllers/pods.ts";
import { evictForPressure, RELIEF_MS, type Scarce, setPressure } from "../kubelet/pressure.ts";
import { type App, isDeployment, isWell, nodeKey, podsOf, type Stage, takeApp } from "../scenario/stage.ts";
import { nodeCause } from "../scenario/victims.ts";
import { appTargets, type Fault } from "./fault.ts";

export const evictedLeftovers: Fault = {
  id: "evicted-leftovers",
  title: "Evicted pods left behind",
  truth: ["evicted-leftovers"],
  healedBy: ["delete-finished-pods"],
  inject: (stage, random) => {
    const app = takeApp(stage, random, (one) => isDeployment(one) && one.replicas >= 2 && nodeOf(stage, one) !== undefined);
    const node = app === undefined ? undefined : nodeOf(stage, app);
    if (app === undefined || node === undefined) return undefined;
    stage.taken.add(nodeKey(node));
    const scarce: Scarce = random.pick(["memory", "ephemeral-storage"]);
    const { world, kubelets, timeline } = stage.cluster;
    setPressure(world, kubelets, node, scarce, true);
    timeline.after(random.between(1_000, 8_000), () => {
      for (const one of podsOf(stage, app.ref)) if (one.spec.nodeName === node) evictForPressure(world, kubelets, one, scarce);
    });
    timeline.after(RELIEF_MS + random.between(10_000, 90_000), () => setPressure(world, kubelets, node, scarce, false));
    const begun = timeline.now();
    const targets: readonly Ref[] = [...appTargets(app), { kind: "Node", namespace: "", name: node }];
    return { subject: app.ref, targets, causes: [nodeCause(node)], isOver: () => timeline.now() > begun + 60_000 && isTidy(stage, app) };
  },
};

/** One that a ready pod of it runs on, and that nothing else is played on: in a drain the pods would be gone before they can be evicted. */
function nodeOf(stage: Stage, app: App): string | undefined {
  return podsOf(stage, app.ref).find((pod) => isReady(pod) && !stage.taken.has(nodeKey(pod.spec.nodeName ?? "")))?.spec.nodeName;
}

function isTidy(stage: Stage, app: App): boolean {
  const isLeft = (pod: Pod) => pod.status.phase === "Failed" && pod.status.reason === "Evicted";
  return isWell(stage, app.ref) && !podsOf(stage, app.ref).some(isLeft);
}
