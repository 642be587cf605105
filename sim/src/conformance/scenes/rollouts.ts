/** A workload that was well and is changed: the new pods do not come up, or only slowly, or there are none. */
import { cart, container, probe, webService } from "./manifests.ts";
import type { Deed, Scene } from "./scene.ts";
import { SCRIPTS } from "./scripts.ts";
import { both, hasEvent, isUnready, readyPods, somePod, waits } from "./signs.ts";

export const CART = { kind: "Deployment", name: "cart" } as const;
export const idleCart = { subject: CART, start: [cart()], isWell: readyPods(2) } as const;

/** Changes the container of the cart, and its pods' spec. */
export function retemplate(over: object, spec: object = {}): readonly Deed[] {
  const containers = [{ name: "app", ...over }];
  return [{ type: "patch", ...CART, patch: { spec: { template: { spec: { containers, ...spec } } } } }];
}

export const ROLLOUTS: readonly Scene[] = [
  { ...idleCart, name: "bad-rollout-crash", mode: "bad-rollout", hurt: retemplate(container(SCRIPTS.crashesSoon)), shows: waits("CrashLoopBackOff", 3) },
  {
    ...idleCart,
    name: "bad-rollout-readiness",
    mode: "bad-rollout",
    start: [cart(SCRIPTS.idle, probe("/bin"))],
    hurt: retemplate(probe("/nowhere")),
    shows: both(somePod(isUnready), hasEvent("Unhealthy")),
  },
  {
    ...idleCart,
    name: "unschedulable-after-rollout",
    mode: "unschedulable",
    hurt: retemplate({ resources: { requests: { cpu: "500" } } }, { nodeSelector: null }),
    shows: hasEvent("FailedScheduling"),
  },
  {
    ...idleCart,
    name: "scaled-to-zero",
    mode: "scaled-to-zero",
    start: [cart(), webService("cart")],
    hurt: [{ type: "patch", ...CART, patch: { spec: { replicas: 0 } } }],
    shows: (objects) => !objects.some((object) => object.kind === "Pod"),
  },
  {
    ...idleCart,
    name: "service-selector",
    mode: "service-without-endpoints",
    subject: { kind: "Service", name: "cart" },
    start: [cart(), webService("cart")],
    hurt: [{ type: "patch", kind: "Service", name: "cart", patch: { spec: { selector: { app: "cart", tier: "web" } } } }],
    shows: (objects) => objects.some((object) => object.kind === "EndpointSlice" && object.endpoints.length === 0),
  },
  {
    ...idleCart,
    name: "healthy-slow-rollout",
    mode: "",
    start: [cart(SCRIPTS.startsSlowly, { readinessProbe: { exec: { command: ["test", "-e", "/tmp/ok"] }, periodSeconds: 1, initialDelaySeconds: 3 } })],
    hurt: retemplate({ env: [{ name: "VERSION", value: "2" }], readinessProbe: { initialDelaySeconds: 300 } }),
    shows: somePod(isUnready),
  },
];
