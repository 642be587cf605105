/** Watches the cluster as the engine would and tells what each namespace shows, for the simulator to be compared with. */
import { type ClusterObject, type Kind, type Observation, type Ref, refKey, refOf } from "@kintsugi/core";
import { placeOf, Story, TOLD } from "../../../sim/src/conformance/story.ts";
import { createKubernetes, type Kubernetes } from "../../src/adapters/kubernetes/index.ts";

const WATCHED: readonly Kind[] = [...TOLD, "Event"];

export class Onlooker {
  readonly #kubernetes: Kubernetes;
  readonly #stories = new Map<string, Story>();
  readonly #objects = new Map<string, ClusterObject>();
  readonly #listed = new Set<Kind>();
  readonly #stop: () => void;

  constructor(kubeconfig: string) {
    this.#kubernetes = createKubernetes({
      source: { type: "kubeconfig", paths: [kubeconfig] },
      identity: "onlooker",
      random: Math.random,
      now: Date.now,
      monotonic: () => performance.now(),
    });
    this.#stop = this.#kubernetes.cluster.watch((observations) => {
      for (const observation of observations) this.#see(observation);
    });
  }

  /** The story of what happens in the namespace from now on, and to the nodes where `nodes` says so. */
  begin(namespace: string, { nodes }: { readonly nodes: boolean }): Story {
    const places = nodes ? [namespace, ""] : [namespace];
    const story = new Story([...this.#objects.values()].filter((object) => object.kind !== "Event" && places.includes(placeOf(object))));
    for (const place of places) this.#stories.set(place, story);
    return story;
  }

  /** It knows what is there, so that nothing that comes escapes it. */
  get isWatching(): boolean {
    return WATCHED.every((kind) => this.#listed.has(kind));
  }

  async close(): Promise<void> {
    this.#stop();
    await this.#kubernetes.close();
  }

  #see(observation: Observation): void {
    if (observation.type === "listed") {
      this.#listed.add(observation.kind);
      for (const object of observation.objects) this.#objects.set(refKey(refOf(object)), object);
    }
    if (observation.type === "gone") this.#forget(observation.ref);
    if (observation.type !== "object") return;
    const { object } = observation;
    this.#objects.set(refKey(refOf(object)), object);
    this.#stories.get(placeOf(object))?.see(object);
  }

  #forget(ref: Ref): void {
    this.#objects.delete(refKey(ref));
    this.#stories.get(ref.namespace)?.gone(ref);
  }
}
