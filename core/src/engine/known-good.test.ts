import { expect, test } from "vitest";
import type { Record } from "../model/record.ts";
import { EngineBench } from "../testing/engine-bench.ts";
import { at, container, deployment, ref, template } from "../testing/objects.ts";
import { MAX_SPECS } from "./known-good.ts";

const CART = ref("Deployment", "cart");

function version(number: number) {
  const image = `registry.test/cart:${number}`;
  return deployment("cart", {
    metadata: { generation: number },
    spec: { template: template({ labels: { app: "cart" }, containers: [container({ image })] }) },
    status: { observedGeneration: number },
  });
}

const images = (bench: EngineBench) =>
  bench.state.view.knownGood(CART).map((known) => (known.spec.template as ReturnType<typeof template>).spec.containers[0]?.image.split(":").at(-1));

test("a spec is remembered once it was healthy through the stable window, not before", () => {
  const bench = new EngineBench();
  bench.see(version(1));
  bench.pass(299);
  expect(images(bench)).toEqual([]);
  bench.pass(2);
  expect(images(bench)).toEqual(["1"]);
});

test("a rollout that is not through is not remembered", () => {
  const bench = new EngineBench();
  const half = version(1);
  bench.see({ ...half, status: { ...half.status, updatedReplicas: 1 } });
  bench.pass(3_600);
  expect(images(bench)).toEqual([]);
});

test("the newest comes first, the same one counts once, and there is an end to it", () => {
  const bench = new EngineBench();
  for (const number of [1, 2, 1, 3, 4, 5, 6]) {
    bench.see(version(number));
    bench.pass(301);
  }
  expect(images(bench)).toEqual(["6", "5", "4", "3", "1"]);
  expect(images(bench)).toHaveLength(MAX_SPECS);
});

const seen = (bench: EngineBench) => bench.state.view.knownGood(CART).map(({ firstSeen, lastSeen }) => [firstSeen, lastSeen]);
const records = (bench: EngineBench) => bench.records().filter(({ body }) => body.type === "known-good");

test("it was last seen healthy when it stopped being so, in the ledger as well", () => {
  const bench = new EngineBench();
  bench.see(version(1));
  bench.pass(3_600);
  const sick = version(1);
  bench.see({ ...sick, status: { ...sick.status, readyReplicas: 0, availableReplicas: 0 } });
  expect(seen(bench)).toEqual([[at(300), at(3_600)]]);
  expect(records(bench)).toHaveLength(2);
  // Healthy for a moment and sick again: too short to say anything.
  bench.pass(60);
  bench.see(version(1));
  bench.pass(60);
  bench.see({ ...sick, status: { ...sick.status, readyReplicas: 0, availableReplicas: 0 } });
  expect(seen(bench)).toEqual([[at(300), at(3_600)]]);
  expect(records(bench)).toHaveLength(2);
});

test("while it stays healthy its last sight is at most a day old when something else of it changes", () => {
  const bench = new EngineBench();
  bench.see(version(1));
  for (let hour = 0; hour < 48; hour++) {
    bench.pass(3_600);
    bench.see(version(1));
  }
  expect(records(bench)).toHaveLength(2);
  expect(bench.now - (bench.state.view.knownGood(CART)[0]?.lastSeen ?? 0)).toBeLessThan(25 * 3_600_000);
});

test("another number of replicas takes no place of its own, and the newest is kept", () => {
  const bench = new EngineBench();
  const scaled = (replicas: number) => {
    const cart = version(1);
    return {
      ...cart,
      spec: { ...cart.spec, replicas },
      status: { ...cart.status, replicas, updatedReplicas: replicas, readyReplicas: replicas, availableReplicas: replicas },
    };
  };
  for (const replicas of [2, 3, 4, 5, 6, 7]) {
    bench.see(scaled(replicas));
    bench.pass(301);
  }
  expect(bench.state.view.knownGood(CART).map(({ spec }) => spec.replicas)).toEqual([7]);
  bench.see(version(2));
  bench.pass(301);
  expect(images(bench)).toEqual(["2", "1"]);
});

test("it survives that the object is deleted, and a restart", () => {
  const before = new EngineBench();
  before.see(version(1));
  before.pass(301);
  before.gone(CART);
  expect(images(before)).toEqual(["1"]);
  const records = before.records().map(({ body, actor }, i): Record => {
    return { seq: i + 1, at: at(0), cluster: "test", actor, policyHash: "", version: "", epoch: 1, previous: "", hash: "", body };
  });
  const after = new EngineBench();
  after.step({ type: "restored", records });
  expect(images(after)).toEqual(["1"]);
});
