/** A dependency is away for a quarter of an hour, and the application ends whenever it cannot reach it. It recovers alone. */
import { driftFault, MINUTE_MS } from "./fault.ts";

export const crashLoopPassing = driftFault(
  { id: "crash-loop-passing", title: "Crash loop while a dependency is away", truth: ["crash-loop"], healedBy: [] },
  (does, name, _, random) => ({
    exits: [...does.exits, { when: { type: "fact", name }, afterMs: random.between(2_000, 10_000), code: 1, log: "dial tcp 10.0.8.4:5432: i/o timeout" }],
  }),
  (random) => random.between(8, 20) * MINUTE_MS,
);
