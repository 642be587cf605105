/** Two incidents whose plans touch one owner: a quota is filled by an old pod of cart's, while cart itself has a bad image. */
import { expect, test } from "vitest";
import type { IncidentIn, Severity } from "../model/incident.ts";
import { brokenCart, CART, wellCart } from "../testing/cart-story.ts";
import { ACT, EngineBench } from "../testing/engine-bench.ts";
import { quota } from "../testing/more-objects.ts";
import { condition, deployment, pod, ref, replicaSet, stamp } from "../testing/objects.ts";

const WEB = ref("Deployment", "web");
const REFUSED = 'pods "web-1-x" is forbidden: exceeded quota: objects, requested: count/pods=1, used: count/pods=4, limited: count/pods=4';

/** The story up to where both plans wait for facts; how grave each trouble is decides which goes first. */
function story({ ofWeb, ofCart }: { readonly ofWeb: Severity; readonly ofCart: Severity }): EngineBench {
  const bench = new EngineBench(ACT);
  const refused = condition("ReplicaFailure", "True", { reason: "FailedCreate", message: REFUSED, lastTransitionTime: stamp(405) });
  const web = deployment("web", { status: { replicas: 1, updatedReplicas: 1, readyReplicas: 1, availableReplicas: 1, conditions: [refused] } });
  const set = replicaSet(web, 1, { ready: 1 });
  bench.see(...wellCart());
  bench.pass(400);
  bench.lead();
  const cartSet = bench.state.view.get("ReplicaSet", "shop", replicaSet(deployment("cart"), 1).metadata.name);
  if (cartSet === undefined) throw new Error("cart has no ReplicaSet");
  const evicted = pod("cart-1-old", { ownedBy: cartSet, phase: "Failed", reason: "Evicted", statuses: [], metadata: { creationTimestamp: stamp(395) } });
  bench.see(...brokenCart(), web, set, pod("web-1-a", { ownedBy: set }), evicted, quota("objects", { "count/pods": "4" }, { "count/pods": "4" }));
  bench.pass(150);
  for (const [subject, severity] of [
    [WEB, ofWeb],
    [CART, ofCart],
  ] as const)
    bench.state.incidents.set(bench.incident(subject).id, { ...bench.incident(subject), severity });
  return bench;
}

/** The API server agrees to the plan that an incident has asked about. */
function agree(bench: EngineBench, subject: typeof CART): void {
  const asked = bench.effects.findLast((effect) => effect.type === "preflight" && effect.plan.owner.name === subject.name);
  if (asked?.type !== "preflight") throw new Error(`nothing was asked for ${subject.name}`);
  const permissions = asked.permissions.map((permission) => ({ permission, answer: "allowed" as const }));
  bench.step({ type: "outcome", effect: asked.id, outcome: { type: "preflight", objects: [], permissions, dryRun: { answer: "accepted", reason: "" } } });
}

function whyHeld(bench: EngineBench, subject: typeof CART): string {
  const incident = bench.incident(subject);
  return incident.phase === "held" ? (incident as IncidentIn<"held">).why : `it is ${incident.phase}`;
}

test("what is being done to one owner holds a plan for another owner that would delete a pod of the first", () => {
  const bench = story({ ofWeb: "low", ofCart: "high" });
  agree(bench, CART);
  expect(bench.phase(CART)).toBe("acting");
  agree(bench, WEB);
  expect(whyHeld(bench, WEB)).toContain(`conflict: ${bench.incident(CART).id} is at work on Deployment shop/cart`);
  const applied = bench.effects.filter((effect) => effect.type === "apply");
  expect(applied).toHaveLength(1);
});

test("the other way round too: while the pod is being deleted nothing is done to its owner", () => {
  const bench = story({ ofWeb: "high", ofCart: "low" });
  agree(bench, WEB);
  expect(bench.phase(WEB)).toBe("acting");
  agree(bench, CART);
  expect(whyHeld(bench, CART)).toContain(`conflict: ${bench.incident(WEB).id} is at work on`);
});

test.each([
  ["critical", "low", WEB, CART],
  ["low", "critical", CART, WEB],
] as const)(
  "both proposed at once, the %s one for web and the %s one for cart: the graver goes, the other is held and told why",
  (ofWeb, ofCart, first, second) => {
    const bench = story({ ofWeb, ofCart });
    agree(bench, second);
    expect(whyHeld(bench, second)).toContain(`rival: ${bench.incident(first).id} has a plan for`);
    agree(bench, first);
    expect(bench.phase(first)).toBe("acting");
  },
);

test("a plan that is held itself holds nobody up", () => {
  const bench = story({ ofWeb: "high", ofCart: "low" });
  bench.command({ type: "deny", incident: bench.incident(WEB).id, why: "not now" });
  agree(bench, CART);
  expect(bench.phase(CART)).toBe("acting");
});
