/** A node runs short for a while; the kubelet evicts pods, others take their place, and the evicted objects stay. */
import type { Pod, Ref } from "@kintsugi/core";
import { isReady } from "../controllers/pods.ts";
import { evictForPressure, RELIEF_MS, type Scarce, setPressure } from "../kubelet/pressure.ts";
import { type App, isDeployment, isWell, podsOf, type Stage, takeApp } from "../scenario/stage.ts";
import { appTargets, type Fault } from "./fault.ts";

export const evictedLeftovers: Fault = {
  id: "evicted-leftovers",
  title: "Evicted pods left behind",
  truth: ["evicted-leftovers"],
  healedBy: ["delete-finished-pods"],
  inject: (stage, random) => {
    const app = takeApp(stage, random, (one) => isDeployment(one) && one.replicas >= 2);
    const pod = app === undefined ? undefined : podsOf(stage, app.ref).find(isReady);
    if (app === undefined || pod?.spec.nodeName === undefined) return undefined;
    const node = pod.spec.nodeName;
    const scarce: Scarce = random.pick(["memory", "ephemeral-storage"]);
    const { world, kubelets, timeline } = stage.cluster;
    setPressure(world, kubelets, node, scarce, true);
    timeline.after(random.between(1_000, 8_000), () => {
      for (const one of podsOf(stage, app.ref)) if (one.spec.nodeName === node) evictForPressure(world, kubelets, one, scarce);
    });
    timeline.after(RELIEF_MS + random.between(10_000, 90_000), () => setPressure(world, kubelets, node, scarce, false));
    const begun = timeline.now();
    const targets: readonly Ref[] = [...appTargets(app), { kind: "Node", namespace: "", name: node }];
    return { subject: app.ref, targets, isOver: () => timeline.now() > begun + 60_000 && isTidy(stage, app) };
  },
};

function isTidy(stage: Stage, app: App): boolean {
  const isLeft = (pod: Pod) => pod.status.phase === "Failed" && pod.status.reason === "Evicted";
  return isWell(stage, app.ref) && !podsOf(stage, app.ref).some(isLeft);
}
