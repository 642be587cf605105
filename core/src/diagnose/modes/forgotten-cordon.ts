/** A healthy node that takes no pods since long, and nothing on it or around it says why. A person may have meant it. */
import { cordonedAt, cordonedBy, cordonReason, workUnderWay } from "../../model/cordon.ts";
import type { Case, Evidence, FailureMode, Health, Remedy } from "../../model/failure-mode.ts";
import { conditionOf, type Node, refOf } from "../../model/kube.ts";
import { spanText } from "../../model/time.ts";
import { against, favours, weigh } from "../evidence.ts";

export const forgottenCordon: FailureMode = {
  id: "forgotten-cordon",
  number: 37,
  title: "Forgotten cordon",
  explains: ["node-cordoned"],
  deterministic: true,
  maybeMeant: true,
  specificity: 2,
  examine,
  remedies,
  healthy,
  recurrenceMs: () => 60_000,
};

function nodeOf(given: Case): Node | undefined {
  return given.subject.kind === "Node" ? given.view.get("Node", "", given.subject.name) : undefined;
}

function isReady(node: Node): boolean {
  return conditionOf(node.status.conditions, "Ready")?.status === "True";
}

function examine(given: Case): readonly Evidence[] | undefined {
  const node = nodeOf(given);
  if (node === undefined || !node.spec.unschedulable) return undefined;
  const ref = refOf(node);
  const since = cordonedAt(node);
  const by = cordonedBy(node);
  const age = since === undefined ? "at an unknown time" : `${spanText(given.now - since)} ago`;
  const evidence: Evidence[] = [
    favours("cordoned", `it was cordoned ${age}${by === "" ? "" : ` by ${by}`}`, ref),
    weigh("node-ready", isReady(node), ["the node is Ready", "the node is not Ready"], ref),
  ];
  const reason = cordonReason(node);
  if (reason === undefined) evidence.push(favours("no-reason", "nothing on the node says why", ref));
  else evidence.push(against("no-reason", `the node says why: ${reason}`, ref));
  const work = workUnderWay(node, given.view);
  if (work !== undefined) evidence.push(against("work-under-way", work, ref));
  return evidence;
}

function remedies(given: Case): readonly Remedy[] {
  const node = nodeOf(given);
  if (node === undefined || !isReady(node) || cordonReason(node) !== undefined || workUnderWay(node, given.view) !== undefined) return [];
  return [{ action: "uncordon", target: refOf(node), params: {} }];
}

function healthy(given: Case): Health {
  if (given.view.health("Node") !== "live") return { answer: "unknown", reason: "the view of Nodes is not live" };
  const node = nodeOf(given);
  if (node === undefined) return { answer: "unknown", reason: "the node does not exist" };
  if (node.spec.unschedulable) return { answer: "unhealthy", reason: "the node is cordoned" };
  return isReady(node) ? { answer: "healthy", reason: "the node is Ready and takes pods" } : { answer: "unhealthy", reason: "the node is not Ready" };
}
