/** The kubelets of all nodes: they take up the pods bound to their node and keep them until they are gone. */
import { type Pod, parseQuantity, type Ref } from "@kintsugi/core";
import type { Actor } from "../api/actor.ts";
import { HEALTHY_NODE, replaceCondition } from "../controllers/conditions.ts";
import type { World } from "../world/world.ts";
import { workingSet } from "./exit-plan.ts";
import { type NodeLife, PodWorker } from "./pod-worker.ts";

/** What a metrics source would say about one container now. */
export interface Usage {
  readonly cpuCores: number;
  readonly memoryBytes: number;
  readonly memoryLimitBytes: number | undefined;
}

export class Kubelets {
  readonly #world: World;
  readonly #nodes = new Map<string, NodeLife>();
  readonly #workers = new Map<string, PodWorker>();
  /** Starts per owner and container, for behaviours that count runs. */
  readonly #runs = new Map<string, number>();
  readonly #pending = new Set<string>();
  #isPlanned = false;

  constructor(world: World) {
    this.#world = world;
    world.store.onChange(["Node"], ({ after }) => {
      if (after?.kind === "Node") this.#nodeOf(after.metadata.name);
    });
    world.store.onChange(["Pod"], ({ before, after }) => this.#podChanged(before as Pod | undefined, after as Pod | undefined));
    world.store.onChange(["ConfigMap"], () => this.#reconsiderLater());
    world.facts.onChange(() => this.reconsiderAll());
  }

  #nodeOf(name: string): NodeLife {
    const known = this.#nodes.get(name);
    if (known !== undefined) return known;
    const actor: Actor = { kind: "kubelet", name: `system:node:${name}`, manager: "kubelet" };
    const index = this.#nodes.size + 1;
    let addresses = 1;
    const nextIp = () => {
      addresses += 1;
      return `10.244.${index}.${addresses % 250}`;
    };
    const beatMs = this.#world.random.fork(`beat/${name}`).between(0, 999);
    const node: NodeLife = { name, actor, isUp: true, images: new Set(), beatMs, nextIp };
    this.#nodes.set(name, node);
    return node;
  }

  #podChanged(before: Pod | undefined, after: Pod | undefined): void {
    const uid = (after ?? before)?.metadata.uid ?? "";
    if (after === undefined) {
      this.#workers.get(uid)?.stop();
      this.#workers.delete(uid);
      return;
    }
    const isNew = after.spec.nodeName !== undefined && before?.spec.nodeName === undefined;
    const isEnding = after.metadata.deletionTimestamp !== undefined && before?.metadata.deletionTimestamp === undefined;
    if (!isNew && !isEnding) return;
    this.#pending.add(uid);
    if (isNew) this.#adopt(after);
    this.#planSync();
  }

  #adopt(pod: Pod): void {
    const { uid } = pod.metadata;
    if (pod.spec.nodeName === undefined || this.#workers.has(uid)) return;
    this.#workers.set(uid, new PodWorker(this.#world, this.#world.random.fork(`pod/${uid}`), this.#runs, this.#nodeOf(pod.spec.nodeName), pod));
  }

  #planSync(): void {
    if (this.#isPlanned) return;
    this.#isPlanned = true;
    this.#world.timeline.after(this.#world.random.between(2, 12), () => {
      this.#isPlanned = false;
      const uids = [...this.#pending];
      this.#pending.clear();
      for (const uid of uids) this.#workers.get(uid)?.sync();
    });
  }

  /** A ConfigMap appeared or vanished: pods that wait for one see it when the kubelet's cache has. */
  #reconsiderLater(): void {
    this.#world.timeline.after(1_000, () => this.reconsiderAll());
  }

  reconsiderAll(): void {
    for (const worker of this.#workers.values()) worker.reconsider();
  }

  node(name: string): NodeLife {
    return this.#nodeOf(name);
  }

  /** The kubelet stops posting, and nothing is carried out on the node. Its containers go on. */
  silence(name: string): void {
    this.#nodeOf(name).isUp = false;
  }

  /** Back again: it posts its status and looks at all of its pods. */
  revive(name: string): void {
    this.#nodeOf(name).isUp = true;
    this.#postStatus(name);
    for (const worker of this.#workers.values()) {
      if (worker.node.name !== name) continue;
      worker.markDirty();
      worker.sync();
    }
  }

  #postStatus(name: string): void {
    const node = this.#world.store.get("Node", "", name);
    if (node === undefined || !node.status.conditions.some((condition) => condition.status === "Unknown")) return;
    const now = this.#world.timeline.now();
    let { conditions } = node.status;
    for (const text of HEALTHY_NODE) conditions = replaceCondition(conditions, text, now);
    this.#world.api.update(this.#nodeOf(name).actor, { ...node, status: { ...node.status, conditions } }, { subresource: "status" });
    this.#world.events.emit("kubelet", node, { type: "Normal", reason: "NodeReady", message: `Node ${name} status is now: NodeReady` });
  }

  worker(pod: Ref): PodWorker | undefined {
    const found = this.#world.store.get("Pod", pod.namespace, pod.name);
    return found === undefined ? undefined : this.#workers.get(found.metadata.uid);
  }

  /** Ends a container's process once, from outside: what its image does not explain. */
  crash(pod: Ref, container: string, code: number, log: string): void {
    const worker = this.worker(pod);
    const run = worker?.containers.find((one) => one.spec.name === container);
    run?.kill({ code, reason: code === 0 ? "Completed" : "Error", log }, this.#world.timeline.now());
    worker?.sync();
  }

  /** Usage now; undefined when the container does not run or its node does not answer. */
  usage(pod: Ref, container: string): Usage | undefined {
    const worker = this.worker(pod);
    const run = worker?.containers.find((one) => one.spec.name === container);
    if (worker === undefined || run === undefined || !run.isRunning || !worker.node.isUp) return undefined;
    const does = this.#world.images.does(run.spec);
    const memoryLimitBytes = parseQuantity(run.spec.resources?.limits?.["memory"]);
    const memoryBytes = workingSet(does.memory, run.startedAt, this.#world.timeline.now());
    return { cpuCores: does.cpuCores, memoryBytes: Math.min(memoryBytes, memoryLimitBytes ?? memoryBytes), memoryLimitBytes };
  }

  /** Last log lines: of the process that runs, or of the one before. */
  log(pod: Ref, container: string): string {
    const run = this.worker(pod)?.containers.find((one) => one.spec.name === container);
    return run?.log ?? "";
  }
}
