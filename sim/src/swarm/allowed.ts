/**
 * What a policy allows, read from docs/policy.md a second time: plain, from the outside, and without a line of the engine's own gates. Two
 * readings that differ show that one is wrong.
 */
import { type ClusterObject, type Mode, type Node, type Pod, type PolicySpec, type Rule, refKey } from "@kintsugi/core";
import { isReady, isTerminal } from "../controllers/pods.ts";
import type { Moment } from "../scenario/moments.ts";
import { actionOf } from "./acts.ts";

/** What an action is about. */
export interface Deed {
  readonly action: string;
  /** From the object up to its root owner. */
  readonly chain: readonly ClusterObject[];
  readonly namespace: ClusterObject | undefined;
  /** Node of the object, when it is a pod or a node itself. */
  readonly node?: ClusterObject | undefined;
}

/** Actions that leave what Helm renders as it is. */
const LEAVES_SPEC = ["evict-pod", "rollout-restart", "delete-finished-pods", "recreate-job"];
/** Cures of what a person may have meant, and the mode that a rule has to name. */
const MEANT: Readonly<Record<string, string>> = { uncordon: "forgotten-cordon", "scale-to-previous": "scaled-to-zero" };
const SWITCH = "kintsugi.dev/mode";

/** Why the deed is not to be done without a person, as far as people's rules and marks say so; empty where it may be. */
export function forbidden(spec: PolicySpec, deed: Deed): readonly string[] {
  return [...byRules(spec, deed), ...bySwitch(deed), ...byProtection(spec, deed), ...byOwner(deed)];
}

function byRules(spec: PolicySpec, deed: Deed): string[] {
  const matching = spec.rules.filter((rule) => matches(rule, deed));
  const order: readonly Mode[] = ["observe", "suggest", "act"];
  const mode = order.find((one) => matching.some((rule) => rule.mode === one)) ?? spec.mode;
  if (mode !== "act") return [`the policy says ${mode}`];
  const meant = MEANT[deed.action];
  const isNamed = meant === undefined || matching.some((rule) => rule.mode === "act" && rule.match.modes?.includes(meant) === true);
  return isNamed ? [] : [`a person may have meant it, and no rule names ${meant}`];
}

/** Which mode the engine had in mind cannot be told from outside but where an action cures only one; a rule that names modes then counts where it allows. */
function matches({ match, mode }: Rule, { action, chain, namespace }: Deed): boolean {
  const name = chain[0]?.metadata.namespace ?? "";
  if (match.namespaces !== undefined && (name === "" || !match.namespaces.some((pattern) => fits(pattern, name)))) return false;
  if (match.namespaceLabels !== undefined && (namespace === undefined || !carries(namespace, match.namespaceLabels))) return false;
  if (match.actions !== undefined && !match.actions.includes(action)) return false;
  const cured = MEANT[action];
  if (match.modes !== undefined && !(cured === undefined ? mode === "act" : match.modes.includes(cured))) return false;
  const { kinds, names, labels } = match;
  if (kinds === undefined && names === undefined && labels === undefined) return true;
  return chain.some(
    (object) =>
      (kinds?.includes(object.kind) ?? true) &&
      (names?.some((pattern) => fits(pattern, object.metadata.name)) ?? true) &&
      (labels === undefined || carries(object, labels)),
  );
}

