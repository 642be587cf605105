import { expect, test } from "vitest";
import type { Record } from "../model/record.ts";
import { EngineBench } from "../testing/engine-bench.ts";
import { node } from "../testing/more-objects.ts";
import { condition } from "../testing/objects.ts";

const NAMES = ["node-1", "node-2", "node-3", "node-4"];
const nodes = (lost: number) =>
  NAMES.map((name, i) => node(name, { status: { conditions: [condition("Ready", i < lost ? "Unknown" : "True", { reason: "NodeStatusUnknown" })] } }));

test("the freeze of a storm outlasts a restart: the calm is counted anew", () => {
  const before = new EngineBench();
  before.see(...nodes(2));
  // A storm of an hour, over a minute ago.
  before.pass(3_600);
  before.see(...nodes(0));
  before.pass(60);
  expect(before.state.storm).toBeDefined();
  const records = before.records().map(({ body, actor }, i): Record => {
    return { seq: i + 1, at: before.now, cluster: "test", actor, policyHash: "", version: "", epoch: 1, previous: "", hash: "", body };
  });
  const begun = records.map((record) => (record.body.type === "storm" ? { ...record, at: before.now - 3_660_000 } : record));
  const after = new EngineBench();
  after.now = before.now + 20_000;
  after.step({ type: "restored", records: begun });
  after.see(...nodes(0));
  after.pass(14 * 60);
  expect(after.state.storm).toBeDefined();
  after.pass(2 * 60);
  expect(after.state.storm).toBeUndefined();
});
