/** Makes evidence. Few ids, the same for every case of a kind: together they are the pattern that confidence is measured for. */
import type { Evidence } from "../model/failure-mode.ts";
import type { Ref } from "../model/ref.ts";

export function favours(id: string, text: string, ...refs: readonly Ref[]): Evidence {
  return { id, favours: true, text, refs };
}

export function against(id: string, text: string, ...refs: readonly Ref[]): Evidence {
  return { id, favours: false, text, refs };
}

/** `for` or `against` by what was seen, under one id. */
export function weigh(id: string, holds: boolean, texts: readonly [holds: string, fails: string], ...refs: readonly Ref[]): Evidence {
  return { id, favours: holds, text: holds ? texts[0] : texts[1], refs };
}

/** The pattern of the evidence: its ids with their signs, sorted (`+killed-at-limit -no-limit`). */
export function patternOf(evidence: readonly Evidence[]): string {
  const signed = new Set(evidence.map((one) => `${one.favours ? "+" : "-"}${one.id}`));
  return [...signed].sort((a, b) => (a.slice(1) < b.slice(1) ? -1 : a.slice(1) > b.slice(1) ? 1 : 0)).join(" ");
}
