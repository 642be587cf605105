/** What real clusters showed of one scene: how often it was played, and every course that any of these times told. */
import type { Told } from "./story.ts";

export interface Recording {
  readonly times: number;
  /** From the first manifest until all was well; absent where nothing ever was. */
  readonly start?: Told;
  /** From then on until the trouble showed. */
  readonly trouble: Told;
}

/** One more time beside those before. */
export function joined(before: Recording | undefined, { times, start, trouble }: Recording): Recording {
  if (before === undefined) return { times, ...(start === undefined ? {} : { start }), trouble };
  return {
    times: before.times + times,
    ...(start === undefined ? {} : { start: union(before.start ?? {}, start) }),
    trouble: union(before.trouble, trouble),
  };
}

function union(a: Told, b: Told): Told {
  const roles = [...new Set([...Object.keys(a), ...Object.keys(b)])].toSorted();
  return Object.fromEntries(roles.map((role) => [role, [...new Set([...(a[role] ?? []), ...(b[role] ?? [])])].toSorted()]));
}

/** A story has come to its end when its sign has shown and it has told nothing new for this long: what follows at once belongs to it. */
export const QUIET_MS = 5_000;
