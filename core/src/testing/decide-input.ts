/** A decision's input in which every gate passes: tests change the one thing that they are about. */
import type { z } from "zod";
import { seal } from "../act/seal.ts";
import type { DecideInput } from "../decide/input.ts";
import type { Draft, Plan } from "../model/action.ts";
import type { Approval } from "../model/incident.ts";
import type { ClusterObject } from "../model/kube.ts";
import { type Policy, PolicySpec, policyOf } from "../model/policy.ts";
import type { Kind, Ref } from "../model/ref.ts";
import { permissionText } from "../model/step.ts";
import type { ViewHealth } from "../ports/cluster.ts";
import { viewOf } from "./array-view.ts";
import { namespaceObject, node } from "./more-objects.ts";
import { at, deployment, pod, ref, replicaSet } from "./objects.ts";

export const CART = ref("Deployment", "cart");
export const shop = namespaceObject("shop");
export const cart = deployment("cart", { metadata: { generation: 3 } });
export const cartSet = replicaSet(cart, 1);
export const cartPods = [pod("cart-a", { ownedBy: cartSet }), pod("cart-b", { ownedBy: cartSet })];
export const worker = node("worker-1");
/** Healthy look of everything that the plan depends on. */
export const CLUSTER: readonly ClusterObject[] = [shop, cart, cartSet, ...cartPods, worker];

/** Changes one field of the cart's template. */
export function imagePlan(over: Partial<Draft> = {}, context: { mode?: string; owner?: Ref } = {}): Plan {
  const target = { ...CART, uid: cart.metadata.uid };
  const path = "/spec/template/spec/containers/0/image";
  const draft: Draft = {
    action: "roll-back",
    target,
    summary: "Roll back Deployment shop/cart to revision 1",
    steps: [
      {
        verb: "patch",
        target,
        patch: [
          { op: "test", path: "/metadata/uid", value: target.uid },
          { op: "test", path: "/spec/template/spec/containers/0/name", value: "app" },
          { op: "test", path, value: "registry.test/cart:2" },
          { op: "replace", path, value: "registry.test/cart:1" },
        ],
      },
    ],
    inverse: { type: "exact", steps: [] },
    risk: "medium",
    permissions: [{ group: "apps", resource: "deployments", subresource: "", verb: "patch", namespace: "shop", name: "cart" }],
    changesSpec: true,
    fields: ["/spec/template"],
    diff: [{ path, before: "registry.test/cart:2", after: "registry.test/cart:1" }],
    ...over,
  };
  return seal(draft, { mode: context.mode ?? "bad-rollout", owner: context.owner ?? CART });
}

/** Evicts a pod of the cart's. */
export function evictPlan(name = "cart-a", uid = cartPods[0]?.metadata.uid ?? ""): Plan {
  const target = { ...ref("Pod", name), uid };
  return imagePlan({ action: "evict-pod", target, steps: [{ verb: "evict", target }], changesSpec: false, fields: [], diff: [], permissions: [] });
}

/** Uncordons or cordons a node. */
export function nodePlan(name = "worker-1", unschedulable = false): Plan {
  const target = { ...ref("Node", name), uid: node(name).metadata.uid };
  return imagePlan(
    {
      action: "uncordon",
      target,
      steps: [{ verb: "patch", target, patch: [{ op: "replace", path: "/spec/unschedulable", value: unschedulable }] }],
      changesSpec: false,
      fields: ["/spec/unschedulable"],
      permissions: [],
    },
    { mode: "forgotten-cordon", owner: ref("Node", name) },
  );
}

/** Sets the cart's replicas. */
export function scalePlan(): Plan {
  const target = { ...CART, uid: cart.metadata.uid };
  const steps = [{ verb: "patch", target, patch: [{ op: "replace", path: "/spec/replicas", value: 3 }] }] as const;
  return imagePlan({ action: "scale-to-previous", steps, fields: ["/spec/replicas"] });
}

export function approved(plan: Plan, over: Partial<Approval> = {}): Approval {
  return { planHash: plan.hash, by: "ada", at: at(590), expiresAt: at(4_000), ...over };
}

export interface Given extends Partial<Omit<DecideInput, "policy" | "view">> {
  /** In place of the objects of the same name, or beside them. */
  readonly objects?: readonly ClusterObject[];
  readonly health?: Partial<Record<Kind, ViewHealth>>;
  /** Over a policy that says act to everything. */
  readonly spec?: SpecInput;
}

type SpecInput = z.input<typeof PolicySpec>;

export function actPolicy(spec: SpecInput = {}): Policy {
  return policyOf("test", PolicySpec.parse({ mode: "act", ...spec }));
}

/** 10 minutes after the epoch; the incident opened 5 minutes after it. */
export function decideInput(given: Given = {}): DecideInput {
  const { objects = [], health = {}, spec, plan = imagePlan(), ...over } = given;
  const keyOf = ({ kind, metadata }: ClusterObject) => `${kind}/${metadata.namespace}/${metadata.name}`;
  const replaced = new Set(objects.map(keyOf));
  const all = [...CLUSTER.filter((object) => !replaced.has(keyOf(object))), ...objects];
  const absent = { Application: "not-served", ClusterVersion: "not-served", MachineConfigPool: "not-served" } as const;
  return {
    now: at(600),
    plan,
    mode: { id: plan.mode, deterministic: true, maybeMeant: false, kinds: ["Pod", "Deployment"] },
    incident: { id: "inc-7", since: at(200), openedAt: at(300), subject: plan.owner, severity: "high" },
    confidence: { type: "measured", share: 0.97, cases: 400 },
    view: viewOf(all, { health: { ...absent, ...health } }),
    policy: actPolicy(spec),
    authority: { type: "leading", epoch: 4, actFrom: 0 },
    paused: { api: false, configMap: "absent" },
    silences: [],
    vetoes: [],
    storm: { frozen: false, reason: "" },
    history: { acts: [], attemptsOnTarget: 0 },
    inFlight: [],
    preflight: {
      planHash: plan.hash,
      at: at(599),
      permissions: plan.permissions.map((permission) => ({ text: permissionText(permission), answer: "allowed" as const })),
      dryRun: { answer: "accepted", reason: "" },
    },
    stillUnhealthy: true,
    rivals: [],
    own: { namespace: "kintsugi" },
    ...over,
  };
}
