/** What a strategic merge patch makes of an object, as far as workloads need it: lists of named things are merged by name, null removes. */

type Fields = Readonly<Record<string, unknown>>;

export function merged(target: unknown, patch: unknown): unknown {
  if (Array.isArray(patch)) return Array.isArray(target) && patch.every(isNamed) ? mergedByName(target, patch) : patch;
  if (!isFields(patch)) return patch;
  const result: Record<string, unknown> = isFields(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = merged(result[key], value);
  }
  return result;
}

function mergedByName(target: readonly unknown[], patch: readonly Fields[]): readonly unknown[] {
  const nameOf = (item: unknown) => (isFields(item) ? item["name"] : undefined);
  const kept = target.map((item) => {
    const change = patch.find((one) => one["name"] === nameOf(item));
    return change === undefined ? item : merged(item, change);
  });
  return [...kept, ...patch.filter((one) => !target.some((item) => nameOf(item) === one["name"]))];
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isNamed(value: unknown): value is Fields {
  return isFields(value) && typeof value["name"] === "string";
}
