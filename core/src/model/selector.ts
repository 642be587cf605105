/** Label selectors as Services use them: equality only, and an empty one selects nothing. */
type Labels = Readonly<Record<string, string>>;

export function selects(selector: Labels, labels: Labels): boolean {
  const pairs = Object.entries(selector);
  return pairs.length > 0 && pairs.every(([key, value]) => labels[key] === value);
}

/** The keys of the selector that the labels do not satisfy. */
export function unmetKeys(selector: Labels, labels: Labels): readonly string[] {
  return Object.entries(selector)
    .filter(([key, value]) => labels[key] !== value)
    .map(([key]) => key);
}

export function sameLabels(a: Labels, b: Labels): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}

/** `app=cart,tier=web`, sorted. */
export function labelsText(labels: Labels): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .sort()
    .join(",");
}
