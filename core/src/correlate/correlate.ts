/**
 * Findings -> groups: what is one trouble. Pure; the same findings and view give the same groups in the same order.
 *
 * Findings of one subject (the root owner) belong together. Then one group may explain another: a storm explains what began with it, a node that
 * is not ready explains what is wrong only with its pods, a shared cause (quota, volume, missing object) joins its victims, and a workload
 * explains the Service that selects its pods.
 */
import { type Finding, findingKey } from "../model/finding.ts";
import type { PolicySpec } from "../model/policy.ts";
import { type Ref, refKey } from "../model/ref.ts";
import type { View } from "../model/view.ts";
import { detectStorm, WHOLE_CLUSTER } from "./storm.ts";

export interface Group {
  readonly subject: Ref;
  /** Its own findings, by detector. */
  readonly findings: readonly Finding[];
  /** Subjects whose findings it explains, with the reason. */
  readonly explains: readonly { readonly subject: Ref; readonly why: string }[];
}

/** Groups that are explained by no other, by subject key. */
export function correlate(findings: readonly Finding[], view: View, now: number, policy: PolicySpec["storm"]): readonly Group[] {
  const storm = detectStorm(findings, view, now, policy);
  const all = (storm === undefined ? findings : [...findings, storm]).toSorted((a, b) => compare(findingKey(a), findingKey(b)));
  const bySubject = Map.groupBy(all, (finding) => refKey(finding.subject));
  const explainedBy = new Map<string, { readonly key: string; readonly why: string }>();
  for (const [key, own] of bySubject) {
    const found = explanation(key, own, bySubject, view, storm, policy);
    // Two that would explain each other: the one that came first stays the cause.
    if (found !== undefined && rootOf(found.key, explainedBy) !== key) explainedBy.set(key, found);
  }
  const groups = new Map<string, { subject: Ref; findings: readonly Finding[]; explains: { subject: Ref; why: string }[] }>();
  for (const [key, own] of bySubject) {
    const subject = own[0]?.subject;
    if (subject !== undefined && !explainedBy.has(key)) groups.set(key, { subject, findings: own, explains: [] });
  }
  for (const [key, { why }] of explainedBy) {
    const subject = bySubject.get(key)?.[0]?.subject;
    const root = rootOf(key, explainedBy);
    if (subject !== undefined) groups.get(root)?.explains.push({ subject, why });
  }
  return [...groups.values()];
}

/** Follows explanations to the group that nothing explains; `explainedBy` has no cycles. */
function rootOf(key: string, explainedBy: ReadonlyMap<string, { readonly key: string }>): string {
  let root = key;
  for (let next = explainedBy.get(root); next !== undefined; next = explainedBy.get(root)) root = next.key;
  return root;
}

type Groups = ReadonlyMap<string, readonly Finding[]>;

function explanation(
  key: string,
  own: readonly Finding[],
  groups: Groups,
  view: View,
  storm: Finding | undefined,
  policy: PolicySpec["storm"],
): { readonly key: string; readonly why: string } | undefined {
  const stormKey = refKey(WHOLE_CLUSTER);
  if (key === stormKey) return undefined;
  if (storm !== undefined && own.every((finding) => finding.since >= storm.since - policy.within)) return { key: stormKey, why: storm.summary };
  return byNode(own, groups, view) ?? byCause(key, own, groups) ?? byWorkload(own, groups, view);
}

/** A node that is not ready explains a subject all of whose failing pods are on it. */
function byNode(own: readonly Finding[], groups: Groups, view: View): { readonly key: string; readonly why: string } | undefined {
  if (own.some((finding) => finding.subject.kind === "Node")) return undefined;
  const nodes = new Set<string>();
  for (const member of own.flatMap((finding) => finding.members)) {
    const node = member.kind === "Pod" ? view.get("Pod", member.namespace, member.name)?.spec.nodeName : undefined;
    if (node === undefined) return undefined;
    nodes.add(node);
  }
  const down = [...nodes].map((name) => refKey({ kind: "Node", namespace: "", name }));
  const first = down[0];
  if (first === undefined || !down.every((node) => groups.get(node)?.some((finding) => finding.detector === "node-not-ready"))) return undefined;
  return { key: first, why: `its failing pods are on ${[...nodes].join(", ")}, which is not ready` };
}

/** Of several subjects that point at one cause the first by name stands for all; the cause itself, if it has findings, goes before. */
function byCause(key: string, own: readonly Finding[], groups: Groups): { readonly key: string; readonly why: string } | undefined {
  const cause = own.find((finding) => finding.cause !== undefined)?.cause;
  if (cause === undefined) return undefined;
  const causeKey = refKey(cause);
  if (causeKey !== key && groups.has(causeKey)) return { key: causeKey, why: `points at ${causeKey}` };
  for (const [other, findings] of groups) {
    if (other >= key) continue;
    if (findings.some((finding) => finding.cause !== undefined && refKey(finding.cause) === causeKey))
      return { key: other, why: `the same cause: ${causeKey}` };
  }
  return undefined;
}

/** A workload in trouble explains the Service whose pods are its pods. */
function byWorkload(own: readonly Finding[], groups: Groups, view: View): { readonly key: string; readonly why: string } | undefined {
  const service = own[0]?.subject;
  if (service?.kind !== "Service") return undefined;
  const selector = view.get("Service", service.namespace, service.name)?.spec.selector ?? {};
  const selected = new Set(view.podsSelected(service.namespace, selector).map((pod) => pod.metadata.name));
  for (const [key, findings] of groups) {
    const subject = findings[0]?.subject;
    if (subject === undefined || subject.kind === "Service" || subject.namespace !== service.namespace) continue;
    if (findings.some((finding) => finding.members.some((member) => selected.has(member.name))) || selectsTemplate(subject, selector, view)) {
      return { key, why: `it selects the pods of ${key}` };
    }
  }
  return undefined;
}

/** A workload scaled to zero or held by a quota has no pods, but its template says which Services would select them. */
function selectsTemplate(subject: Ref, selector: Readonly<Record<string, string>>, view: View): boolean {
  const object = view.find({ kind: subject.kind, namespace: subject.namespace, name: subject.name });
  if (object?.kind !== "Deployment" && object?.kind !== "StatefulSet" && object?.kind !== "DaemonSet") return false;
  const labels = object.spec.template.metadata.labels ?? {};
  const pairs = Object.entries(selector);
  return pairs.length > 0 && pairs.every(([name, value]) => labels[name] === value);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
