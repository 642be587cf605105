/** Waits until the engine has decided about an incident: facts are fetched in between, which takes a moment. */
import type { Caller } from "../access/caller.ts";
import type { EngineFacade } from "../engine-facade.ts";
import { command } from "./context.ts";

/** Whoever asked is answered after this even if nothing is decided. */
const WITHIN_MS = 3_000;

interface Deciding {
  /** Resolves when the incident has left the phase in which facts are fetched, or after a few seconds. Never rejects. */
  settled(): Promise<void>;
  stop(): void;
}

/** Begin before the command is given. */
function untilDecided(engine: Pick<EngineFacade, "incident" | "onRecord">, id: string): Deciding {
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

/** Has the incident looked at again, and waits a moment for what the engine makes of it. Returns what the engine said. Throws HttpProblem. */
export async function requestDecision(engine: EngineFacade, incident: string, why: string, caller: Caller): Promise<string> {
  const decided = untilDecided(engine, incident);
  try {
    const { text } = await command(engine, { type: "request", incident, why }, caller);
    await decided.settled();
    return text;
  } finally {
    decided.stop();
  }
}
