/** The whole owner chain of an object, and how it ends: only a chain whose end is seen says who owns the object. */
import { type ClusterObject, controllerOf, type OwnerReference, refOf } from "../model/kube.ts";
import { KINDS, type Kind, OPTIONAL_KINDS, RESOURCES, type Ref, refKey, refText } from "../model/ref.ts";
import { stepRef } from "../model/step.ts";
import type { View } from "../model/view.ts";
import type { DecideInput } from "./input.ts";

/** Real chains are at most four long (CronJob, Job, Pod); the limit only ends a circle. */
const MAX_CHAIN = 8;

export interface Chain {
  /** From the object to its root owner, as far as they are seen. */
  readonly objects: readonly ClusterObject[];
  readonly end:
    | { readonly type: "root" }
    /** A kind that is not Kubernetes' own owns it: some operator answers for it. */
    | { readonly type: "custom"; readonly owner: OwnerReference }
    | { readonly type: "lost"; readonly why: string };
}

export function chainOf(ref: Ref, view: View): Chain {
  const objects: ClusterObject[] = [];
  const first = view.find(ref);
  if (first === undefined) return { objects, end: { type: "lost", why: missing(ref, view) } };
  for (let at = first; ; ) {
    objects.push(at);
    const custom = at.metadata.ownerReferences.find((owner) => kindOf(owner) === undefined);
    if (custom !== undefined) return { objects, end: { type: "custom", owner: custom } };
    const owner = controllerOf(at);
    const kind = owner === undefined ? undefined : kindOf(owner);
    // A node runs its static pods but does not answer for them; they are protected anyway.
    if (owner === undefined || kind === undefined || kind === "Node") return { objects, end: { type: "root" } };
    const ownerRef = { kind, namespace: RESOURCES[kind].namespaced ? at.metadata.namespace : "", name: owner.name, uid: owner.uid };
    const next = view.find(ownerRef);
    if (next === undefined) return { objects, end: { type: "lost", why: missing(ownerRef, view) } };
    if (objects.length >= MAX_CHAIN) return { objects, end: { type: "lost", why: `the owners of ${refText(ref)} go in a circle` } };
    at = next;
  }
}

/** Everything that a plan changes and that exists: its target and the objects of its steps, each once. */
export function touchedBy(plan: DecideInput["plan"]): readonly Ref[] {
  const refs = new Map<string, Ref>();
  for (const ref of [plan.target, ...plan.steps.filter((step) => step.verb !== "create").map(stepRef)]) {
    refs.set(`${ref.kind}/${ref.namespace}/${ref.name}`, ref);
  }
  return [...refs.values()];
}

/** What a plan lays its hand on: the owner that it is for, all that it touches, and the root owners of that. Plans that share any of it must not go at once. */
export function claimsOf(plan: DecideInput["plan"], view: View): readonly Ref[] {
  const refs = new Map<string, Ref>();
  const claim = (ref: Ref): Map<string, Ref> => refs.set(refKey(ref), ref);
  claim(plan.owner);
  for (const ref of touchedBy(plan)) {
    claim(ref);
    const root = chainOf(ref, view).objects.at(-1);
    if (root !== undefined) claim(refOf(root));
  }
  return [...refs.values()];
}

/** What both lay their hand on, if anything. */
export function shared(claims: readonly Ref[], others: readonly Ref[]): Ref | undefined {
  return claims.find((ref) => others.some((other) => refKey(other) === refKey(ref)));
}

/** Everything that answers for what a plan changes: the chains of all it touches, and of the owner that it is for. */
export function answerable(input: DecideInput): readonly ClusterObject[] {
  const objects = new Map<string, ClusterObject>();
  for (const ref of [...touchedBy(input.plan), input.plan.owner]) {
    for (const object of chainOf(ref, input.view).objects) objects.set(object.metadata.uid, object);
  }
  return [...objects.values()];
}

/** Namespaces in which the plan does something; empty for nodes. */
export function namespacesOf(plan: DecideInput["plan"]): readonly string[] {
  const names = [plan.target, plan.owner, ...plan.steps.map(stepRef)].map((ref) => ref.namespace);
  return [...new Set(names)].filter((name) => name !== "");
}

function kindOf(owner: OwnerReference): Kind | undefined {
  const group = owner.apiVersion.includes("/") ? owner.apiVersion.slice(0, owner.apiVersion.indexOf("/")) : "";
  // The group counts: Knative has a Service of its own.
  return KINDS.find((kind) => kind === owner.kind && RESOURCES[kind].group === group && !OPTIONAL_KINDS.includes(kind));
}

function missing(ref: Ref, view: View): string {
  const health = view.health(ref.kind);
  return health === "live" ? `${refText(ref)} is not there` : `${refText(ref)} cannot be seen: ${ref.kind}s are ${health}`;
}
