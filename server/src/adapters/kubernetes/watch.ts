/** All kinds at once, delivered in batches. */
import { KINDS, type Observation } from "@kintsugi/core";
import { KindFollower, type Surroundings } from "./follow-kind.ts";
import { followServerVersion } from "./server-version.ts";

/** Observations wait this long for company: a burst of events becomes one call of the engine. */
const BATCH_MS = 10;
/** A batch that is this long does not wait. */
const BATCH_LENGTH = 2_000;

/** Starts list and watch of every kind. Returns a function that ends it; nothing is delivered afterwards. */
export function watchAll(around: Omit<Surroundings, "emit">, deliver: (observations: readonly Observation[]) => void): () => void {
  let waiting: Observation[] = [];
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (stopped || waiting.length === 0) return;
    const batch = waiting;
    waiting = [];
    deliver(batch);
  };
  const emit = (observation: Observation): void => {
    waiting.push(observation);
    if (waiting.length === BATCH_LENGTH) {
      clearTimeout(timer);
      timer = setTimeout(flush, 0);
    } else timer ??= setTimeout(flush, BATCH_MS);
  };
  const followers = KINDS.map((kind) => new KindFollower(kind, { ...around, emit }));
  for (const follower of followers) void follower.run();
  const stopVersion = followServerVersion(around, emit);
  return () => {
    stopped = true;
    clearTimeout(timer);
    stopVersion();
    for (const follower of followers) follower.stop();
  };
}
