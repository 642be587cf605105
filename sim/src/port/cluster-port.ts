/** The simulated API server as the engine sees it: core's ClusterPort. Every promise settles within microtasks. */
import { type ClusterObject, type ClusterPort, type Kind, PortError, project, RESOURCES, refOf, type Step } from "@kintsugi/core";
import type { Actor } from "../api/actor.ts";
import type { Draft } from "../api/draft.ts";
import { gone, invalid } from "../api/errors.ts";
import { evict } from "../api/eviction.ts";
import type { Kubelets } from "../kubelet/kubelet.ts";
import type { Random } from "../random.ts";
import type { World } from "../world/world.ts";
import { type Denial, review } from "./access.ts";
import { WatchStream } from "./watch.ts";

export interface PortOptions {
  readonly actor: Actor;
  /** Optional kinds that the cluster serves; none by default. */
  readonly served?: readonly Kind[];
  readonly denials?: readonly Denial[];
  /** Called after every delivery to a watcher. */
  readonly onDeliver?: () => void;
}

export interface SimPort extends ClusterPort {
  /** The open watches, for faults to be played on. */
  readonly streams: ReadonlySet<WatchStream>;
}

export function createPort(world: World, kubelets: Kubelets, random: Random, options: PortOptions): SimPort {
  const { actor } = options;
  const streams = new Set<WatchStream>();
  const denials = options.denials ?? [];
  const check = (group: string, resource: string, subresource: string, verb: "get" | "create" | "patch" | "delete", namespace: string): void => {
    if (review(denials, { group, resource, subresource, verb, namespace, name: "" }) === "allowed") return;
    const what = subresource === "" ? resource : `${resource}/${subresource}`;
    throw new PortError({ kind: "denied", message: `${what} is forbidden: User "${actor.name}" cannot ${verb} resource "${what}" in API group "${group}"` });
  };
  const forbidden = (Object.keys(RESOURCES) as Kind[]).filter((kind) => {
    const { group, plural } = RESOURCES[kind];
    return review(denials, { group, resource: plural, subresource: "", verb: "list", namespace: "", name: "" }) === "denied";
  });
  return {
    streams,
    watch: (deliver) => {
      const stream = new WatchStream(world, random, { served: options.served ?? [], forbidden }, (observations) => {
        deliver(observations);
        options.onDeliver?.();
      });
      streams.add(stream);
      return () => {
        stream.close();
        streams.delete(stream);
      };
    },
    serverTime: () => world.timeline.now(),
    read: async (ref) => {
      const { group, plural } = RESOURCES[ref.kind];
      check(group, plural, "", "get", ref.namespace);
      return world.store.find({ kind: ref.kind, namespace: ref.namespace, name: ref.name });
    },
    apply: async (step, { dryRun }) => {
      const ref = step.verb === "create" ? step.ref : step.target;
      const { group, plural } = RESOURCES[ref.kind];
      const verb = step.verb === "evict" ? "create" : step.verb;
      check(group, plural, step.verb === "evict" ? "eviction" : "", verb, ref.namespace);
      return carryOut(world, actor, step, dryRun);
    },
    review: async (permission) => review(denials, permission),
    announce: async (target, event) => {
      const about = world.store.find(target);
      if (about === undefined) throw gone(target);
      world.events.emit("kintsugi", about, event);
    },
    logs: async (pod, container, { maxBytes }) => {
      if (world.store.find(pod) === undefined) throw gone(pod);
      return kubelets.log(pod, container).slice(-maxBytes);
    },
  };
}

function carryOut(world: World, actor: Actor, step: Step, dryRun: boolean): ClusterObject | undefined {
  const { api } = world;
  switch (step.verb) {
    case "patch":
      return api.patch(actor, step.target, step.patch, { dryRun });
    case "evict":
      evict(api, actor, step.target, dryRun);
      return undefined;
    case "delete":
      api.remove(actor, step.target, { dryRun, uid: step.target.uid });
      return undefined;
    case "create":
      return api.create(actor, draftOf(step), { dryRun });
  }
}

/** A manifest as the API server would read it: the projection of a real object, without what only a stored object has. */
function draftOf(step: Extract<Step, { verb: "create" }>): Draft {
  const metadata = step.manifest["metadata"] as Readonly<Record<string, unknown>> | undefined;
  const object = project({ ...step.manifest, metadata: { namespace: step.ref.namespace, ...metadata, uid: "new" } }, step.ref.kind);
  if (object === undefined) throw invalid(step.ref, "the manifest is no such object");
  const { name, namespace, labels, annotations, ownerReferences, finalizers } = object.metadata;
  if (name !== step.ref.name || namespace !== step.ref.namespace) throw invalid(refOf(object), "name and namespace do not match the request");
  const { status: _, ...rest } = object as unknown as Readonly<Record<string, unknown>>;
  return { ...rest, metadata: { name, namespace, labels, annotations, ownerReferences, finalizers } } as unknown as Draft;
}
