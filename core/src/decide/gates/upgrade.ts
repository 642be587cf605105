import { conditionOf } from "../../model/kube.ts";
import type { View } from "../../model/view.ts";
import { type Answer, block, type Gate, pass, unknown } from "../gate.ts";
import { minorVersion, poolOf, poolText } from "../pools.ts";

/** While the cluster is being upgraded, what looks broken is often on its way. */
export const upgrade: Gate = {
  id: "upgrade",
  check: ({ view, policy, now, versionChangedAt }) => {
    const said = operatorsSay(view, "ClusterVersion", "Progressing") ?? operatorsSay(view, "MachineConfigPool", "Updating");
    if (said !== undefined) return said;
    const calmAt = versionChangedAt === undefined ? 0 : versionChangedAt + policy.spec.windows.upgrade;
    if (now < calmAt) return block("the version of a kubelet or of the API server has just changed", calmAt);
    if (view.health("Node") !== "live") return unknown(`kubelet versions are not known: Nodes are ${view.health("Node")}`);
    const mixed = mixedPool(view);
    return mixed === undefined ? pass("no upgrade is in progress") : block(mixed);
  },
};

/** What OpenShift itself says; undefined when it says no, or when discovery proves that there is no such API. */
function operatorsSay(view: View, kind: "ClusterVersion" | "MachineConfigPool", type: string): Answer | undefined {
  const health = view.health(kind);
  if (health === "not-served") return undefined;
  if (health !== "live") return unknown(`whether an upgrade is in progress is not known: ${kind}s are ${health}`);
  for (const object of view.all(kind)) {
    const condition = conditionOf(object.status.conditions, type);
    if (condition?.status === "True") return block(`${kind} ${object.metadata.name} is ${type}: ${condition.message}`);
    if (condition?.status === "Unknown") return unknown(`${kind} ${object.metadata.name} does not know whether it is ${type}`);
  }
  return undefined;
}

/** A pool whose kubelets are of different minor versions while one of its nodes is cordoned. Versions that do not parse do not count. */
function mixedPool(view: View): string | undefined {
  const pools = Map.groupBy(view.all("Node"), poolOf);
  for (const [pool, nodes] of pools) {
    const versions = new Set(nodes.flatMap((node) => minorVersion(node.status.kubeletVersion) ?? []));
    const cordoned = nodes.find((node) => node.spec.unschedulable);
    if (versions.size > 1 && cordoned !== undefined) {
      return `an upgrade seems to be in progress: kubelets ${[...versions].sort().join(" and ")} in ${poolText(pool)}, and ${cordoned.metadata.name} is cordoned`;
    }
  }
  return undefined;
}
