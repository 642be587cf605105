/** A new version that ends a few seconds after its start, every time. */
import { releaseFault } from "./fault.ts";

export const crashAfterRollout = releaseFault(
  { id: "crash-after-rollout", title: "Crash after a rollout", truth: ["bad-rollout", "crash-loop"], healedBy: ["roll-back"] },
  (_, random) => ({
    exits: [{ when: { type: "always" }, afterMs: random.between(500, 20_000), code: random.pick([1, 2, 134, 139]), log: "panic: nil pointer dereference" }],
  }),
);
