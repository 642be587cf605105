/**
 * Many at once means one: when a share of the nodes, a whole zone or many owners go wrong within minutes, healing each of them is wrong.
 * The freeze ends only after a calm: no new trouble for `calm`.
 */
import type { Finding } from "../model/finding.ts";
import type { Node } from "../model/kube.ts";
import type { PolicySpec } from "../model/policy.ts";
import { type Ref, refKey } from "../model/ref.ts";
import type { View } from "../model/view.ts";

/** The subject of a storm: no object of the cluster, but the cluster. */
export const WHOLE_CLUSTER: Ref = { kind: "Namespace", namespace: "", name: "*" };

const ZONE = "topology.kubernetes.io/zone";

/** A storm finding when the rule is met by what is wrong now, else undefined. */
export function detectStorm(findings: readonly Finding[], view: View, now: number, policy: PolicySpec["storm"]): Finding | undefined {
  const down = findings.filter((finding) => finding.detector === "node-not-ready").map((finding) => finding.subject);
  const owners = fallenTogether(
    // One lost node is one trouble, however many had pods there.
    findings.filter((finding) => finding.subject.kind !== "Node" && finding.cause?.kind !== "Node" && finding.lostShare > 0),
    policy.within,
    now,
  );
  const reason = nodeStorm(down, view, policy) ?? ownerStorm(owners, policy);
  if (reason === undefined) return undefined;
  const part = reason.members;
  return {
    detector: "storm",
    subject: WHOLE_CLUSTER,
    since: Math.min(...findings.filter((finding) => part.includes(finding.subject)).map((finding) => finding.since), now),
    summary: reason.text,
    members: part.slice(0, 20),
    count: part.length,
    lostShare: 1,
  };
}

interface Reason {
  readonly text: string;
  readonly members: readonly Ref[];
}

function nodeStorm(down: readonly Ref[], view: View, policy: PolicySpec["storm"]): Reason | undefined {
  if (down.length < policy.minNodes) return undefined;
  const nodes = view.all("Node");
  const limit = Math.max(policy.minNodes, Math.ceil(nodes.length * policy.nodeShare));
  if (down.length >= limit) return { text: `${down.length} of ${nodes.length} nodes are not ready`, members: down };
  const names = new Set(down.map((node) => node.name));
  const zones = Map.groupBy(nodes, (node) => node.metadata.labels[ZONE] ?? "");
  for (const [zone, members] of zones) {
    if (zone === "" || zones.size < 2 || members.length < 2) continue;
    if (members.every((node) => names.has(node.metadata.name))) {
      return { text: `every node of zone ${zone} is not ready (${members.length})`, members: down.filter((node) => inZone(members, node)) };
    }
  }
  return undefined;
}

function inZone(members: readonly Node[], node: Ref): boolean {
  return members.some((member) => member.metadata.name === node.name);
}

function ownerStorm(owners: readonly Ref[], policy: PolicySpec["storm"]): Reason | undefined {
  if (owners.length < policy.owners) return undefined;
  return { text: `${owners.length} workloads went wrong within ${Math.round(policy.within / 60_000)} minutes`, members: owners };
}

/**
 * The most owners whose trouble began within `span` of each other, where the last of it came to light within `span`. How long ago it began says
 * little: to be sure takes a minute for a pod that is not ready, and ten for a rollout that stands still.
 */
function fallenTogether(findings: readonly Finding[], span: number, now: number): readonly Ref[] {
  const sorted = findings.toSorted((a, b) => a.since - b.since);
  let most: { readonly from: number; readonly to: number; readonly owners: number } = { from: 0, to: 0, owners: 0 };
  const counts = new Map<string, number>();
  let from = 0;
  let fresh = 0;
  const isFresh = (finding: Finding) => now - (finding.firstSeen ?? now) <= span;
  for (const [to, last] of sorted.entries()) {
    counts.set(refKey(last.subject), (counts.get(refKey(last.subject)) ?? 0) + 1);
    if (isFresh(last)) fresh++;
    for (let first = sorted[from]; first !== undefined && last.since - first.since > span; first = sorted[from]) {
      const left = (counts.get(refKey(first.subject)) ?? 0) - 1;
      if (left > 0) counts.set(refKey(first.subject), left);
      else counts.delete(refKey(first.subject));
      if (isFresh(first)) fresh--;
      from++;
    }
    if (fresh > 0 && counts.size > most.owners) most = { from, to: to + 1, owners: counts.size };
  }
  const owners = Map.groupBy(sorted.slice(most.from, most.to), ({ subject }) => refKey(subject));
  return [...owners.values()].flatMap(([first]) => (first === undefined ? [] : [first.subject]));
}
