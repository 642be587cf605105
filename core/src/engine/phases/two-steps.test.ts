/** A plan of two steps: a StatefulSet gets its template back, and the pod that it waits for is deleted. */
import { expect, test } from "vitest";
import type { ClusterObject } from "../../model/kube.ts";
import { failed } from "../../testing/cart-story.ts";
import { ACT, EngineBench } from "../../testing/engine-bench.ts";
import { controllerRevision, namespaceObject, node, statefulSet } from "../../testing/more-objects.ts";
import { container, pod, ref, stamp, template, waiting } from "../../testing/objects.ts";

const STORE = ref("StatefulSet", "store");
const good = template({ labels: { app: "store" }, containers: [container({ image: "registry.test/store:1" })] });
const bad = template({ labels: { app: "store" }, containers: [container({ image: "registry.test/store:typo" })] });

function broken(): readonly ClusterObject[] {
  const set = statefulSet("store", {
    metadata: { generation: 2 },
    spec: { template: bad },
    status: { observedGeneration: 2, readyReplicas: 1, updatedReplicas: 1, availableReplicas: 1, currentRevision: "store-1", updateRevision: "store-2" },
  });
  const labels = (revision: string) => ({ labels: { app: "store", "controller-revision-hash": revision } });
  const message = 'Back-off pulling image "registry.test/store:typo": ErrImagePull: failed to pull: not found';
  return [
    set,
    controllerRevision(set, 1, good),
    controllerRevision(set, 2, bad, 400),
    pod("store-0", { ownedBy: set, metadata: labels("store-1") }),
    pod("store-1", {
      ownedBy: set,
      phase: "Pending",
      metadata: { ...labels("store-2"), creationTimestamp: stamp(400) },
      startTime: stamp(400),
      readySince: 400,
      statuses: [waiting("ImagePullBackOff", message)],
    }),
  ];
}

/** The first step was carried out, the second is out. */
function secondStep(): EngineBench {
  const bench = new EngineBench(ACT);
  bench.see(namespaceObject("shop"), node());
  bench.pass(400);
  bench.lead();
  bench.see(...broken());
  bench.pass(120);
  bench.facts();
  expect(bench.last("apply").step.verb).toBe("patch");
  bench.outcome({ type: "applied" });
  expect(bench.last("apply").step.verb).toBe("delete");
  expect(bench.incident(STORE)).toMatchObject({ phase: "acting", step: 1 });
  return bench;
}

test("both carried out, it is verified, and counts as one act", () => {
  const bench = secondStep();
  bench.outcome({ type: "applied" });
  expect(bench.phase(STORE)).toBe("verifying");
  expect(bench.incident(STORE).attempts).toHaveLength(1);
});

test.each(["denied", "invalid", "conflict", "throttled", "unavailable"] as const)("the second is %s: what the first did is taken back", (kind) => {
  const bench = secondStep();
  bench.outcome(failed(kind));
  expect(bench.incident(STORE)).toMatchObject({ phase: "undoing", why: expect.stringContaining("a later step") });
  expect(bench.last("apply").step).toMatchObject({ verb: "patch", target: { kind: "StatefulSet", name: "store" } });
});
