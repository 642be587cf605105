/** Pages of a list in the order of a key: where one ends the next goes on, whatever has come or gone meanwhile. */

export interface PageWanted {
  readonly limit: number;
  /** Key of the last item of the page before. */
  readonly after?: string | undefined;
}

export interface Page<T> {
  readonly items: T[];
  /** Key of the last item, where there are more. */
  readonly next?: string;
}

/** `keyOf` is unique; `order` is that of its code units. */
export function pageOf<T>(
  items: Iterable<T>,
  keyOf: (item: T) => string,
  { limit, after }: PageWanted,
  order: "ascending" | "descending" = "ascending",
): Page<T> {
  const sign = order === "ascending" ? 1 : -1;
  const rest: { readonly key: string; readonly item: T }[] = [];
  for (const item of items) {
    const key = keyOf(item);
    if (after === undefined || sign * compare(key, after) > 0) rest.push({ key, item });
  }
  const page = rest.sort((a, b) => sign * compare(a.key, b.key)).slice(0, limit);
  const last = page.at(-1);
  return { items: page.map(({ item }) => item), ...(rest.length > page.length && last !== undefined ? { next: last.key } : {}) };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
