/** The operations of an API by its own OpenAPI document, each with a request that it takes. */
import type { ApiUnderTest } from "./api-under-test.ts";
import { type JsonSchema, sampleOf } from "./sample.ts";

export interface Operation {
  readonly method: string;
  /** With `{name}` for its parameters. */
  readonly path: string;
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly required?: boolean; readonly schema: JsonSchema }[];
  /** A body that it takes: its own example, else what it must have; undefined where it takes none. */
  readonly body: unknown;
  /** With every field that it may have, together or not. */
  readonly wholeBody: unknown;
}

interface Document {
  readonly paths: { readonly [path: string]: { readonly [method: string]: Described } };
  readonly components: { readonly schemas: { readonly [id: string]: JsonSchema } };
}

interface Described {
  readonly parameters?: Operation["parameters"];
  readonly requestBody?: { readonly content: { readonly [type: string]: { readonly schema: JsonSchema; readonly example?: unknown } } };
}

export async function operationsOf(api: Pick<ApiUnderTest, "ask">): Promise<readonly Operation[]> {
  const { paths, components } = (await api.ask("GET", "/api/v2/openapi.json")).json as Document;
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { parameters = [], requestBody }]): Operation => {
      const content = Object.values(requestBody?.content ?? {})[0];
      const { schemas } = components;
      const sample = (requiredOnly: boolean) => (content === undefined ? undefined : sampleOf(content.schema, { schemas, requiredOnly }));
      return { method: method.toUpperCase(), path, parameters, body: content?.example ?? sample(true), wholeBody: sample(false) };
    }),
  );
}

const USUAL: { readonly [name: string]: string } = { kind: "Deployment", namespace: "shop", ns: "shop", name: "cart" };

/** Where to ask, with its parameters filled in: those of the path all, of the query those that it must have; `values` go before. */
export function urlOf({ path, parameters }: Operation, values: { readonly [name: string]: string } = {}): string {
  const value = (name: string, schema: JsonSchema): string => values[name] ?? USUAL[name] ?? String(sampleOf(schema));
  const filled = parameters
    .filter((one) => one.in === "path")
    .reduce((text, { name, schema }) => text.replace(`{${name}}`, encodeURIComponent(value(name, schema))), path);
  const query = parameters
    .filter((one) => one.in === "query" && (one.required === true || values[one.name] !== undefined))
    .map(({ name, schema }) => `${name}=${encodeURIComponent(value(name, schema))}`);
  return query.length === 0 ? filled : `${filled}?${query.join("&")}`;
}
