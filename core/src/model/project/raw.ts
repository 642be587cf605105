/** Reading of JSON whose shape is not trusted: a wrong type reads as absent, never as an error. */
export type Raw = Readonly<Record<string, unknown>>;

const NOTHING: Raw = Object.freeze({});

export function isRaw(value: unknown): value is Raw {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value as an object; an empty one when it is none. */
export function raw(value: unknown): Raw {
  return isRaw(value) ? value : NOTHING;
}

export function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

export function count(value: unknown, otherwise = 0): number {
  return typeof value === "number" && Number.isFinite(value) ? value : otherwise;
}

export function flag(value: unknown): boolean {
  return value === true;
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function rawList(value: unknown): readonly Raw[] {
  return list(value).filter(isRaw);
}

export function textList(value: unknown): readonly string[] {
  return list(value).filter((item) => typeof item === "string");
}

/** String values of an object; numbers are written as text, which quantities may be in hand-written JSON. */
export function textMap(value: unknown): Readonly<Record<string, string>> {
  const result: Record<string, string> = {};
  for (const [key, item] of Object.entries(raw(value))) {
    if (typeof item === "string") result[key] = item;
    else if (typeof item === "number") result[key] = String(item);
  }
  return result;
}

/** Copies the named fields that are present, as they are. */
export function pick(value: Raw, fields: readonly string[]): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const field of fields) {
    const item = value[field];
    if (item !== undefined && item !== null) result[field] = item;
  }
  return result;
}
