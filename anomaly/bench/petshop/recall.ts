/** Recall of the true cause among the first k, with ties as chance would break them. */

export interface Scored {
  readonly node: string;
  readonly score: number;
}

/**
 * 1 where `cause` is among the `k` best scores, 0 where it is not; where it is one of several equal ones that do not all fit, the share of places that are left for
 * them. A node counts once, with its best score. What is not scored is not found.
 */
export function recallAt(ranking: readonly Scored[], cause: string, k: number): number {
  const best = new Map<string, number>();
  for (const { node, score } of ranking) best.set(node, Math.max(score, best.get(node) ?? Number.NEGATIVE_INFINITY));
  const own = best.get(cause);
  if (own === undefined) return 0;
  const scores = [...best.values()];
  const above = scores.filter((score) => score > own).length;
  const equal = scores.filter((score) => score === own).length;
  return Math.max(0, Math.min(1, (k - above) / equal));
}

/** E. B. Wilson's interval of a share, 95 %; `hits` need not be whole. */
export function wilson(hits: number, count: number): readonly [number, number] {
  const z = 1.959963984540054;
  const share = hits / count;
  const middle = (share + (z * z) / (2 * count)) / (1 + (z * z) / count);
  const half = (z / (1 + (z * z) / count)) * Math.sqrt((share * (1 - share)) / count + (z * z) / (4 * count * count));
  return [Math.max(0, middle - half), Math.min(1, middle + half)];
}
