/** JSON Pointers as managedFields write them: list items are `*`. */

/** True when one path is the other or lies below it; `*` and an index mean any item. */
export function overlaps(a: string, b: string): boolean {
  const left = a.split("/");
  const right = b.split("/");
  const length = Math.min(left.length, right.length);
  for (let i = 0; i < length; i++) if (!sameToken(left[i] ?? "", right[i] ?? "")) return false;
  return true;
}

function sameToken(a: string, b: string): boolean {
  return a === b || a === "*" || b === "*";
}
