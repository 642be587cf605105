/** The API says times as milliseconds since 1970; a model reads, compares and tells them better as ISO 8601. */

const NAMES = /^(?:at|since|from|until|now|deadline)$|(?:At|Since|From|Until|Seen)$/;
/** From 2001 to 5138: durations are shorter, counts are smaller. */
const [EARLIEST, LATEST] = [1e12, 1e14];

/** The value with each time in it, known by its field's name, as ISO 8601 in UTC. */
export function withTimes(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(withTimes);
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, isTime(name, inner) ? new Date(inner).toISOString() : withTimes(inner)]));
}

function isTime(name: string, value: unknown): value is number {
  return typeof value === "number" && value >= EARLIEST && value < LATEST && NAMES.test(name);
}
