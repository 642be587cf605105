import { expect, it } from "vitest";
import type { Backend } from "./backend.ts";
import { historyReading } from "./readings.ts";

const row = (outcome: string, state: string) => ({ outcome, action: "roll-back", mode: "bad-rollout", verification: { state } });

function backendWith(items: readonly object[]): Backend {
  return { get: async () => ({ items }), post: () => Promise.reject(new Error("it only reads")) };
}

it("the success rate is of what was verified: what a person wanted back, or is under way, says nothing", async () => {
  const items = [row("helped", "passed"), row("did-not-help", "failed"), row("undone", "failed"), row("undone", "unknown"), row("running", "running")];
  expect(await historyReading(backendWith(items))).toMatchObject({ total: 5, success_rate: 1 / 3, by_outcome: { undone: 2, helped: 1 } });
  expect(await historyReading(backendWith([]))).toMatchObject({ total: 0, success_rate: null });
});
