/** Baseline: restart whatever is not ready. What a cron job with kubectl would do; it knows nothing else. */
import { conditionOf, controllerOf, type Pod, refOf } from "@kintsugi/core";
import { person } from "../api/actor.ts";
import type { SimCluster } from "../cluster.ts";
import type { Contender, Entrant } from "./contender.ts";
import { actPolicy } from "./kintsugi.ts";

const EVERY_MS = 60_000;
/** Not ready for this long: restarted. */
const PATIENCE_MS = 3 * 60_000;
const MAX_A_ROUND = 5;

export const restartBaseline: Entrant = {
  name: "restart what is not ready",
  async enter({ cluster, rules }): Promise<Contender> {
    const actor = { ...person("restarter", "kubectl"), kind: "engine" as const };
    const round = (): void => {
      for (const pod of notReady(cluster).slice(0, MAX_A_ROUND)) cluster.world.api.remove(actor, refOf(pod), { uid: pod.metadata.uid });
      cancel = cluster.timeline.after(EVERY_MS, round);
    };
    let cancel = cluster.timeline.after(EVERY_MS, round);
    return { settled: async () => {}, incidents: () => [], records: () => [], policy: actPolicy({}, rules).spec, stop: async () => cancel() };
  },
};

function notReady(cluster: SimCluster): readonly Pod[] {
  const now = cluster.timeline.now();
  return cluster.world.store.list("Pod").filter((pod) => {
    if (pod.metadata.deletionTimestamp !== undefined || pod.status.phase === "Succeeded" || controllerOf(pod) === undefined) return false;
    const ready = conditionOf(pod.status.conditions, "Ready");
    const since = Date.parse(ready?.lastTransitionTime || pod.metadata.creationTimestamp);
    return ready?.status !== "True" && now - since > PATIENCE_MS;
  });
}

/** Baseline: do nothing. What gets well alone gets well. */
export const idleBaseline: Entrant = {
  name: "do nothing",
  async enter({ rules }): Promise<Contender> {
    return { settled: async () => {}, incidents: () => [], records: () => [], policy: actPolicy({}, rules).spec, stop: async () => {} };
  },
};
