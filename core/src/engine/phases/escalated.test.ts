import { expect, test } from "vitest";
import type { Incident } from "../../model/incident.ts";
import { broken, CART, cure } from "../../testing/cart-story.ts";
import { type EngineBench, policy } from "../../testing/engine-bench.ts";
import { baseOf } from "../move.ts";

/** How often time alone makes the engine look, while nothing happens. */
function ticks(bench: EngineBench, seconds: number): number {
  const end = bench.now + seconds * 1_000;
  let count = 0;
  for (let wake = bench.last("wake").at; wake <= end; wake = bench.last("wake").at) {
    bench.now = Math.max(bench.now, wake);
    bench.step({ type: "tick" });
    count += 1;
  }
  bench.now = end;
  return count;
}

function escalated(): EngineBench {
  const bench = broken(policy({ rules: [{ name: "act", mode: "act" }], limits: { attemptsPerTarget: 0 } }));
  expect(bench.phase(CART)).toBe("escalated");
  return bench;
}

test("what waits for a person is looked at once per diagnosis window, not every second", () => {
  const bench = escalated();
  bench.pass(bench.state.policy.spec.windows.diagnose / 1_000 + 1);
  expect(ticks(bench, 3_600)).toBeLessThanOrEqual(3_600_000 / bench.state.policy.spec.windows.diagnose + 1);
});

test.each([
  ["open", { deadline: 0 }],
  ["held", { wakeAt: 0, candidate: 0, why: "", rereads: 0 }],
  ["escalated", { escalatedAt: 0, why: "", waitsFor: "" }],
] as const)("%s, its own time over and healthy again, waits for the stable window alone", (phase, fields) => {
  const bench = escalated();
  cure(bench);
  const incident = bench.incident(CART);
  expect(incident.findings).toEqual([]);
  bench.state.incidents.set(incident.id, { ...baseOf(incident), phase, ...fields } as Incident);
  bench.step({ type: "tick" });
  expect(ticks(bench, bench.state.policy.spec.windows.stable / 1_000 - 1)).toBeLessThanOrEqual(5);
  expect(bench.phase(CART)).toBe(phase);
  bench.pass(2);
  expect(bench.phase(CART)).toBe("resolved");
});

test("while the cluster cannot be seen nothing that goes by sight is woken by the clock", () => {
  const bench = escalated();
  bench.step({ type: "observed", observations: [{ type: "health", kind: "Pod", health: "stale", reason: "the watch broke" }] });
  bench.pass(1);
  expect(ticks(bench, 3_600)).toBe(0);
  bench.step({ type: "observed", observations: [{ type: "health", kind: "Pod", health: "live", reason: "" }] });
  expect(bench.phase(CART)).toBe("escalated");
});
