/** Requests made from the API's own description: of each operation one that passes its schemas. */
import fc from "fast-check";
import type { App } from "../context.ts";

export interface Operation {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** As described, with its parameters in braces. */
  readonly path: string;
  readonly url: string;
  readonly body?: object;
}

interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly const?: unknown;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly minItems?: number;
  readonly minLength?: number;
  readonly minimum?: number;
  readonly pattern?: string;
}

interface Described {
  readonly parameters?: readonly { readonly in: string; readonly name: string; readonly required?: boolean; readonly schema: Schema }[];
  readonly requestBody?: {
    readonly content: Readonly<
      Record<string, { readonly schema: Schema; readonly example?: object; readonly examples?: Readonly<Record<string, { readonly value: object }>> }>
    >;
  };
}

/** Every operation that the description has. `bodies`: by `METHOD path`, where a schema cannot say all that a body must keep. */
export async function sampledRequests(app: App, bodies: Readonly<Record<string, object>> = {}): Promise<readonly Operation[]> {
  await app.ready();
  const described = app.swagger() as unknown as {
    readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>;
    readonly components?: { readonly schemas?: Readonly<Record<string, Schema>> };
  };
  const named = described.components?.schemas ?? {};
  return Object.entries(described.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([name, operation]): Operation => {
      const method = name.toUpperCase() as Operation["method"];
      const given = bodies[`${method} ${path}`] ?? bodyOf(operation, named);
      return { method, path, url: urlOf(path, operation, named), ...(given === undefined ? {} : { body: given }) };
    }),
  );
}

function urlOf(path: string, { parameters = [] }: Described, named: Readonly<Record<string, Schema>>): string {
  const text = ({ schema }: { readonly schema: Schema }): string => encodeURIComponent(String(sample(schema, named)));
  const inPath = parameters.filter((parameter) => parameter.in === "path").reduce((url, one) => url.replace(`{${one.name}}`, text(one)), path);
  const query = parameters.filter((parameter) => parameter.in === "query" && parameter.required === true).map((one) => `${one.name}=${text(one)}`);
  return query.length === 0 ? inPath : `${inPath}?${query.join("&")}`;
}

function bodyOf({ requestBody }: Described, named: Readonly<Record<string, Schema>>): object | undefined {
  const content = requestBody?.content["application/json"];
  if (content === undefined) return undefined;
  return content.example ?? Object.values(content.examples ?? {})[0]?.value ?? (sample(content.schema, named) as object);
}

/** The least that the schema takes. */
function sample(schema: Schema, named: Readonly<Record<string, Schema>>): unknown {
  if (schema.$ref !== undefined) return sample(named[schema.$ref.split("/").at(-1) ?? ""] ?? {}, named);
  if (schema.const !== undefined) return schema.const;
  const known = schema.examples?.[0] ?? schema.enum?.[0] ?? schema.default;
  if (known !== undefined) return known;
  const one = schema.anyOf?.[0] ?? schema.oneOf?.[0];
  if (one !== undefined) return sample(one, named);
  if (schema.allOf !== undefined) return Object.assign({}, ...schema.allOf.map((part) => sample(part, named)));
  switch (schema.type) {
    case "object":
      return Object.fromEntries((schema.required ?? []).map((name) => [name, sample(schema.properties?.[name] ?? {}, named)]));
    case "array":
      return Array.from({ length: schema.minItems ?? 0 }, () => sample(schema.items ?? {}, named));
    case "integer":
    case "number":
      return Math.max(1, schema.minimum ?? 1);
    case "boolean":
      return true;
    default:
      return schema.pattern === undefined
        ? "x".repeat(Math.max(1, schema.minLength ?? 1))
        : fc.sample(fc.stringMatching(new RegExp(schema.pattern)), { seed: 1, numRuns: 1 })[0];
  }
}
