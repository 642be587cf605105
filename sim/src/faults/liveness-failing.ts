/** A dependency answers errors, and so does the path that liveness and readiness probe alike: the kubelet ends every replica again and again. */
import { hasLiveness } from "../scenario/stage.ts";
import { driftFault, MINUTE_MS } from "./fault.ts";

export const livenessFailing = driftFault(
  // Both are true of it: the check fails, and containers end again and again.
  { id: "liveness-failing", title: "Liveness failing", truth: ["readiness-failing", "crash-loop"], healedBy: [] },
  (does, name, _, random) => ({ unready: [...does.unready, { when: { type: "fact", name }, statusCode: random.pick([0, 500, 503]) }] }),
  (random) => random.between(12, 40) * MINUTE_MS,
  hasLiveness,
);
