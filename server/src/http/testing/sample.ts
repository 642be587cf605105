/** Values that a JSON schema of our own OpenAPI document allows: so that every route can be asked something it takes. */

export interface JsonSchema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly example?: unknown;
  readonly examples?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly pattern?: string;
  readonly format?: string;
  readonly minLength?: number;
  readonly minimum?: number;
  readonly items?: JsonSchema;
  readonly minItems?: number;
  readonly properties?: { readonly [name: string]: JsonSchema };
  readonly required?: readonly string[];
}

/** Words that mean something in this API; the first that fits a pattern is taken. */
const WORDS = [
  "inc-1",
  "cart",
  "Deployment",
  "tic-1",
  "wf-1",
  "cwf-1",
  "30m",
  "1",
  "2026-01-05",
  "10:00",
  "a".repeat(64),
  "2026-01-05T10:00:00Z",
  "100m",
  "128Mi",
];

/** What strings of these names are about; names decide only where no pattern does. */
const NAMED: { readonly [name: string]: string } = { kind: "Deployment", namespace: "shop", name: "cart" };

/** Every property is given, optional ones too unless `required` alone is wanted. Throws for what no word fits. */
export function sampleOf(
  schema: JsonSchema,
  given: { readonly schemas?: { readonly [id: string]: JsonSchema }; readonly requiredOnly?: boolean } = {},
): unknown {
  if (schema.$ref !== undefined) return sampleOf(given.schemas?.[schema.$ref.split("/").at(-1) ?? ""] ?? {}, given);
  const { const: only, enum: choices, default: usual, example, examples } = schema;
  for (const value of [only, example, examples?.[0], choices?.[0], usual]) if (value !== undefined) return value;
  const [first] = schema.anyOf ?? schema.oneOf ?? schema.allOf ?? [];
  if (first !== undefined) return sampleOf(first, given);
  switch (typeof schema.type === "string" ? schema.type : schema.type?.[0]) {
    case "object":
      return Object.fromEntries(
        Object.entries(schema.properties ?? {})
          .filter(([name]) => given.requiredOnly !== true || schema.required?.includes(name) === true)
          .map(([name, property]) => [name, isPlain(property) ? (NAMED[name] ?? sampleOf(property, given)) : sampleOf(property, given)]),
      );
    case "array":
      return schema.items === undefined ? [] : [sampleOf(schema.items, given)];
    case "integer":
    case "number":
      return Math.max(1, schema.minimum ?? 1);
    case "boolean":
      return true;
    default:
      return word(schema);
  }
}

function isPlain({ type, pattern, format, enum: choices, const: only, example, examples }: JsonSchema): boolean {
  return type === "string" && [pattern, format, choices, only, example, examples].every((one) => one === undefined);
}

function word({ pattern, format }: JsonSchema): string {
  if (format === "date-time") return "2026-01-05T10:00:00Z";
  const fits = WORDS.find((one) => pattern === undefined || new RegExp(pattern, "u").test(one));
  if (fits === undefined) throw new Error(`no word of the tests fits ${pattern}: give the schema an example`);
  return fits;
}
