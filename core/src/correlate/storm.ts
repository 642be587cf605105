/**
 * Many at once means one: when a share of the nodes, a whole zone or many owners go wrong within minutes, healing each of them is wrong.
 * The freeze ends only after a calm: no new trouble for `calm`.
 */
import type { Finding } from "../model/finding.ts";
import type { Node } from "../model/kube.ts";
import type { PolicySpec } from "../model/policy.ts";
import type { Ref } from "../model/ref.ts";
import type { View } from "../model/view.ts";

/** The subject of a storm: no object of the cluster, but the cluster. */
export const WHOLE_CLUSTER: Ref = { kind: "Namespace", namespace: "", name: "*" };

const ZONE = "topology.kubernetes.io/zone";

/** A storm finding when the rule is met by what is wrong now, else undefined. */
export function detectStorm(findings: readonly Finding[], view: View, now: number, policy: PolicySpec["storm"]): Finding | undefined {
  const down = findings.filter((finding) => finding.detector === "node-not-ready").map((finding) => finding.subject);
  const owners = newestWithin(
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

function ownerStorm(findings: readonly Finding[], policy: PolicySpec["storm"]): Reason | undefined {
  const owners = new Map(findings.map((finding) => [`${finding.subject.kind}/${finding.subject.namespace}/${finding.subject.name}`, finding.subject]));
  if (owners.size < policy.owners) return undefined;
  return { text: `${owners.size} workloads went wrong within ${Math.round(policy.within / 60_000)} minutes`, members: [...owners.values()] };
}

/** Findings that began within `span` of the newest one, as long as the newest is itself that recent. */
function newestWithin(findings: readonly Finding[], span: number, now: number): readonly Finding[] {
  return findings.filter((finding) => now - finding.since <= span);
}
