/** Somebody scales an application beyond what the cluster holds, and later back. */
import { type Node, parseQuantity } from "@kintsugi/core";
import { podResources } from "../api/pod-resources.ts";
import { isTerminal } from "../controllers/pods.ts";
import { isDeployment, type Stage, somebody, takeApp, templateOf } from "../scenario/stage.ts";
import { ROOM } from "../scenario/victims.ts";
import { appInjection, type Fault, MINUTE_MS } from "./fault.ts";

/** Beyond this the story would be about the cluster's size, not about one application. */
const MOST = 120;

export const unschedulableScaleUp: Fault = {
  id: "unschedulable-scale-up",
  title: "Scaled up beyond the cluster",
  truth: ["unschedulable"],
  healedBy: [],
  inject: (stage, random) => {
    const size = (cpu: number, memory: number) => room(stage, cpu, memory);
    const app = takeApp(stage, random, (one) => {
      if (!isDeployment(one)) return false;
      const { cpu, memory } = podResources(templateOf(stage, one).spec).requests;
      return size(cpu, memory) + one.replicas + 2 <= MOST;
    });
    if (app === undefined) return undefined;
    const { cpu, memory } = podResources(templateOf(stage, app).spec).requests;
    const { timeline } = stage.cluster;
    const who = somebody(stage, random);
    who.scale(app.ref, app.replicas + room(stage, cpu, memory) + random.between(1, 3));
    const endsAt = timeline.now() + random.between(20, 45) * MINUTE_MS;
    timeline.at(endsAt, () => who.scale(app.ref, app.replicas));
    // While the cluster is full, whatever else needs a place is unschedulable too.
    return { ...appInjection(stage, app, endsAt), causes: [ROOM] };
  },
};

/** How many more such pods the workers have room for, those that take none just now included: when they come back, the cluster is still to be full. */
function room(stage: Stage, cpu: number, memory: number): number {
  const { store } = stage.cluster.world;
  const free = (node: Node, name: "cpu" | "memory") => {
    const used = store.podsOn(node.metadata.name).reduce((sum, pod) => (isTerminal(pod) ? sum : sum + podResources(pod.spec).requests[name]), 0);
    return (parseQuantity(node.status.allocatable[name]) ?? 0) - used;
  };
  const workers = [...stage.zones.values()].flat().flatMap((name) => store.get("Node", "", name) ?? []);
  return workers.reduce(
    (sum, node) => sum + Math.floor(Math.min(free(node, "cpu") / Math.max(cpu, 0.001), free(node, "memory") / Math.max(memory, 1)) + 1e-9),
    0,
  );
}
