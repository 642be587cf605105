import { setTimeout as sleep } from "node:timers/promises";
import { ClusterError } from "./cluster-error.ts";

export interface Wait {
  /** Ends the sentence "timed out waiting for …". */
  readonly what: string;
  readonly timeoutMs: number;
  readonly everyMs?: number;
  readonly signal?: AbortSignal | undefined;
}

/** Asks again and again until the answer is true; an answer that throws ends the wait. */
export async function waitUntil(wait: Wait, answer: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + wait.timeoutMs;
  for (;;) {
    wait.signal?.throwIfAborted();
    if (await answer()) return;
    if (Date.now() >= deadline) {
      throw new ClusterError(`timed out after ${Math.round(wait.timeoutMs / 1000)} s waiting for ${wait.what}`);
    }
    await sleep(wait.everyMs ?? 200);
  }
}
