/** DaemonSet controller, RollingUpdate with maxUnavailable 1 (pkg/controller/daemon). */
import { controllerOf, type DaemonSet, type Node, type Pod, type Toleration } from "@kintsugi/core";
import { controllerActor } from "../api/actor.ts";
import type { Random } from "../random.ts";
import { matchesAffinity, pinnedNode, pinTo, tolerates } from "../scheduler/filters.ts";
import { sameJson } from "../world/same.ts";
import type { World } from "../world/world.ts";
import { isActive, isReady, isTerminal, podFromTemplate } from "./pods.ts";
import { keyOf, splitKey, WorkQueue } from "./queue.ts";
import { reviseTemplate } from "./revisions.ts";

const ACTOR = controllerActor("daemon-set-controller");
const SOURCE = "daemonset-controller";
const HASH = "controller-revision-hash";

/** util.AddOrUpdateDaemonPodTolerations: daemons stay where others must go. */
const DAEMON_TOLERATIONS: readonly Toleration[] = [
  { key: "node.kubernetes.io/not-ready", operator: "Exists", effect: "NoExecute" },
  { key: "node.kubernetes.io/unreachable", operator: "Exists", effect: "NoExecute" },
  { key: "node.kubernetes.io/disk-pressure", operator: "Exists", effect: "NoSchedule" },
  { key: "node.kubernetes.io/memory-pressure", operator: "Exists", effect: "NoSchedule" },
  { key: "node.kubernetes.io/pid-pressure", operator: "Exists", effect: "NoSchedule" },
  { key: "node.kubernetes.io/unschedulable", operator: "Exists", effect: "NoSchedule" },
];

export function startDaemonSets(world: World): void {
  const random = world.random.fork("daemonset");
  const queue = new WorkQueue(world, "daemonset", (key) => reconcile(world, random, key));
  world.store.onChange(["DaemonSet"], ({ before, after }) => queue.add(keyOf((after ?? before)?.metadata ?? { namespace: "", name: "" })));
  world.store.onChange(["Node"], ({ before, after }) => {
    if (before !== undefined && after !== undefined && (before as Node).spec === (after as Node).spec && before.metadata.labels === after.metadata.labels)
      return;
    for (const set of world.store.list("DaemonSet")) queue.add(keyOf(set.metadata));
  });
  world.store.onChange(["Pod"], ({ before, after }) => {
    const pod = after ?? before;
    const owner = pod === undefined ? undefined : controllerOf(pod);
    if (pod !== undefined && owner?.kind === "DaemonSet") queue.add(`${pod.metadata.namespace}/${owner.name}`);
  });
}

function reconcile(world: World, random: Random, key: string): void {
  const { namespace, name } = splitKey(key);
  const set = world.store.get("DaemonSet", namespace, name);
  if (set === undefined || set.metadata.deletionTimestamp !== undefined) return;
  const { hash } = reviseTemplate(world, ACTOR, set);
  const byNode = new Map<string, Pod[]>();
  for (const pod of world.store.ownedBy("Pod", set.metadata.uid)) {
    const node = pod.spec.nodeName ?? pinnedNode(pod.spec) ?? "";
    byNode.set(node, [...(byNode.get(node) ?? []), pod]);
  }
  for (const node of world.store.list("Node")) place(world, random, set, node, byNode.get(node.metadata.name) ?? [], hash);
  roll(world, set, hash);
  const fresh = world.store.get("DaemonSet", namespace, name);
  if (fresh !== undefined) writeStatus(world, fresh, hash);
}

interface Verdict {
  readonly shouldRun: boolean;
  readonly shouldStay: boolean;
}

