/**
 * One text for one value: the form that is hashed for plans, policies and the ledger.
 *
 * Keys are sorted by UTF-16 code units, there is no white space, numbers and strings are written as JSON.stringify writes them (RFC 8785).
 * A property whose value is undefined is left out, as in JSON, so a value has the same text before and after it was stored.
 */

/** Throws TypeError for what JSON cannot hold: undefined (other than as a property), NaN, infinities, functions, symbols, bigints, class instances. */
export function canonicalJson(value: unknown): string {
  switch (typeof value) {
    case "string":
      return JSON.stringify(value);
    case "boolean":
      return value ? "true" : "false";
    case "number":
      if (!Number.isFinite(value)) throw new TypeError(`${value} has no canonical JSON`);
      return JSON.stringify(value);
    case "object":
      if (value === null) return "null";
      return Array.isArray(value) ? listText(value) : objectText(value);
    default:
      throw new TypeError(`a value of type ${typeof value} has no canonical JSON`);
  }
}

function listText(items: readonly unknown[]): string {
  let text = "[";
  // By index and not by iteration: a hole reads as undefined and is refused.
  for (let i = 0; i < items.length; i++) text += (i === 0 ? "" : ",") + canonicalJson(items[i]);
  return `${text}]`;
}

function objectText(value: object): string {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) throw new TypeError("an instance of a class has no canonical JSON");
  const fields = value as Readonly<Record<string, unknown>>;
  let text = "{";
  let first = true;
  for (const key of Object.keys(fields).sort()) {
    const field = fields[key];
    if (field === undefined) continue;
    text += `${first ? "" : ","}${JSON.stringify(key)}:${canonicalJson(field)}`;
    first = false;
  }
  return `${text}}`;
}

/** Whether two values have the same canonical JSON. */
export function sameCanonical(a: unknown, b: unknown): boolean {
  return a === b || canonicalJson(a) === canonicalJson(b);
}
