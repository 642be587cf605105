/** Evicted pods that nobody has deleted fill the number of pod objects that a namespace may hold; a replacement cannot be created. */
import type { Pod } from "@kintsugi/core";
import { isReady } from "../controllers/pods.ts";
import { evictForPressure } from "../kubelet/pressure.ts";
import { quota } from "../scenario/objects.ts";
import { isDeployment, isWell, podsOf, somebody, takeAppAlone } from "../scenario/stage.ts";
import { quotaCause } from "../scenario/victims.ts";
import { appTargets, type Fault } from "./fault.ts";

export const quotaLeftovers: Fault = {
  id: "quota-leftovers",
  title: "Quota of objects filled by evicted pods",
  truth: ["quota-exceeded", "evicted-leftovers"],
  healedBy: ["delete-finished-pods"],
  inject: (stage, random) => {
    const app = takeAppAlone(stage, random, (one) => isDeployment(one) && one.replicas >= 2);
    if (app === undefined) return undefined;
    const { world, kubelets, timeline } = stage.cluster;
    const { namespace } = app.ref;
    const begun = timeline.now();
    const name = `objects-${random.suffix(4)}`;
    world.api.create(somebody(stage, random).actor, quota(namespace, name, { "count/pods": String(world.store.inNamespace("Pod", namespace).length) }));
    timeline.after(10_000, () => {
      const pod = podsOf(stage, app.ref).find(isReady);
      if (pod !== undefined) evictForPressure(world, kubelets, pod, "memory");
    });
    const isLeft = (pod: Pod) => pod.status.reason === "Evicted";
    const isOver = () => timeline.now() > begun + 60_000 && isWell(stage, app.ref) && !podsOf(stage, app.ref).some(isLeft);
    return { subject: app.ref, targets: appTargets(app), causes: [quotaCause(namespace, name)], isOver };
  },
};