/** nodeShouldRunDaemonPod. */
function verdict(set: DaemonSet, node: Node): Verdict {
  const { spec } = set.spec.template;
  const tolerations = [...(spec.tolerations ?? []), ...DAEMON_TOLERATIONS];
  const untolerated = (effect: string) => node.spec.taints.some((taint) => taint.effect === effect && !tolerations.some((one) => tolerates(one, taint)));
  if (!matchesAffinity({ ...spec, affinity: undefined }, node)) return { shouldRun: false, shouldStay: false };
  return { shouldRun: !untolerated("NoSchedule") && !untolerated("NoExecute"), shouldStay: !untolerated("NoExecute") };
}

function place(world: World, random: Random, set: DaemonSet, node: Node, pods: readonly Pod[], hash: string): void {
  const { shouldRun, shouldStay } = verdict(set, node);
  const live = pods.filter((pod) => pod.metadata.deletionTimestamp === undefined);
  for (const pod of live) {
    if (!isTerminal(pod) && shouldStay) continue;
    remove(world, set, pod);
    if (pod.status.phase !== "Failed") continue;
    const message = `Found failed daemon pod ${pod.metadata.namespace}/${pod.metadata.name} on node ${node.metadata.name}, will try to kill it`;
    world.events.emit(SOURCE, set, { type: "Warning", reason: "FailedDaemonPod", message });
  }
  if (shouldRun && pods.length === 0) create(world, random, set, node, hash);
}

function create(world: World, random: Random, set: DaemonSet, node: Node, hash: string): void {
  const { template } = set.spec;
  const tolerations = [...(template.spec.tolerations ?? []), ...DAEMON_TOLERATIONS];
  const spec = { ...template.spec, tolerations, affinity: pinTo(node.metadata.name) };
  const name = `${set.metadata.name}-${random.suffix(5)}`;
  world.api.create(ACTOR, podFromTemplate(set, { ...template, spec }, name, { [HASH]: hash, "pod-template-generation": "1" }));
  world.events.emit(SOURCE, set, { type: "Normal", reason: "SuccessfulCreate", message: `Created pod: ${name}` });
}

function remove(world: World, set: DaemonSet, pod: Pod): void {
  world.api.remove(ACTOR, { kind: "Pod", namespace: pod.metadata.namespace, name: pod.metadata.name }, { uid: pod.metadata.uid });
  world.events.emit(SOURCE, set, { type: "Normal", reason: "SuccessfulDelete", message: `Deleted pod: ${pod.metadata.name}` });
}

/** One pod at a time may be away; old pods that are not ready go first and do not count. */
function roll(world: World, set: DaemonSet, hash: string): void {
  const pods = world.store.ownedBy("Pod", set.metadata.uid);
  const isAway = pods.some((pod) => !isReady(pod) || pod.metadata.deletionTimestamp !== undefined);
  const old = pods.filter((pod) => isActive(pod) && pod.metadata.labels[HASH] !== hash);
  const broken = old.filter((pod) => !isReady(pod));
  for (const pod of broken) remove(world, set, pod);
  const next = old.find(isReady);
  if (!isAway && next !== undefined) remove(world, set, next);
}

function writeStatus(world: World, set: DaemonSet, hash: string): void {
  const pods = world.store.ownedBy("Pod", set.metadata.uid).filter(isActive);
  const nodes = world.store.list("Node");
  const wanted = nodes.filter((node) => verdict(set, node).shouldRun).map((node) => node.metadata.name);
  const isWanted = (pod: Pod) => wanted.includes(pod.spec.nodeName ?? pinnedNode(pod.spec) ?? "");
  const scheduled = pods.filter(isWanted);
  const ready = scheduled.filter(isReady).length;
  const status: DaemonSet["status"] = {
    observedGeneration: set.metadata.generation ?? 0,
    desiredNumberScheduled: wanted.length,
    numberReady: ready,
    numberAvailable: ready,
    updatedNumberScheduled: scheduled.filter((pod) => pod.metadata.labels[HASH] === hash).length,
    numberMisscheduled: pods.length - scheduled.length,
  };
  if (!sameJson(status, set.status)) world.api.update(ACTOR, { ...set, status }, { subresource: "status" });
}
