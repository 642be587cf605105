/** What people do with kubectl, through the API like everybody else. */
import { type ClusterObject, controllerOf, type Deployment, type PodTemplate, PortError, type Ref, refOf } from "@kintsugi/core";
import { type Actor, person } from "../api/actor.ts";
import { evict } from "../api/eviction.ts";
import { isoTime } from "../world/time.ts";
import type { World } from "../world/world.ts";

type Scalable = Deployment | Extract<ClusterObject, { kind: "StatefulSet" }>;

export class Person {
  readonly actor: Actor;
  readonly #world: World;

  constructor(world: World, name: string, manager = "kubectl-edit") {
    this.#world = world;
    this.actor = person(name, manager);
  }

  #acting(manager: string): Actor {
    return { ...this.actor, manager };
  }

  #workload(ref: Ref): Scalable {
    const found = this.#world.store.find(ref);
    if (found?.kind !== "Deployment" && found?.kind !== "StatefulSet")
      throw new Error(`${ref.kind} ${ref.namespace}/${ref.name} is no workload that can be scaled`);
    return found;
  }

  /** kubectl scale */
  scale(ref: Ref, replicas: number): void {
    const found = this.#workload(ref);
    this.#world.api.update(this.#acting("kubectl"), { ...found, spec: { ...found.spec, replicas } } as Scalable, { subresource: "scale" });
  }

  /** kubectl set image, kubectl edit: any change of the template. */
  changeTemplate(ref: Ref, change: (template: PodTemplate) => PodTemplate): void {
    const found = this.#world.store.find(ref);
    if (found === undefined || !("spec" in found) || !("template" in found.spec)) throw new Error(`${ref.kind} ${ref.namespace}/${ref.name} has no template`);
    const spec = { ...found.spec, template: change(found.spec.template as PodTemplate) };
    this.#world.api.update(this.actor, { ...found, spec } as ClusterObject);
  }

  setImage(ref: Ref, image: string): void {
    this.changeTemplate(ref, (template) => withContainer(template, (container) => ({ ...container, image })));
  }

  /** kubectl rollout restart */
  restart(ref: Ref): void {
    const at = isoTime(this.#world.timeline.now());
    this.changeTemplate(ref, (template) => {
      const annotations = { ...template.metadata.annotations, "kubectl.kubernetes.io/restartedAt": at };
      return { ...template, metadata: { ...template.metadata, annotations } };
    });
  }

  cordon(node: string, unschedulable = true): void {
    const found = this.#world.store.get("Node", "", node);
    if (found === undefined) throw new Error(`no node ${node}`);
    this.#world.api.update(this.#acting("kubectl-cordon"), { ...found, spec: { ...found.spec, unschedulable } });
  }

  /** kubectl drain: evicts all but daemons, asks again every five seconds where a budget refuses, and tells when the node is empty. */
  drain(node: string, whenEmpty: () => void): void {
    this.cordon(node);
    const round = (): void => {
      // Whoever uncordons it has given up.
      if (this.#world.store.get("Node", "", node)?.spec.unschedulable !== true) return;
      const pods = this.#world.store
        .podsOn(node)
        .filter((pod) => controllerOf(pod)?.kind !== "DaemonSet" && pod.status.phase !== "Succeeded" && pod.status.phase !== "Failed");
      if (pods.length === 0) {
        whenEmpty();
        return;
      }
      for (const pod of pods) if (pod.metadata.deletionTimestamp === undefined) this.#tryEvict(refOf(pod));
      this.#world.timeline.after(5_000, round);
    };
    this.#world.timeline.after(1_000, round);
  }

  #tryEvict(ref: Ref): void {
    try {
      evict(this.#world.api, this.actor, ref);
    } catch (error) {
      if (!(error instanceof PortError)) throw error;
    }
  }

  remove(ref: Ref): void {
    this.#world.api.remove(this.actor, ref);
  }

  /** kubectl edit of anything. */
  edit<T extends ClusterObject>(object: T): T {
    return this.#world.api.update(this.actor, object);
  }
}

export function withContainer(
  template: PodTemplate,
  change: (container: PodTemplate["spec"]["containers"][number]) => PodTemplate["spec"]["containers"][number],
): PodTemplate {
  const containers = template.spec.containers.map((one, i) => (i === 0 ? change(one) : one));
  return { ...template, spec: { ...template.spec, containers } };
}
