/** When the version of the API server or of a kubelet was seen to change: a sign of an upgrade in progress. The moment is in the ledger, for a restart in the middle of one. */
import type { ClusterObject } from "../model/kube.ts";
import type { Record } from "../model/record.ts";
import type { Observation } from "../ports/cluster.ts";
import { emitRecord, type State, type Turn } from "./state.ts";

type Component = Extract<Record["body"], { type: "version" }>["component"];

/** Changes of a roll through many nodes are not each worth a record, ms; the window that follows the last one is much longer. */
const RECORD_EVERY_MS = 5 * 60_000;

export function noteVersions(turn: Turn, observations: readonly Observation[], objects: readonly ClusterObject[]): void {
  const { versions } = turn.state;
  for (const seen of observations) {
    if (seen.type !== "version" || !isVersion(seen.version) || seen.version === versions.apiServer) continue;
    const isFirst = versions.apiServer === undefined;
    versions.apiServer = seen.version;
    note(turn, "api-server", seen.version, { isNew: isFirst, changed: !isFirst });
  }
  // Nodes that are seen together for the first time are no change, whatever mix they are.
  const areFirst = versions.kubelets.size === 0;
  for (const object of objects) {
    if (object.kind !== "Node") continue;
    const { kubeletVersion } = object.status;
    const before = versions.nodes.get(object.metadata.name);
    if (before === kubeletVersion) continue;
    versions.nodes.set(object.metadata.name, kubeletVersion);
    // A version that does not parse, as of a virtual node, says nothing.
    if (!isVersion(kubeletVersion)) continue;
    const isNew = !versions.kubelets.has(kubeletVersion);
    versions.kubelets.add(kubeletVersion);
    const changed = before === undefined ? isNew && !areFirst : isVersion(before);
    if (isNew || changed) note(turn, "kubelet", kubeletVersion, { isNew, changed });
  }
}

function note(turn: Turn, component: Component, version: string, { isNew, changed }: { readonly isNew: boolean; readonly changed: boolean }): void {
  const { now, versions } = turn.state;
  if (changed) versions.changedAt = now;
  if (!isNew && now - versions.recordedAt < RECORD_EVERY_MS) return;
  if (changed) versions.recordedAt = now;
  emitRecord(turn, { type: "version", component, version, changed });
}

/** Takes over what a record says. */
export function restoreVersion({ versions }: State, at: number, { component, version, changed }: Extract<Record["body"], { type: "version" }>): void {
  if (component === "api-server") versions.apiServer = version;
  else versions.kubelets.add(version);
  if (changed) versions.changedAt = Math.max(versions.changedAt, at);
}

function isVersion(text: string): boolean {
  return /^v\d+\.\d+\.\d+/.test(text);
}
