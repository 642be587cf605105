/** Node pressure and eviction (pkg/kubelet/eviction): the condition, the pods that go, and the end of it five minutes after relief. */
import { type Container, formatBytes, type Node, type Pod } from "@kintsugi/core";
import type { Actor } from "../api/actor.ts";
import { podResources } from "../api/pod-resources.ts";
import { replaceCondition } from "../controllers/conditions.ts";
import { isTerminal } from "../controllers/pods.ts";
import { isoTime } from "../world/time.ts";
import type { World } from "../world/world.ts";
import type { Kubelets } from "./kubelet.ts";
import { evicted } from "./words.ts";

export type Scarce = "memory" | "ephemeral-storage";

/** --eviction-pressure-transition-period. */
export const RELIEF_MS = 300_000;

const WORDS = {
  memory: {
    type: "MemoryPressure",
    has: ["KubeletHasInsufficientMemory", "kubelet has insufficient memory available"],
    none: ["KubeletHasSufficientMemory", "kubelet has sufficient memory available"],
    event: ["NodeHasInsufficientMemory", "NodeHasSufficientMemory"],
  },
  "ephemeral-storage": {
    type: "DiskPressure",
    has: ["KubeletHasDiskPressure", "kubelet has disk pressure"],
    none: ["KubeletHasNoDiskPressure", "kubelet has no disk pressure"],
    event: ["NodeHasDiskPressure", "NodeHasNoDiskPressure"],
  },
} as const;

const MIB = 2 ** 20;

export function setPressure(world: World, kubelets: Kubelets, name: string, scarce: Scarce, isOn: boolean): void {
  const node = world.store.get("Node", "", name);
  if (node === undefined) return;
  const words = WORDS[scarce];
  const [reason, message] = isOn ? words.has : words.none;
  const text = { type: words.type, status: isOn ? "True" : "False", reason, message } as const;
  const conditions = replaceCondition(node.status.conditions, text, world.timeline.now());
  const actor = kubelets.node(name).actor;
  world.api.update<Node>(actor, { ...node, status: { ...node.status, conditions } }, { subresource: "status" });
  const event = words.event[isOn ? 0 : 1];
  world.events.emit("kubelet", node, { type: "Normal", reason: event, message: `Node ${name} status is now: ${event}` });
}

/** Evicts one pod of a node that is short of something. */
export function evictForPressure(world: World, kubelets: Kubelets, pod: Pod, scarce: Scarce): void {
  const container = pod.spec.containers[0];
  if (container === undefined || isTerminal(pod) || pod.spec.nodeName === undefined) return;
  const message = describe(pod, container, scarce);
  const target = { type: "DisruptionTarget", status: "True", reason: "TerminationByKubelet", message } as const;
  const conditions = replaceCondition(pod.status.conditions, target, world.timeline.now());
  evict(world, kubelets.node(pod.spec.nodeName).actor, { ...pod, status: { ...pod.status, conditions } }, message);
}

/** Ends the pod now: it stays as a Failed object with its reason until somebody deletes it. */
export function evict(world: World, kubelet: Actor, pod: Pod, message: string): void {
  const now = world.timeline.now();
  const texts = [
    { type: "PodReadyToStartContainers", status: "False", reason: "", message: "" },
    { type: "Ready", status: "False", reason: "PodFailed", message: "" },
    { type: "ContainersReady", status: "False", reason: "PodFailed", message: "" },
  ] as const;
  let { conditions } = pod.status;
  for (const text of texts) conditions = replaceCondition(conditions, text, now);
  const terminated = { reason: "Error", exitCode: 137, message: "", startedAt: pod.status.startTime, finishedAt: isoTime(now) };
  const containerStatuses = pod.status.containerStatuses.map((status) => ({ ...status, ready: false, started: false, state: { terminated }, lastState: {} }));
  world.events.emit("kubelet", pod, { type: "Warning", reason: "Evicted", message });
  for (const { name } of pod.spec.containers) {
    world.events.emit("kubelet", pod, { type: "Normal", reason: "Killing", message: `Stopping container ${name}`, fieldPath: `spec.containers{${name}}` });
  }
  const status = { ...pod.status, phase: "Failed", reason: "Evicted", message, conditions, containerStatuses };
  world.api.update<Pod>(kubelet, { ...pod, status }, { subresource: "status" });
}

function describe(pod: Pod, container: Container, scarce: Scarce): string {
  if (scarce === "ephemeral-storage") return evicted(scarce, "10Gi", "9212Mi", container, "3Gi", "0");
  const requested = podResources(pod.spec).requests.memory;
  const used = `${Math.ceil((requested * 1.6 + 64 * MIB) / 1024)}Ki`;
  return evicted(scarce, "100Mi", "58Mi", container, used, formatBytes(requested));
}
