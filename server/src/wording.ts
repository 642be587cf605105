/** What is wrong with a value, and what would be right, in the words of this product: in place of Zod's own messages. A schema's own message still comes first. */
import { z } from "zod";

type Issue = z.core.$ZodRawIssue;

/** From here on, for every schema of this process: Zod keeps the language of its messages in one place. Doing it twice is no harm. */
export function wordIssues(): void {
  z.config({ customError: inWords });
}

/** Undefined where Zod's own message has to do. */
export function inWords(issue: Issue): string | undefined {
  switch (issue.code) {
    case "invalid_type":
      return wrongType(issue.expected, issue.input);
    case "invalid_value": {
      const known = issue.values.map(String).join(", ");
      const write = issue.values.length === 1 ? `write ${known}` : `write one of ${known}`;
      return issue.input === undefined ? `is missing: ${write}` : `is not known here: ${write}`;
    }
    case "too_small":
      return `must ${amount(issue.origin, issue.inclusive === false ? "more than" : "at least", issue.minimum)}`;
    case "too_big":
      return `must ${amount(issue.origin, issue.inclusive === false ? "less than" : "at most", issue.maximum)}`;
    case "unrecognized_keys":
      return `there is no field ${issue.keys.join(", ")} here${fieldsOf(issue.inst)}`;
    case "invalid_union":
      return closestOf(issue.errors ?? []);
    case "invalid_format":
      return wrongFormat(issue.format, issue);
    default:
      return undefined;
  }
}

const TYPES: Readonly<{ [expected: string]: string }> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  record: "an object",
};

function wrongType(expected: string, input: unknown): string {
  const wanted = TYPES[expected] ?? expected;
  // A number in an address that is missing was made one before it was looked at.
  if (Number.isNaN(input)) return `is missing, or not ${wanted}`;
  return input === undefined ? `is missing: write ${wanted}` : `is not ${wanted}`;
}

function amount(origin: string, bound: string, limit: number | bigint): string {
  const unit = { string: "character", array: "item", set: "item", object: "field" }[origin];
  return unit === undefined ? `be ${bound} ${limit}` : `have ${bound} ${limit} ${unit}${Number(limit) === 1 ? "" : "s"}`;
}

function fieldsOf(inst: unknown): string {
  const names = inst instanceof z.ZodObject ? Object.keys(inst.shape) : [];
  return names.length === 0 ? "" : `; write one of ${names.join(", ")}`;
}

/** Of the forms that a value may have, the one whose type it has says best what is wrong with it. */
function closestOf(forms: readonly (readonly { readonly code?: string | undefined; readonly message: string }[])[]): string | undefined {
  const firsts = forms.flatMap(([first]) => (first === undefined ? [] : [first]));
  return (firsts.find(({ code }) => code !== "invalid_type") ?? firsts[0])?.message;
}

function wrongFormat(format: string, { pattern, prefix }: { readonly pattern?: string | undefined; readonly prefix?: unknown }): string | undefined {
  if (format === "date") return "is not a date: write for example 2026-05-01";
  if (format === "datetime") return "is not a time with its zone: write for example 2026-05-01T20:00:00Z";
  if (format === "starts_with") return `must begin with ${String(prefix)}`;
  return format === "regex" && pattern !== undefined ? `must match ${pattern}` : undefined;
}
