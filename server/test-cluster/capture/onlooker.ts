/** Watches the cluster as the engine would and writes down what each namespace shows, for the simulator to be compared with. */
import type { ClusterObject, Observation } from "@kintsugi/core";
import { Story } from "../../../sim/src/conformance/story.ts";
import { createKubernetes, type Kubernetes } from "../../src/adapters/kubernetes/index.ts";

export class Onlooker {
  readonly #kubernetes: Kubernetes;
  readonly #stories = new Map<string, Story>();
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
    const story = new Story();
    this.#stories.set(namespace, story);
    if (nodes) this.#stories.set("", story);
    return story;
  }

  async close(): Promise<void> {
    this.#stop();
    await this.#kubernetes.close();
  }

  #see(observation: Observation): void {
    // What was there before the story began is no part of it.
    if (observation.type !== "object") return;
    const { object } = observation;
    this.#stories.get(placeOf(object))?.see(object);
  }
}

/** Events on nodes lie in a namespace of their own and belong to the nodes. */
function placeOf(object: ClusterObject): string {
  return object.kind === "Event" && object.involved.kind === "Node" ? "" : object.metadata.namespace;
}
