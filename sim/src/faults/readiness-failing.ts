/** A dependency answers errors, and so does every replica's readiness check. No new revision. It ends when the dependency is back. */
import { hasLiveness } from "../scenario/stage.ts";
import { driftFault, MINUTE_MS } from "./fault.ts";

export const readinessFailing = driftFault(
  { id: "readiness-failing", title: "Readiness failing", truth: ["readiness-failing"], healedBy: [] },
  (does, name, _, random) => ({ unready: [...does.unready, { when: { type: "fact", name }, statusCode: random.pick([0, 500, 503]) }] }),
  (random) => random.between(12, 40) * MINUTE_MS,
  // With a liveness probe on the same path it is another story: liveness-failing.
  (stage, app) => !hasLiveness(stage, app),
);
