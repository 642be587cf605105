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
