/** The simple methods of the PetShop paper (M. Hardt et al., 2024), as its code does them, to stand beside ours. */
import { type Incident, type MetricSeries, median, medianAbsoluteDeviation } from "../../src/index.ts";
import type { Scored } from "./recall.ts";

const known = (values: Float64Array): Float64Array => values.filter((value) => !Number.isNaN(value));

/**
 * Largest distance from the mean in standard deviations, of the symptom's metric of each node: over the whole incident, or at its third sample alone, as the published
 * code of other methods looks at it. A constant's own unit stands for its deviation, as in scikit-learn's StandardScaler.
 */
export function nSigma({ series, symptom }: Incident, at: "all" | "third" = "all"): Scored[] {
  return series.flatMap((each) => {
    if (each.metric !== symptom?.metric) return [];
    const before = known(each.before);
    const during = known(at === "third" ? each.during.subarray(2, 3) : each.during);
    if (before.length === 0 || during.length === 0) return [];
    const mean = before.reduce((sum, value) => sum + value, 0) / before.length;
    const deviation = Math.sqrt(before.reduce((sum, value) => sum + (value - mean) ** 2, 0) / before.length);
    const far = Math.max(...during.map((value) => Math.abs(value - mean)));
    return [{ node: each.node, score: far / (deviation || 1) }];
  });
}

/**
 * Anomaly graph traversal: of the nodes that are anomalous at the third sample, or the first later one at which the symptom is, those without an anomalous
 * callee and with an anomalous path to the symptom; scored by the sum along the best path.
 */
export function traversal({ series, symptom, dependencies = [] }: Incident): Scored[] {
  const same = series.filter(({ metric }) => metric === symptom?.metric);
  const detector = new Map(same.map((each) => [each.node, madScores(each)]));
  const own = detector.get(symptom?.node ?? "");
  if (own === undefined) return [];
  let row = own.findIndex(({ anomalous }, index) => index >= 2 && anomalous);
  if (row < 0) row = 2;
  if (!own[row]?.anomalous) return [];
  const scores = new Map([...detector].flatMap(([node, all]) => (all[row]?.anomalous ? [[node, all[row]?.score ?? 0] as const] : [])));
  const callers = new Map<string, string[]>();
  const hasBadCallee = new Set<string>();
  for (const { from, to } of dependencies) {
    if (from === to || !scores.has(from) || !scores.has(to)) continue;
    callers.set(to, [...(callers.get(to) ?? []), from]);
    hasBadCallee.add(from);
  }
  const best = (node: string, path: ReadonlySet<string>): number => {
    const here = scores.get(node) ?? 0;
    if (node === symptom?.node) return here;
    return (
      here +
      Math.max(
        Number.NEGATIVE_INFINITY,
        ...(callers.get(node) ?? []).filter((other) => !path.has(other)).map((other) => best(other, new Set([...path, other]))),
      )
    );
  };
  return [...scores.keys()]
    .filter((node) => !hasBadCallee.has(node))
    .flatMap((node) => {
      const score = node === symptom?.node ? Number.NEGATIVE_INFINITY : best(node, new Set([node]));
      return score === Number.NEGATIVE_INFINITY ? [] : [{ node, score }];
    });
}

/** Median deviation above 5; where nothing ever varied any other value counts, by its plain distance; with fewer than ten samples nothing does. */
function madScores({ before, during }: MetricSeries): { readonly anomalous: boolean; readonly score: number }[] {
  const past = known(before);
  const middle = median(past);
  const mean = past.reduce((sum, value) => sum + value, 0) / past.length;
  const constant = past.every((value) => value === past[0]);
  const spread = medianAbsoluteDeviation(past) * 1.482602218505602;
  return Array.from(during, (value) => {
    if (past.length < 10 || Number.isNaN(value)) return { anomalous: false, score: 0 };
    const far = Math.abs(value - (constant ? mean : middle));
    const score = constant || far === 0 ? far : far / spread;
    return { anomalous: score > (constant ? 0 : 5), score };
  });
}
