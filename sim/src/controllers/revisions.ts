/** ControllerRevisions of StatefulSets and DaemonSets (pkg/controller/history): one per template, renumbered when an old one comes back. */
import type { ControllerRevision, DaemonSet, StatefulSet } from "@kintsugi/core";
import type { Actor } from "../api/actor.ts";
import type { World } from "../world/world.ts";
import { ownerReference, templateHash } from "./pods.ts";

/** spec.revisionHistoryLimit's default. */
const HISTORY_LIMIT = 10;

/** The revision of the present template. `hash` is its short name, as pods carry it. */
export interface Revised {
  readonly revision: ControllerRevision;
  readonly hash: string;
}

export function reviseTemplate(world: World, actor: Actor, owner: StatefulSet | DaemonSet): Revised {
  const hash = templateHash(owner.spec.template);
  const all = world.store.ownedBy("ControllerRevision", owner.metadata.uid);
  const name = `${owner.metadata.name}-${hash}`;
  const latest = all.reduce((most, one) => Math.max(most, one.revision), 0);
  const known = all.find((one) => one.metadata.name === name);
  if (known === undefined) {
    const { namespace } = owner.metadata;
    const labels = { ...owner.spec.selector.matchLabels, "controller-revision-hash": hash };
    const metadata = { name, namespace, labels, ownerReferences: [ownerReference(owner)] };
    const revision = world.api.create<"ControllerRevision">(actor, {
      kind: "ControllerRevision",
      metadata,
      revision: latest + 1,
      template: owner.spec.template,
    });
    prune(
      world,
      actor,
      [...all].sort((a, b) => a.revision - b.revision),
    );
    return { revision, hash };
  }
  if (known.revision === latest) return { revision: known, hash };
  return { revision: world.api.update(actor, { ...known, revision: latest + 1 }), hash };
}

function prune(world: World, actor: Actor, oldestFirst: readonly ControllerRevision[]): void {
  for (const old of oldestFirst.slice(0, Math.max(0, oldestFirst.length - HISTORY_LIMIT))) {
    world.api.remove(actor, { kind: "ControllerRevision", namespace: old.metadata.namespace, name: old.metadata.name });
  }
}
