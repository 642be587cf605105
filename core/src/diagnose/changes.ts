/** What changed shortly before the trouble began: revision, selector, scale, node, quota, configuration. Shown to people, and nothing more. */

import { configReferences } from "../model/config-reference.ts";
import type { Case, Evidence } from "../model/failure-mode.ts";
import { type ClusterObject, type FieldManager, refOf } from "../model/kube.ts";
import { refText } from "../model/ref.ts";
import { revisionStory } from "../model/revision.ts";
import { spanText, timeOf } from "../model/time.ts";
import { templateOf } from "../model/workload.ts";
import { favours } from "./evidence.ts";
import { activePods } from "./failing-pods.ts";

/** Changes up to this long before the trouble are shown. */
const BEFORE_MS = 30 * 60_000;
/** And those that came with it: the trouble's own time is rounded to seconds and known only afterwards. */
const AFTER_MS = 120_000;
const MAX_CHANGES = 10;

/** Newest first, at most `MAX_CHANGES`. */
export function changesBefore(given: Case): readonly Evidence[] {
  const seen = [...revisionChanges(given), ...fieldChanges(given), ...configChanges(given), ...nodeChanges(given), ...quotaChanges(given)];
  return seen
    .filter((change) => change.at >= given.since - BEFORE_MS && change.at <= given.since + AFTER_MS)
    .sort((a, b) => b.at - a.at)
    .slice(0, MAX_CHANGES)
    .map(({ id, at, text, object }) => favours(id, `${text} ${whenText(at, given.since)}`, refOf(object)));
}

interface Change {
  readonly id: string;
  readonly at: number;
  readonly text: string;
  readonly object: ClusterObject;
}

function whenText(at: number, since: number): string {
  return at <= since ? `${spanText(since - at)} before the trouble` : `${spanText(at - since)} after the trouble began`;
}

function revisionChanges(given: Case): readonly Change[] {
  const object = given.view.find(given.subject);
  const story = revisionStory(given.view, given.subject);
  if (object === undefined || story === undefined || story.older.length === 0) return [];
  const name = story.current.number > 0 ? `revision ${story.current.number}` : "its present template";
  return [{ id: "revision-changed", at: story.current.since, text: `${refText(given.subject)} began ${name}`, object }];
}

/** Fields whose last change managedFields date, with who set them. */
const WATCHED = [
  { id: "selector-changed", path: "/spec/selector", what: "selector" },
  { id: "replicas-changed", path: "/spec/replicas", what: "number of replicas" },
  { id: "cordon-changed", path: "/spec/unschedulable", what: "cordon" },
] as const;

function fieldChanges(given: Case): readonly Change[] {
  const object = given.view.find(given.subject);
  if (object === undefined) return [];
  return WATCHED.flatMap(({ id, path, what }) => {
    const last = newest(object.metadata.managers.filter((manager) => manager.paths.some((p) => p === path || p.startsWith(`${path}/`))));
    return last === undefined ? [] : [{ id, at: last.at, text: `${last.manager.manager} set the ${what} of ${refText(given.subject)}`, object }];
  });
}

function newest(managers: readonly FieldManager[]): { readonly manager: FieldManager; readonly at: number } | undefined {
  const dated = managers.map((manager) => ({ manager, at: timeOf(manager.time) ?? 0 })).filter((one) => one.at > 0);
  return dated.sort((a, b) => b.at - a.at)[0];
}

/** ConfigMaps that the template needs and that were made or written. */
function configChanges(given: Case): readonly Change[] {
  const template = templateOf(given.view.find(given.subject));
  if (template === undefined) return [];
  const names = new Set(configReferences(template.spec).flatMap((reference) => (reference.kind === "ConfigMap" ? [reference.name] : [])));
  return [...names].flatMap((name): Change[] => {
    const map = given.view.get("ConfigMap", given.subject.namespace, name);
    if (map === undefined) return [];
    const made = timeOf(map.metadata.creationTimestamp) ?? 0;
    const written = newest(map.metadata.managers);
    const changed = written !== undefined && written.at > made;
    const text = changed ? `${written.manager.manager} wrote ConfigMap ${name}` : `ConfigMap ${name} was created`;
    return [{ id: "config-changed", at: changed ? written.at : made, text, object: map }];
  });
}

/** Conditions of the nodes that its pods are on. */
function nodeChanges(given: Case): readonly Change[] {
  const subject = given.subject.kind === "Node" ? [given.subject.name] : [];
  const names = new Set([...subject, ...activePods(given).flatMap((pod) => pod.spec.nodeName ?? [])]);
  return [...names].slice(0, 20).flatMap((name) => {
    const node = given.view.get("Node", "", name);
    return (node?.status.conditions ?? []).flatMap((condition): Change[] => {
      const at = timeOf(condition.lastTransitionTime);
      if (node === undefined || at === undefined) return [];
      return [{ id: "node-changed", at, text: `condition ${condition.type} of node ${name} became ${condition.status}`, object: node }];
    });
  });
}

function quotaChanges(given: Case): readonly Change[] {
  if (given.subject.namespace === "") return [];
  return given.view.inNamespace("ResourceQuota", given.subject.namespace).flatMap((quota): Change[] => {
    const written = newest(quota.metadata.managers);
    const at = written?.at ?? timeOf(quota.metadata.creationTimestamp);
    if (at === undefined) return [];
    return [{ id: "quota-changed", at, text: `${written?.manager.manager ?? "someone"} wrote ResourceQuota ${quota.metadata.name}`, object: quota }];
  });
}