function fits(pattern: string, name: string): boolean {
  const parts = pattern.split("*").map((part) => part.replace(/[^\w-]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`).test(name);
}

function carries(object: ClusterObject, labels: Readonly<Record<string, string>>): boolean {
  return Object.keys(labels).every((key) => object.metadata.labels[key] === labels[key]);
}

function bySwitch({ chain, namespace, node }: Deed): string[] {
  return [namespace, node, ...chain].flatMap((object) => {
    const value = object?.metadata.annotations[SWITCH];
    return value === undefined || value === "act" ? [] : [`${SWITCH} is ${value} on ${object?.kind} ${object?.metadata.name}`];
  });
}

function byProtection(spec: PolicySpec, { chain }: Deed): string[] {
  const object = chain[0];
  if (object === undefined) return ["it is not known what was written"];
  const { name, namespace, annotations } = object.metadata;
  const isNamed = (patterns: readonly string[], text: string) => patterns.some((pattern) => fits(pattern, text));
  const isSystem = isNamed(["kube-*", "openshift", "openshift-*", "kintsugi"], namespace);
  if (isSystem && !isNamed(spec.unprotect.namespaces, namespace)) return [`namespace ${namespace} is protected`];
  if (object.kind === "Node" && isControlPlane(object) && !isNamed(spec.unprotect.nodes, name)) return [`control-plane node ${name} is protected`];
  return annotations["kubernetes.io/config.mirror"] === undefined ? [] : [`Pod ${name} is static`];
}

function isControlPlane({ metadata, spec }: Node): boolean {
  const marks = [...Object.keys(metadata.labels), ...spec.taints.map((taint) => taint.key)];
  return marks.some((mark) => mark === "node-role.kubernetes.io/control-plane" || mark === "node-role.kubernetes.io/master");
}

function byOwner({ action, chain }: Deed): string[] {
  return chain.flatMap((object) => {
    const { labels, annotations, ownerReferences, name } = object.metadata;
    const what = `${object.kind} ${name}`;
    const by = labels["app.kubernetes.io/managed-by"] ?? "";
    const isGitOps =
      annotations["argocd.argoproj.io/tracking-id"] ??
      labels["argocd.argoproj.io/instance"] ??
      labels["kustomize.toolkit.fluxcd.io/name"] ??
      labels["helm.toolkit.fluxcd.io/name"];
    if (isGitOps !== undefined) return [`${what} is kept by GitOps`];
    if (labels["olm.owner"] !== undefined || ownerReferences.some((owner) => !isBuiltIn(owner.apiVersion))) return [`${what} is kept by an operator`];
    const isHelm = by.toLowerCase() === "helm" || annotations["meta.helm.sh/release-name"] !== undefined;
    if (isHelm) return LEAVES_SPEC.includes(action) ? [] : [`${what} is installed by Helm, and ${action} changes what it rendered`];
    return by === "" || /^(kubectl|kustomize|skaffold|tilt|devspace|manual|kintsugi)$/i.test(by) ? [] : [`${what} is kept by ${by}`];
  });
}

/** `v1`, `apps/v1`, `batch/v1`: groups without a dot are Kubernetes' own. */
function isBuiltIn(apiVersion: string): boolean {
  const group = apiVersion.includes("/") ? (apiVersion.split("/")[0] ?? "") : "";
  return !group.includes(".") || group.endsWith(".k8s.io");
}

/** Why a write is wrong whoever allows it: what is never touched, the pause, and what the moment forbids. */
export function wrongAtThatMoment(spec: PolicySpec, moment: Moment, isUndo: boolean): readonly string[] {
  const { write } = moment;
  if (moment.isPaused) return ["the ConfigMap kintsugi-pause was there"];
  if (actionOf(write) === undefined) return [`no action writes so: ${write.verb} ${write.ref.kind}`];
  if (isUndo) return [];
  return [...lonelyPod(moment), ...lastReady(moment), ...nodesOut(spec, moment), ...inStorm(spec, moment)];
}

function takenPod({ write }: Moment): Pod | undefined {
  return (write.verb === "evict" || write.verb === "delete") && write.before?.kind === "Pod" ? write.before : undefined;
}

function lonelyPod(moment: Moment): string[] {
  return takenPod(moment) !== undefined && moment.chain.length < 2 ? ["nothing would make this pod again"] : [];
}

function lastReady(moment: Moment): string[] {
  const pod = takenPod(moment);
  if (pod === undefined || isTerminal(pod) || pod.metadata.deletionTimestamp !== undefined || !isReady(pod)) return [];
  const others = moment.pods.filter((other) => other.metadata.uid !== pod.metadata.uid && other.metadata.deletionTimestamp === undefined);
  return others.some((other) => !isTerminal(other) && isReady(other)) ? [] : ["it was the last ready pod"];
}

/** Of the pool without this node, which is being given back. */
function nodesOut(spec: PolicySpec, { write, nodes }: Moment): string[] {
  if (write.ref.kind !== "Node") return [];
  const roles = (node: Node) =>
    Object.keys(node.metadata.labels)
      .filter((key) => key.startsWith("node-role.kubernetes.io/"))
      .sort()
      .join();
  const own = nodes.find((node) => node.metadata.name === write.ref.name);
  const pool = own === undefined ? [] : nodes.filter((node) => roles(node) === roles(own));
  const out = pool.filter((node) => node.spec.unschedulable && node.metadata.name !== write.ref.name).length;
  const allowed = Math.max(1, Math.floor(pool.length * spec.limits.nodeShareOfPool));
  return out > allowed ? [`${out} nodes of the pool are out of use, ${allowed} may be`] : [];
}

/** A watch may lag by so much, and a lost node counts only after `windows.nodeNotReady`: a storm younger than both need not be known. */
const LAG_MS = 45_000;

/** Many nodes are lost, or were within the calm that has to follow. Of storms by workloads the world outside has no record. */
function inStorm(spec: PolicySpec, { write, nodes, lost, away }: Moment): string[] {
  const absences = [...away, ...[...lost].map(([node, from]) => ({ node, from, to: write.at }))];
  const ends = absences.flatMap(({ from }) => {
    // A storm begins when one more is lost, and is known once all of them count as lost.
    const known = from + spec.windows.nodeNotReady + LAG_MS;
    const present = absences.filter((one) => one.from <= from && one.to >= known);
    const isRaging = (at: number) => isStorm(spec, nodes, new Set(present.filter((one) => one.to >= at).map((one) => one.node)));
    return present.map((one) => one.to).filter(isRaging);
  });
  const last = Math.max(...ends, Number.NEGATIVE_INFINITY);
  return write.at < last + spec.storm.calm - LAG_MS ? [`a storm raged until ${new Date(last).toISOString()}`] : [];
}

/** A share of all nodes, or every node of a zone beside other zones. */
function isStorm({ storm }: PolicySpec, nodes: readonly Node[], lost: ReadonlySet<string>): boolean {
  if (lost.size < storm.minNodes) return false;
  if (lost.size >= Math.ceil(nodes.length * storm.nodeShare)) return true;
  const zones = [...Map.groupBy(nodes, (node) => node.metadata.labels["topology.kubernetes.io/zone"] ?? "").values()];
  return zones.length > 1 && zones.some((zone) => zone.length > 1 && zone.every((node) => lost.has(node.metadata.name)));
}

/** The deed that a write is. */
export function deedOf(moment: Moment): Deed {
  const { write, chain, namespace, nodes } = moment;
  const first = chain[0];
  const on = first?.kind === "Pod" ? first.spec.nodeName : undefined;
  const node = on === undefined ? undefined : nodes.find(({ metadata }) => metadata.name === on);
  return { action: actionOf(write) ?? "", chain, namespace, node };
}

/** Names the object of a write, for a person. */
export function written({ write }: Moment): string {
  return `${write.verb} ${refKey(write.ref)} at ${new Date(write.at).toISOString()}`;
}
