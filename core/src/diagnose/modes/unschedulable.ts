/** No node has the room that a pod asks for. Shown as arithmetic; undone only where a new revision asks for more than the one before it. */
import type { Case, Evidence, FailureMode, Remedy } from "../../model/failure-mode.ts";
import { conditionOf, type Pod, refOf } from "../../model/kube.ts";
import { amountText, lacking, type NodeRoom, ROOM_RESOURCES, type Room, requestsOf, roomOfNodes } from "../../model/node-room.ts";
import { workloadHealth } from "../../model/workload-health.ts";
import { against, favours, weigh } from "../evidence.ts";
import { activePods, quote, refsOf } from "../failing-pods.ts";
import { isSuspect, newRevision } from "../new-revision.ts";

/** kube-scheduler's NodeResourcesFit. */
const INSUFFICIENT = /Insufficient (cpu|memory|ephemeral-storage)/;
/** Nodes shown in words. */
const SHOWN = 6;

export const unschedulable: FailureMode = {
  id: "unschedulable",
  number: 28,
  title: "No node has room",
  explains: ["pod-unschedulable", "rollout-stalled"],
  deterministic: true,
  maybeMeant: false,
  specificity: 1,
  examine,
  remedies,
  healthy: (given) => workloadHealth(given.view, given.subject),
  recurrenceMs: () => 60_000,
};

function waitingPods(given: Case): readonly Pod[] {
  return activePods(given).filter((pod) => {
    const scheduled = conditionOf(pod.status.conditions, "PodScheduled");
    return scheduled?.status === "False" && scheduled.reason === "Unschedulable";
  });
}

function examine(given: Case): readonly Evidence[] | undefined {
  const waiting = waitingPods(given);
  const first = waiting[0];
  if (first === undefined) return undefined;
  const said = conditionOf(first.status.conditions, "PodScheduled")?.message ?? "";
  const refs = refsOf(waiting);
  const evidence: Evidence[] = [
    weigh("says-insufficient", INSUFFICIENT.test(said), [`the scheduler:${quote(said)}`, `the scheduler names no resource:${quote(said)}`], ...refs),
  ];
  const fit = arithmetic(first, roomOfNodes(given.view));
  if (fit !== undefined) evidence.push(weigh("no-node-has-room", !fit.fits, [fit.text, fit.text], ...fit.nodes.slice(0, 5).map((room) => refOf(room.node))));
  const grown = growth(given, waiting);
  if (grown !== undefined) evidence.push(favours("request-grew", grown));
  const others = said.match(/untolerated taint|node affinity|anti-affinity|topology spread|free ports|PersistentVolumeClaim|volume node affinity/gi);
  if (others !== null && !INSUFFICIENT.test(said)) evidence.push(against("another-reason", `it names ${[...new Set(others)].join(", ")}`));
  return evidence;
}

/** What the pod asks for beside what each open node has free. Undefined without nodes to look at. */
function arithmetic(pod: Pod, rooms: readonly NodeRoom[]): { readonly fits: boolean; readonly text: string; readonly nodes: readonly NodeRoom[] } | undefined {
  const open = rooms.filter((room) => !room.closed);
  if (rooms.length === 0) return undefined;
  const asked = requestsOf(pod.spec);
  const fitting = open.filter((room) => lacking(asked, room.free).length === 0);
  const wants = ROOM_RESOURCES.filter((resource) => asked[resource] > 0).map((resource) => amountText(resource, asked[resource]));
  const lines = open.slice(0, SHOWN).map((room) => `${room.node.metadata.name} ${roomText(asked, room)}`);
  const more = open.length > SHOWN ? ` and ${open.length - SHOWN} more` : "";
  const never = open.length > 0 && open.every((room) => lacking(asked, room.allocatable).length > 0) ? "; not even an empty node would do" : "";
  const closed = rooms.length - open.length;
  const text = `it asks for ${wants.join(" and ") || "nothing"}; ${fitting.length} of ${open.length} open nodes have that free: ${lines.join(", ")}${more}${closed > 0 ? `; ${closed} closed` : ""}${never}`;
  return { fits: fitting.length > 0, text, nodes: open };
}

function roomText(asked: Room, room: NodeRoom): string {
  const parts = ROOM_RESOURCES.filter((resource) => asked[resource] > 0);
  return parts
    .map((resource) => `${amountText(resource, Math.max(0, room.free[resource]))} of ${amountText(resource, room.allocatable[resource])} free`)
    .join(" and ");
}

/** In words, when a suspect revision asks for more than the one before it. */
function growth(given: Case, waiting: readonly Pod[]): string | undefined {
  const revision = newRevision(given, waiting);
  if (!isSuspect(revision)) return undefined;
  const now = requestsOf(revision.current.template.spec);
  const before = requestsOf(revision.before.template.spec);
  const grown = ROOM_RESOURCES.filter((resource) => now[resource] > before[resource]);
  if (grown.length === 0) return undefined;
  return `${revision.text}; it asks for ${grown.map((r) => `${amountText(r, now[r])} instead of ${amountText(r, before[r])}`).join(" and ")}`;
}

function remedies(given: Case): readonly Remedy[] {
  return growth(given, waitingPods(given)) === undefined ? [] : [{ action: "roll-back", target: given.subject, params: {} }];
}
