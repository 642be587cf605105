/** Somebody mends what a plan was made for: the plan is gone before the trouble is, and no person is called over what is seen in between. */
import { expect, test } from "vitest";
import type { ClusterObject } from "../../model/kube.ts";
import { broken, brokenCart, CART, cure, GOOD } from "../../testing/cart-story.ts";
import { type EngineBench, policy } from "../../testing/engine-bench.ts";
import { deployment, replicaSet } from "../../testing/objects.ts";

/** The template is good again; the failing pod is still there, and one is missing. */
function halfMended(): readonly ClusterObject[] {
  const cart = deployment("cart", {
    metadata: { generation: 3, annotations: { "deployment.kubernetes.io/revision": "3" } },
    spec: { template: GOOD },
    status: { observedGeneration: 2, replicas: 3, updatedReplicas: 0, readyReplicas: 2, availableReplicas: 2 },
  });
  const rs = replicaSet(cart, 1, { template: GOOD });
  return [cart, rs];
}

const escalations = (bench: EngineBench) => bench.effects.filter((effect) => effect.type === "notify" && JSON.stringify(effect).includes("escalated")).length;

function proposed(): EngineBench {
  const bench = broken(policy({ mode: "suggest" }));
  bench.facts();
  expect(bench.phase(CART)).toBe("awaiting");
  return bench;
}

test("a person's own cure in the middle of a proposal ends it without a call for a person", () => {
  const bench = proposed();
  bench.see(...halfMended());
  bench.pass(60);
  expect(bench.incident(CART)).toMatchObject({ phase: "held" });
  cure(bench);
  bench.pass(600);
  expect(bench.state.incidents.get("inc-1")).toMatchObject({ phase: "resolved", how: "unaided" });
  expect(escalations(bench)).toBe(0);
});

test("a half-made cure that stays half-made is given to a person after as long as a diagnosis may take", () => {
  const bench = proposed();
  bench.see(...halfMended());
  bench.pass(1_200);
  expect(bench.phase(CART)).toBe("escalated");
});

test("when the trouble is back as it was, the plan is proposed again", () => {
  const bench = proposed();
  bench.see(...halfMended());
  bench.pass(60);
  bench.see(...brokenCart());
  bench.pass(60);
  bench.facts();
  expect(bench.phase(CART)).toBe("awaiting");
});
