/** The present version begins to crash: what it reads from outside has changed. No new revision, and no end of its own. */
import { driftFault } from "./fault.ts";

export const crashLoop = driftFault({ id: "crash-loop", title: "Crash loop", truth: ["crash-loop"], healedBy: [] }, (does, name, _, random) => ({
  exits: [...does.exits, { when: { type: "fact", name }, afterMs: random.between(1_000, 15_000), code: 1, log: "fatal: cannot parse FEATURES" }],
}));
