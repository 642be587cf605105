/** client-go's flowcontrol.Backoff as the kubelet uses it for restarts and image pulls: 10 s doubling to 300 s, forgotten after 600 s of quiet. */
export const BACKOFF_FIRST_MS = 10_000;
export const BACKOFF_MOST_MS = 300_000;

export interface BackOff {
  readonly delayMs: number;
  readonly updatedAt: number;
}

function isForgotten(backOff: BackOff, since: number): boolean {
  return since - backOff.updatedAt > 2 * BACKOFF_MOST_MS;
}

/** Until when nothing is tried, counted from the failure at `since`; undefined when it may be tried at once. */
export function waitUntil(backOff: BackOff | undefined, since: number, now: number): number | undefined {
  if (backOff === undefined || isForgotten(backOff, since)) return undefined;
  const until = since + backOff.delayMs;
  return until > now ? until : undefined;
}

export function nextBackOff(backOff: BackOff | undefined, since: number, now: number): BackOff {
  if (backOff === undefined || isForgotten(backOff, since)) return { delayMs: BACKOFF_FIRST_MS, updatedAt: now };
  return { delayMs: Math.min(BACKOFF_MOST_MS, backOff.delayMs * 2), updatedAt: now };
}
