/** What version the API server is of: asked at the start, every minute, and soon after it was away, which is how an upgrade shows. */
import type { Observation } from "@kintsugi/core";
import { Backoff } from "./backoff.ts";
import type { Surroundings } from "./follow-kind.ts";
import type { Transport } from "./transport.ts";

type Around = Pick<Surroundings, "transport" | "tuning" | "random">;

/** Says the version whenever it is another than before. Returns a function that ends it. */
export function followServerVersion({ transport, tuning, random }: Around, emit: (observation: Observation) => void): () => void {
  const backoff = new Backoff(tuning.backoffMinMs, tuning.backoffMaxMs, random);
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  let said: string | undefined;
  const look = async (): Promise<void> => {
    const version = await serverVersion(transport, tuning.openTimeoutMs);
    if (stopped) return;
    if (version !== undefined) backoff.reset();
    if (version !== undefined && version !== said) {
      said = version;
      emit({ type: "version", version });
    }
    timer = setTimeout(() => void look(), version === undefined ? backoff.next() : tuning.versionEveryMs);
  };
  void look();
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}

/** Undefined when it does not answer, or does not say. */
async function serverVersion(transport: Transport, timeoutMs: number): Promise<string | undefined> {
  try {
    const reply = await transport.send({ method: "GET", path: "/version", timeoutMs });
    const version: unknown = reply.status === 200 ? (JSON.parse(reply.body) as { gitVersion?: unknown }).gitVersion : undefined;
    return typeof version === "string" ? version : undefined;
  } catch {
    // No answer, or none that is JSON: the kinds say what is wrong with the connection.
    return undefined;
  }
}
