/** Requests at random: as the document wants them, nearly so, and not at all. */
import fc from "fast-check";
import type { OperationRequest } from "./ask-operation.ts";
import type { Bound } from "./contract-world.ts";
import type { Operation, Parameter } from "./each-operation.ts";

const strange = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.string({ unit: "binary", maxLength: 20 }),
  fc.constantFrom(
    "",
    "0",
    "-1",
    "NaN",
    "null",
    "__proto__",
    "constructor",
    "../../etc/passwd",
    "a".repeat(280),
    "%00",
    "\u202e",
    "'; DROP TABLE records; --",
    "1e999",
    "inc-999999999999",
  ),
  fc.integer().map(String),
);

/** A request for the operation around its example `bound`. */
export function requestsFor(operation: Operation, bound: Bound): fc.Arbitrary<OperationRequest> {
  const names = operation.parameters.filter((one) => one.in === "path").map(({ name }) => name);
  return fc.record({
    path: fc.record(
      Object.fromEntries(
        names.map((name) => [
          name,
          fc.oneof({ weight: 3, arbitrary: fc.constant(bound.path[name] ?? name) }, { weight: 1, arbitrary: strange.filter((text) => text !== "") }),
        ]),
      ),
    ),
    query: queries(operation, bound),
    headers,
    body: bodies(operation, bound),
  });
}

function bodies(operation: Operation, bound: Bound): fc.Arbitrary<unknown> {
  const none = fc.constant(undefined);
  if (operation.method === "GET") return none;
  if (operation.body !== undefined) return withBody(operation, bound.body);
  return fc.oneof({ weight: 5, arbitrary: none }, { weight: 1, arbitrary: withBody(operation, {}) });
}

/** Header values are bytes; these are of one line. */
const word = fc.string({ unit: fc.constantFrom(..."abcXYZ019-_.\"'*,;=/ "), maxLength: 30 }).map((text) => text.trim());
const headers: fc.Arbitrary<Record<string, string>> = fc.oneof(
  { weight: 3, arbitrary: fc.constant({}) },
  {
    weight: 1,
    arbitrary: fc.dictionary(
      fc.constantFrom("if-none-match", "if-match", "idempotency-key", "x-kintsugi-actor", "last-event-id", "accept", "content-type", "range"),
      word,
      { maxKeys: 3 },
    ),
  },
);

function queries({ parameters }: Operation, bound: Bound): fc.Arbitrary<Record<string, unknown>> {
  const known = parameters.filter((one) => one.in === "query");
  const valid = fc.record(Object.fromEntries(known.map((one) => [one.name, queryValue(one, bound)])), { requiredKeys: [] });
  const stray = fc.dictionary(
    fc.oneof(fc.constantFrom(...known.map(({ name }) => name), "limit", "__proto__"), fc.string({ minLength: 1, maxLength: 8 })),
    fc.oneof(strange, fc.array(strange, { maxLength: 4 })),
    { maxKeys: 3 },
  );
  return fc.oneof({ weight: 3, arbitrary: valid }, { weight: 1, arbitrary: fc.tuple(valid, stray).map(([some, more]) => ({ ...some, ...more })) });
}

function queryValue({ name, schema, example }: Parameter, bound: Bound): fc.Arbitrary<unknown> {
  const {
    enum: choices,
    items,
    type,
    minimum = 0,
    maximum = 1_000,
  } = schema as { enum?: unknown[]; items?: { enum?: unknown[] }; type?: string; minimum?: number; maximum?: number };
  const given = bound.query[name] ?? example;
  const chosen = choices ?? items?.enum;
  return fc.oneof(
    ...(given === undefined ? [] : [fc.constant(given)]),
    ...(chosen === undefined ? [] : [fc.constantFrom(...chosen), fc.uniqueArray(fc.constantFrom(...chosen), { minLength: 1 })]),
    ...(type === "integer" || type === "number" ? [fc.integer({ min: minimum, max: Math.min(maximum, 1_000_000) })] : []),
    strange,
  );
}

/** The example, the example with something else in it, any JSON, and what is none. */
function withBody({ body }: Operation, example: unknown): fc.Arbitrary<unknown> {
  const keys = Object.keys((example ?? {}) as object);
  const spoilt = fc
    .record({
      key: fc.oneof(fc.constantFrom(...keys, "__proto__"), fc.string({ maxLength: 8 })),
      value: fc.oneof(fc.jsonValue({ maxDepth: 3 }), strange),
      drops: fc.boolean(),
    })
    .map(({ key, value, drops }) => {
      const entries = Object.entries((example ?? {}) as object).filter(([name]) => !(drops && name === key));
      return Object.fromEntries(drops ? entries : [...entries, [key, value]]);
    });
  const any = fc.jsonValue({ maxDepth: 4 }).map((value) => JSON.stringify(value));
  return fc.oneof(
    { weight: 2, arbitrary: fc.constant(body === undefined ? example : (example ?? {})) },
    { weight: 4, arbitrary: spoilt },
    { weight: 1, arbitrary: any },
    { weight: 1, arbitrary: fc.constantFrom("", "{", '{"why":', "[".repeat(5_000), '"\\ud800"', '{"a":1}{"b":2}') },
  );
}
