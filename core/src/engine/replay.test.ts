import { beforeAll, expect, test } from "vitest";
import type { Effect } from "../model/effect.ts";
import type { DecisionInputs } from "../model/record.ts";
import { ACT, EngineBench, policy, SURE } from "../testing/engine-bench.ts";
import { cordonedNode, node } from "../testing/more-objects.ts";
import { ref } from "../testing/objects.ts";
import { explain } from "./explain.ts";
import { replay } from "./replay.ts";

let bench: EngineBench;
let inputs: DecisionInputs;

/** A forgotten cordon that policy wants asked about. */
beforeAll(() => {
  bench = new EngineBench(policy());
  bench.see(cordonedNode("worker-1", -7_200), node("worker-2"), node("worker-3"));
  bench.pass(10);
  bench.facts();
  const asked = bench.effects.findLast((effect): effect is Extract<Effect, { type: "record" }> => effect.type === "record" && effect.body.type === "incident");
  if (asked?.body.type !== "incident" || asked.body.inputs === undefined) throw new Error("the decision was recorded without what it used");
  inputs = asked.body.inputs;
});

test("a recorded decision is made again, bit for bit", () => {
  const again = replay(inputs, undefined, SURE);
  expect(again).toMatchObject({ type: "decided", same: true, decision: { verdict: "ask" }, plan: { action: "uncordon" } });
});

test("under another policy it shows what would have been done", () => {
  const stricter = replay(inputs, policy({ mode: "observe" }), SURE);
  expect(stricter).toMatchObject({ type: "decided", same: false, decision: { verdict: "hold" } });
  // Read-only as the engine was, even a policy that lets it act only asks.
  expect(replay(inputs, ACT, SURE)).toMatchObject({ type: "decided", decision: { verdict: "ask" } });
});

test("inputs that were too large to keep are said to be missing", () => {
  expect(replay({ json: undefined, decisionHash: inputs.decisionHash })).toMatchObject({ type: "impossible" });
});

test("an object is explained: what is wrong, who owns it, what is proposed, how to approve it", () => {
  const { lines, incident, ownership } = explain(bench.state, ref("Node", "worker-1"));
  expect(incident?.phase).toBe("awaiting");
  expect(ownership?.type).toBe("plain");
  expect(lines.join("\n")).toContain("kintsugi approve inc-1");
});

test("an object that is well is explained by the detectors that looked and found nothing", () => {
  expect(explain(bench.state, ref("Node", "worker-2")).lines.join("\n")).toContain("nothing is wrong with it");
});

test("an object that is not there is said not to be there", () => {
  expect(explain(bench.state, ref("Deployment", "nobody"))).toMatchObject({ observed: false, lines: [expect.stringContaining("no such object")] });
});
