/** Waits until the engine has decided about an incident: facts are fetched in between, which takes a moment. */
import type { EngineFacade } from "../engine-facade.ts";

/** Whoever asked is answered after this even if nothing is decided. */
const WITHIN_MS = 3_000;

export interface Deciding {
  /** Resolves when the incident has left the phase in which facts are fetched, or after a few seconds. Never rejects. */
  settled(): Promise<void>;
  stop(): void;
}

/** Begin before the command is given. */
export function untilDecided(engine: Pick<EngineFacade, "incident" | "onRecord">, id: string): Deciding {
  const { promise, resolve } = Promise.withResolvers<void>();
  const look = (): void => {
    if (engine.incident(id)?.phase !== "diagnosed") resolve();
  };
  const unsubscribe = engine.onRecord(look);
  let timer: NodeJS.Timeout | undefined;
  return {
    settled: () => {
      look();
      timer = setTimeout(resolve, WITHIN_MS);
      return promise;
    },
    stop: () => {
      clearTimeout(timer);
      unsubscribe();
      resolve();
    },
  };
}
