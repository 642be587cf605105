/** One question for all who ask within a while. */

/** The last answer while it is younger than `forMs`; `now`: wall clock, ms. */
export function youngAnswer<T>(forMs: number, now: () => number, ask: () => Promise<T>): () => Promise<T> {
  let last: { readonly at: number; readonly answer: Promise<T> } | undefined;
  return () => {
    const age = last === undefined ? Number.POSITIVE_INFINITY : now() - last.at;
    if (last === undefined || age >= forMs || age < 0) last = { at: now(), answer: ask() };
    return last.answer;
  };
}
