/** ResourceQuota status (pkg/controller/resourcequota): recounted when a pod comes, ends or goes. */
import type { Pod } from "@kintsugi/core";
import { controllerActor } from "../api/actor.ts";
import { countsForQuota, quotaUsed } from "../api/quota.ts";
import { sameJson } from "../world/same.ts";
import type { World } from "../world/world.ts";
import { keyOf, splitKey, WorkQueue } from "./queue.ts";

const ACTOR = controllerActor("resourcequota-controller");

export function startQuotas(world: World): void {
  const queue = new WorkQueue(world, "quota", (key) => {
    const { namespace, name } = splitKey(key);
    const quota = world.store.get("ResourceQuota", namespace, name);
    if (quota === undefined) return;
    const status = { hard: quota.spec.hard, used: quotaUsed(world.store, quota) };
    if (!sameJson(status, quota.status)) world.api.update(ACTOR, { ...quota, status }, { subresource: "status" });
  });
  world.store.onChange(["ResourceQuota"], ({ after }) => {
    if (after !== undefined) queue.add(keyOf(after.metadata));
  });
  world.store.onChange(["Pod"], ({ before, after }) => {
    const [old, now] = [before as Pod | undefined, after as Pod | undefined];
    const isCounted = (pod: Pod | undefined) => pod !== undefined && countsForQuota(pod);
    if (isCounted(old) === isCounted(now) && (old === undefined) === (now === undefined)) return;
    const namespace = (now ?? old)?.metadata.namespace ?? "";
    for (const quota of world.store.inNamespace("ResourceQuota", namespace)) queue.add(keyOf(quota.metadata));
  });
}
