/**
 * When a CronJob runs next, in UTC: `minute hour day-of-month month day-of-week` with `*`, lists, ranges and steps, and the `@hourly` family.
 * Grammar: github.com/robfig/cron v3 standard parser, which Kubernetes uses. Zones are not looked at: gaps between runs hardly depend on them.
 */
const FIELDS = [
  { min: 0, max: 59, names: [] },
  { min: 0, max: 23, names: [] },
  { min: 1, max: 31, names: [] },
  { min: 1, max: 12, names: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"] },
  { min: 0, max: 7, names: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] },
] as const;
const MACROS: Readonly<Record<string, string>> = {
  "@yearly": "0 0 1 1 *",
  "@annually": "0 0 1 1 *",
  "@monthly": "0 0 1 * *",
  "@weekly": "0 0 * * 0",
  "@daily": "0 0 * * *",
  "@midnight": "0 0 * * *",
  "@hourly": "0 * * * *",
};
const MINUTE_MS = 60_000;

/** The first moment after `after` (ms) and not later than `withinMs` from it, or undefined: not that soon, or no schedule at all. */
export function nextRun(schedule: string, after: number, withinMs: number): number | undefined {
  const fields = (MACROS[schedule.trim()] ?? schedule).trim().split(/\s+/);
  if (fields.length !== FIELDS.length) return undefined;
  const sets = fields.map((text, i) => parseField(text, i));
  if (sets.some((set) => set === undefined)) return undefined;
  const [minutes, hours, days, months, weekdays] = sets as ReadonlySet<number>[];
  const anyDay = fields[2]?.startsWith("*") || fields[4]?.startsWith("*");
  for (let at = Math.floor(after / MINUTE_MS + 1) * MINUTE_MS; at <= after + withinMs; at += MINUTE_MS) {
    const date = new Date(at);
    if (!minutes?.has(date.getUTCMinutes()) || !hours?.has(date.getUTCHours()) || !months?.has(date.getUTCMonth() + 1)) continue;
    const onDay = days?.has(date.getUTCDate()) === true;
    const onWeekday = weekdays?.has(date.getUTCDay()) === true || (date.getUTCDay() === 0 && weekdays?.has(7) === true);
    // Cron's own oddity: where both days are given, either is enough.
    if (anyDay ? onDay && onWeekday : onDay || onWeekday) return at;
  }
  return undefined;
}

function parseField(text: string, index: number): ReadonlySet<number> | undefined {
  const field = FIELDS[index];
  if (field === undefined) return undefined;
  const values = new Set<number>();
  for (const part of text.toLowerCase().split(",")) {
    const match = /^(\*|\?|[a-z0-9]+)(?:-([a-z0-9]+))?(?:\/(\d+))?$/.exec(part);
    if (match === null) return undefined;
    const step = match[3] === undefined ? 1 : Number(match[3]);
    const any = match[1] === "*" || match[1] === "?";
    const low = any ? field.min : numberIn(match[1], field);
    const high = any || (match[2] === undefined && match[3] !== undefined) ? field.max : match[2] === undefined ? low : numberIn(match[2], field);
    if (low === undefined || high === undefined || step < 1 || low < field.min || high > field.max || low > high) return undefined;
    for (let value = low; value <= high; value += step) values.add(value);
  }
  return values;
}

function numberIn(text: string | undefined, field: (typeof FIELDS)[number]): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d+$/.test(text)) return Number(text);
  const index = (field.names as readonly string[]).indexOf(text.slice(0, 3));
  return index < 0 ? undefined : index + field.min;
}
