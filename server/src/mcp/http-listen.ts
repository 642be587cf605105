/** Subscriptions over HTTP: whoever may not read something does not learn that it changed either, not even later. */
import { setTimeout as wait } from "node:timers/promises";
import { z } from "zod";
import { type Backend, Refusal } from "./backend.ts";
import { isResource, readResource } from "./resources.ts";

const Listen = z.looseObject({
  id: z.union([z.string(), z.number()]),
  method: z.literal("subscriptions/listen"),
  params: z.looseObject({ notifications: z.looseObject({ resourceSubscriptions: z.array(z.string()).optional() }) }),
});

const MAX_FOLLOWED = 100;
const ASK_AGAIN_MS = 60_000;

export interface Followed {
  /** Of the request. */
  readonly id: string | number;
  readonly uris: readonly string[];
}

/** What a request wants to follow; undefined for any other request. */
export function followedBy(body: unknown): Followed | undefined {
  const listen = Listen.safeParse(body);
  return listen.success ? { id: listen.data.id, uris: listen.data.params.notifications.resourceSubscriptions ?? [] } : undefined;
}

/** Rejects with Refusal, which says why, where the caller may not follow one of them. */
export async function mayFollow(backend: Backend, { uris }: Followed): Promise<void> {
  if (uris.length > MAX_FOLLOWED) throw new Refusal(400, `${uris.length} resources: at most ${MAX_FOLLOWED} can be followed`);
  for (const uri of new Set(uris)) {
    if (!isResource(uri)) throw new Refusal(404, "one of the URIs is no resource: write for example incident://inc-17");
    await readResource(backend, uri);
  }
  // Who follows lists alone still needs a credential that is accepted.
  if (uris.length === 0) await backend.get("/api/v2/incidents", { limit: 1 });
}

/** Resolves once the caller may not follow them any more: the credential has ended, or a right was taken away. */
export async function whileAllowed(backend: Backend, followed: Followed, signal: AbortSignal, everyMs = ASK_AGAIN_MS): Promise<void> {
  while (!signal.aborted) {
    await wait(everyMs, undefined, { signal }).catch(() => {});
    const refused = signal.aborted ? undefined : await mayFollow(backend, followed).then(() => undefined, statusOf);
    if (refused === 401 || refused === 403) return;
  }
}

function statusOf(error: unknown): number {
  return error instanceof Refusal ? error.status : 0;
}
