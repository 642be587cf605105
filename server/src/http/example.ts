/** One request and its answer, written beside each route. OpenAPI shows them, and `contract.test.ts` replays them against a running engine. */

export interface Example {
  /** Of the path. A parameter whose own schema has `examples` needs none here. */
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
  /** What comes back when it goes well. */
  readonly answer?: unknown;
}

/** As much of an OpenAPI document as examples need. */
export interface Described {
  readonly paths?: Readonly<Record<string, Readonly<Record<string, Operation>> | undefined>> | undefined;
}

interface Operation {
  parameters?: Parameter[];
  requestBody?: { content: Record<string, Media> };
  responses: Record<string, { content?: Record<string, Media> }>;
  "x-kintsugi-no-example"?: string;
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema?: { readonly examples?: readonly unknown[] };
  example?: unknown;
}

interface Media {
  example?: unknown;
}

/** Puts the example of each `method path` in its places. */
export function withExamples<T>(document: T, examples: ReadonlyMap<string, Example | { readonly none: string }>): T {
  for (const { name, operation } of operationsOf(document as Described)) {
    const example = examples.get(name);
    if (example === undefined) continue;
    if ("none" in example) operation["x-kintsugi-no-example"] = example.none;
    else show(operation, example);
  }
  return document;
}

function show(operation: Operation, { params, query, body, answer }: Example): void {
  const values: Readonly<Record<string, unknown>> = { ...params, ...query };
  for (const parameter of operation.parameters ?? []) {
    const value = values[parameter.name] ?? parameter.schema?.examples?.[0];
    if (value !== undefined && (parameter.in === "path" || query?.[parameter.name] !== undefined)) parameter.example = value;
  }
  for (const media of Object.values(operation.requestBody?.content ?? {})) if (body !== undefined) media.example = body;
  for (const media of Object.values(successOf(operation)?.content ?? {})) if (answer !== undefined) media.example = answer;
}

/** What each operation lacks: an example of a parameter that it needs, of its query, its body or its answer. Empty where all have theirs or say why not. */
export function lackingExamples(document: Described): string[] {
  return operationsOf(document).flatMap(({ name, operation }) => {
    if (operation["x-kintsugi-no-example"] !== undefined) return [];
    return missingIn(operation).map((what) => `${name}: ${what}`);
  });
}

function missingIn({ parameters = [], requestBody, ...rest }: Operation): string[] {
  const query = parameters.filter((one) => one.in === "query");
  const answer = Object.values(successOf(rest)?.content ?? {});
  return [
    ...parameters.filter((one) => one.required === true && one.example === undefined).map((one) => one.name),
    ...(query.length > 0 && query.every((one) => one.example === undefined) ? ["a query"] : []),
    ...(requestBody !== undefined && Object.values(requestBody.content).some((media) => media.example === undefined) ? ["a body"] : []),
    ...(answer.some((media) => media.example === undefined) ? ["an answer"] : []),
  ];
}

/** The answer when it goes well. */
export function successOf({ responses }: Pick<Operation, "responses">): { readonly content?: Record<string, Media> } | undefined {
  return Object.entries(responses).find(([status]) => status.startsWith("2"))?.[1];
}

function operationsOf({ paths = {} }: Described): { readonly name: string; readonly operation: Operation }[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods ?? {}).map(([method, operation]) => ({ name: `${method} ${path}`, operation })),
  );
}
