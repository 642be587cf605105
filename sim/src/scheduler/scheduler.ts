/**
 * The scheduler: first come first served, filters, spreading of an owner's pods, least allocated first.
 * Pods that fit nowhere wait until something changes that could help, with a back-off of 1 s doubling to 10 s, or for five minutes.
 */
import { controllerOf, type Node, type Pod, parseQuantity } from "@kintsugi/core";
import { controllerActor } from "../api/actor.ts";
import { podResources } from "../api/pod-resources.ts";
import { replaceCondition } from "../controllers/conditions.ts";
import { isTerminal } from "../controllers/pods.ts";
import { keyOf, splitKey, WorkQueue } from "../controllers/queue.ts";
import type { World } from "../world/world.ts";
import { isHopeless, misfits, type NodeUsage } from "./filters.ts";

const ACTOR = { ...controllerActor("system:kube-scheduler"), manager: "kube-scheduler" };
const SOURCE = "default-scheduler";
const BACKOFF_FIRST_MS = 1_000;
const BACKOFF_MOST_MS = 10_000;
const FLUSH_MS = 300_000;

interface Waiting {
  attempts: number;
  notBefore: number;
}

export function startScheduler(world: World): void {
  const usages = new Map<string, NodeUsage>();
  const waiting = new Map<string, Waiting>();
  const queue = new WorkQueue(world, "scheduler", (key) => schedule(world, usages, waiting, queue, key));
  world.store.onChange(["Pod"], ({ before, after }) => {
    const [old, now] = [before as Pod | undefined, after as Pod | undefined];
    account(usages, old, -1);
    account(usages, now, 1);
    const pod = now ?? old;
    if (pod === undefined) return;
    if (old === undefined && now?.spec.nodeName === undefined) queue.add(keyOf(pod.metadata));
    if (now === undefined) waiting.delete(keyOf(pod.metadata));
    const isFreed = old?.spec.nodeName !== undefined && (now === undefined || (isTerminal(now) && !isTerminal(old)));
    if (isFreed) wakeAll(world, waiting, queue);
  });
  world.store.onChange(["Node"], ({ before, after }) => {
    const [old, now] = [before as Node | undefined, after as Node | undefined];
    if (now === undefined) return;
    if (old === undefined || old.spec !== now.spec || old.status.allocatable !== now.status.allocatable) wakeAll(world, waiting, queue);
  });
}

function account(usages: Map<string, NodeUsage>, pod: Pod | undefined, sign: 1 | -1): void {
  if (pod?.spec.nodeName === undefined || isTerminal(pod)) return;
  const usage = usageOf(usages, pod.spec.nodeName);
  const { requests } = podResources(pod.spec);
  usage.cpu += sign * requests.cpu;
  usage.memory += sign * requests.memory;
  usage.pods += sign;
}

function usageOf(usages: Map<string, NodeUsage>, node: string): NodeUsage {
  const known = usages.get(node);
  if (known !== undefined) return known;
  const made = { cpu: 0, memory: 0, pods: 0 };
  usages.set(node, made);
  return made;
}

function wakeAll(world: World, waiting: Map<string, Waiting>, queue: WorkQueue): void {
  for (const [key, { notBefore }] of waiting) queue.addAfter(key, Math.max(0, notBefore - world.timeline.now()));
}

function schedule(world: World, usages: Map<string, NodeUsage>, waiting: Map<string, Waiting>, queue: WorkQueue, key: string): void {
  const { namespace, name } = splitKey(key);
  const pod = world.store.get("Pod", namespace, name);
  if (pod === undefined || pod.spec.nodeName !== undefined || pod.metadata.deletionTimestamp !== undefined || isTerminal(pod)) {
    waiting.delete(key);
    return;
  }
  const now = world.timeline.now();
  const nodes = world.store.list("Node");
  const refusals = new Map<Node, readonly string[]>();
  for (const node of nodes) refusals.set(node, misfits(pod, node, usageOf(usages, node.metadata.name)));
  const fitting = nodes.filter((node) => refusals.get(node)?.length === 0);
  const best = choose(world, usages, pod, fitting);
  if (best !== undefined) {
    waiting.delete(key);
    bind(world, pod, best);
    return;
  }
  const attempts = (waiting.get(key)?.attempts ?? 0) + 1;
  const backoff = Math.min(BACKOFF_MOST_MS, BACKOFF_FIRST_MS * 2 ** (attempts - 1));
  waiting.set(key, { attempts, notBefore: now + backoff });
  const verdicts = [...refusals].map(([node, reasons]) => ({ reasons, isHopeless: isHopeless(pod, node, reasons) }));
  refuse(world, pod, verdicts);
  queue.addAfter(key, FLUSH_MS);
}

