/** Label selectors as the API server evaluates them. */
import type { LabelSelector } from "@kintsugi/core";

type Labels = Readonly<Record<string, string>>;

/** Every pair is present. An empty map matches everything: callers for which it means nothing check first. */
export function matchesLabels(wanted: Labels, labels: Labels): boolean {
  for (const key in wanted) if (labels[key] !== wanted[key]) return false;
  return true;
}

export function matchesSelector(selector: LabelSelector, labels: Labels): boolean {
  if (selector.matchLabels !== undefined && !matchesLabels(selector.matchLabels, labels)) return false;
  return (selector.matchExpressions ?? []).every(({ key, operator, values }) => {
    const value = labels[key];
    if (operator === "Exists") return value !== undefined;
    if (operator === "DoesNotExist") return value === undefined;
    const listed = value !== undefined && (values ?? []).includes(value);
    return operator === "In" ? listed : !listed;
  });
}
