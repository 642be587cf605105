/** The operations of an OpenAPI document, flat, for tests that go through all of them. */
import type { OpenApiDocument } from "./document-schema.ts";

export interface Operation {
  /** As `get /api/v2/incidents`. */
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly operationId: string;
  readonly summary: string | undefined;
  readonly tags: readonly string[] | undefined;
  readonly security: readonly object[] | undefined;
  readonly unavailable: readonly string[];
  /** Why it has no example. */
  readonly noExample: string | undefined;
  readonly parameters: readonly Parameter[];
  /** JSON schema and example of its body. */
  readonly body: { readonly schema: object; readonly example: unknown } | undefined;
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, { readonly example?: unknown }>> }>>;
  /** Every example of it, with where in the document its schema is. */
  readonly examples: readonly { readonly value: unknown; readonly pointer: readonly string[] }[];
}

export interface Parameter {
  readonly name: string;
  readonly in: "path" | "query" | "header";
  readonly required?: boolean;
  readonly schema: object;
  readonly example?: unknown;
}

export function eachOperation(document: OpenApiDocument): Operation[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    // biome-ignore lint/suspicious/noExplicitAny: a document is looked into as it came
    Object.entries(methods).map(([method, given]: [string, any]) => operation(path, method, given)),
  );
}

// biome-ignore lint/suspicious/noExplicitAny: as above
function operation(path: string, method: string, given: any): Operation {
  const at = ["paths", path, method];
  const parameters: Parameter[] = given.parameters ?? [];
  const body = given.requestBody?.content?.["application/json"];
  const examples = [
    ...parameters.map(({ example }, index) => ({ value: example, pointer: [...at, "parameters", String(index), "schema"] })),
    ...(body === undefined ? [] : [{ value: body.example, pointer: [...at, "requestBody", "content", "application/json", "schema"] }]),
    ...Object.entries<{ content?: Record<string, { example?: unknown }> }>(given.responses).flatMap(([status, { content = {} }]) =>
      Object.entries(content).map(([type, media]) => ({ value: media.example, pointer: [...at, "responses", status, "content", type, "schema"] })),
    ),
  ];
  return {
    ...{ name: `${method} ${path}`, method: method.toUpperCase(), path, parameters, body, responses: given.responses },
    ...{ operationId: given.operationId, summary: given.summary, tags: given.tags, security: given.security },
    ...{ unavailable: given["x-kintsugi-unavailable"] ?? [], noExample: given["x-kintsugi-no-example"] },
    examples: examples.filter(({ value }) => value !== undefined),
  };
}
