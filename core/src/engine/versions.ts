/** When each node's kubelet version was seen to change: a sign of an upgrade in progress. */
import type { ClusterObject } from "../model/kube.ts";
import type { State } from "./state.ts";

export function noteVersions(state: State, objects: readonly ClusterObject[]): void {
  for (const object of objects) {
    if (object.kind !== "Node") continue;
    const { name } = object.metadata;
    const version = object.status.kubeletVersion;
    const before = state.versions.get(name);
    if (before?.version === version) continue;
    // The first sight of a node is no change; neither is a version that does not parse, as of a virtual node.
    const changed = before !== undefined && isVersion(before.version) && isVersion(version);
    state.versions.set(name, { version, since: changed ? state.now : 0 });
  }
}

function isVersion(text: string): boolean {
  return /^v\d+\.\d+\.\d+/.test(text);
}

/** The latest moment at which a kubelet's version was seen to change, 0 when none was. */
export function lastVersionChange(state: State): number {
  let latest = 0;
  for (const { since } of state.versions.values()) latest = Math.max(latest, since);
  return latest;
}
