/** Garbage collector: what is owned by something that no longer exists goes too (background propagation). */
import { type ClusterObject, KINDS, refOf } from "@kintsugi/core";
import { controllerActor } from "../api/actor.ts";
import type { World } from "../world/world.ts";
import { WorkQueue } from "./queue.ts";

const ACTOR = controllerActor("generic-garbage-collector");

export function startGarbage(world: World): void {
  const queue = new WorkQueue(world, "garbage", (uid) => {
    for (const object of world.store.dependents(uid)) if (object.metadata.deletionTimestamp === undefined) collect(world, object);
  });
  world.store.onChange(KINDS, ({ before, after }) => {
    if (before !== undefined && after === undefined) queue.add(before.metadata.uid);
    // A dependent may be created just after its owner has gone.
    if (before === undefined && after !== undefined) {
      const owner = after.metadata.ownerReferences.find((reference) => reference.controller);
      if (owner !== undefined && isGone(world, after, owner)) queue.add(owner.uid);
    }
  });
}

function isGone(world: World, object: ClusterObject, owner: { readonly kind: string; readonly name: string; readonly uid: string }): boolean {
  const kind = KINDS.find((one) => one === owner.kind);
  if (kind === undefined) return false;
  const found = world.store.get(kind, object.metadata.namespace, owner.name) ?? world.store.get(kind, "", owner.name);
  return found?.metadata.uid !== owner.uid;
}

function collect(world: World, object: ClusterObject): void {
  world.api.remove(ACTOR, refOf(object), { uid: object.metadata.uid });
}