/** NodeResourcesFit (least allocated) and PodTopologySpread's default, in one number. */
function choose(world: World, usages: Map<string, NodeUsage>, pod: Pod, nodes: readonly Node[]): Node | undefined {
  const owner = controllerOf(pod)?.uid;
  const siblings = new Map<string, number>();
  if (owner !== undefined) {
    for (const other of world.store.ownedBy("Pod", owner)) {
      const at = other.spec.nodeName;
      if (at !== undefined && other.metadata.deletionTimestamp === undefined) siblings.set(at, (siblings.get(at) ?? 0) + 1);
    }
  }
  let best: Node | undefined;
  let bestScore = Number.NEGATIVE_INFINITY;
  for (const node of nodes) {
    const usage = usageOf(usages, node.metadata.name);
    const cpu = usage.cpu / (parseQuantity(node.status.allocatable["cpu"]) ?? 1);
    const memory = usage.memory / (parseQuantity(node.status.allocatable["memory"]) ?? 1);
    const score = 1 - (cpu + memory) / 2 - 2 * (siblings.get(node.metadata.name) ?? 0);
    if (score > bestScore) [best, bestScore] = [node, score];
  }
  return best;
}

function bind(world: World, pod: Pod, node: Node): void {
  const name = node.metadata.name;
  const scheduled = { type: "PodScheduled", status: "True", reason: "", message: "" } as const;
  const conditions = replaceCondition(pod.status.conditions, scheduled, world.timeline.now());
  world.api.update(ACTOR, { ...pod, spec: { ...pod.spec, nodeName: name }, status: { ...pod.status, conditions } });
  const message = `Successfully assigned ${pod.metadata.namespace}/${pod.metadata.name} to ${name}`;
  world.events.emit(SOURCE, pod, { type: "Normal", reason: "Scheduled", message });
}

function refuse(world: World, pod: Pod, refusals: readonly Refusal[]): void {
  const message = fitError(refusals);
  const text = { type: "PodScheduled", status: "False", reason: "Unschedulable", message } as const;
  const conditions = replaceCondition(pod.status.conditions, text, world.timeline.now());
  if (conditions !== pod.status.conditions) world.api.update(ACTOR, { ...pod, status: { ...pod.status, conditions } }, { subresource: "status" });
  world.events.emit(SOURCE, pod, { type: "Warning", reason: "FailedScheduling", message });
}

/** What one node said. */
export interface Refusal {
  readonly reasons: readonly string[];
  /** Preemption could not help either. */
  readonly isHopeless: boolean;
}

/** FitError.Error() of 1.34, with the verdict on preemption. */
export function fitError(refusals: readonly Refusal[]): string {
  const count = refusals.length;
  if (count === 0) return "no nodes available to schedule pods";
  const hopeless = refusals.filter((refusal) => refusal.isHopeless).length;
  const verdicts = new Map<string, number>();
  if (hopeless > 0) verdicts.set("Preemption is not helpful for scheduling", hopeless);
  if (count > hopeless) verdicts.set("No preemption victims found for incoming pod", count - hopeless);
  const why = new Map<string, number>();
  for (const reason of refusals.flatMap(({ reasons }) => reasons)) why.set(reason, (why.get(reason) ?? 0) + 1);
  const start = `0/${count} nodes are available: `;
  return `${start}${histogram(why)}. no new claims to deallocate, preemption: ${start}${histogram(verdicts)}.`;
}

function histogram(counts: ReadonlyMap<string, number>): string {
  return [...counts]
    .map(([reason, count]) => `${count} ${reason}`)
    .sort()
    .join(", ");
}
