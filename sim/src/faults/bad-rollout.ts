/** A new version that starts, runs and never becomes ready: its own check answers 500 or 503. The old version was fine. */
import { releaseFault } from "./fault.ts";

export const badRollout = releaseFault(
  { id: "bad-rollout", title: "Bad rollout", truth: ["bad-rollout", "readiness-failing"], healedBy: ["roll-back"] },
  (_, random) => ({ unready: [{ when: { type: "always" }, statusCode: random.pick([500, 503]) }] }),
);
