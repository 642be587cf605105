/** The document against a running engine: each example is replayed, then whatever the document allows and forbids is asked. */
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { askOperation } from "./testing/ask-operation.ts";
import { type ContractWorld, contractWorld } from "./testing/contract-world.ts";
import { type SchemaCheck, schemaCheck } from "./testing/document-schema.ts";
import { eachOperation, type Operation } from "./testing/each-operation.ts";
import { requestsFor } from "./testing/requests.ts";

const RUNS = 400;

let world: ContractWorld;
let check: SchemaCheck;
let operations: readonly Operation[];
beforeAll(async () => {
  world = await contractWorld();
  check = schemaCheck(world.document);
  operations = eachOperation(world.document);
});
afterAll(() => world[Symbol.asyncDispose]());

describe("each example of the document", () => {
  it("is answered as the document says, by an engine with trouble in several phases", async () => {
    const phases = new Set(world.platform.opened.platform.engine.incidents().map(({ phase }) => phase));
    expect([...phases].toSorted()).toEqual(expect.arrayContaining(["awaiting", "escalated", "resolved"]));
    const outcomes: string[] = [];
    for (const operation of operations.filter(({ noExample }) => noExample === undefined)) {
      const { status, wrong, text } = await askOperation(world.platform.ask, check, operation, world.bound(operation));
      const expected = world.expected(operation);
      const isAsSaid = wrong === undefined && (expected === "success" ? status >= 200 && status < 300 : status === expected);
      if (!isAsSaid) outcomes.push(`${operation.name}: ${status} ${wrong ?? `instead of ${expected}`}: ${text.slice(0, 300)}`);
    }
    expect(outcomes).toEqual([]);
  });
});

describe("whatever is asked", () => {
  it("is answered as the document says: nothing fails inside", async () => {
    const seen = new Map<number, number>();
    const asked = fc
      .constantFrom(...operations)
      .chain((operation) => requestsFor(operation, world.bound(operation)).map((request) => ({ operation, request })));
    await fc.assert(
      fc.asyncProperty(asked, async ({ operation, request }) => {
        const { status, wrong, text } = await askOperation(world.platform.ask, check, operation, request);
        seen.set(status, (seen.get(status) ?? 0) + 1);
        if (wrong !== undefined) throw new Error(`${operation.name} ${wrong}: ${text.slice(0, 500)}`);
      }),
      { numRuns: RUNS },
    );
    // Requests of every kind were among them, and few were turned away at the door.
    expect([...seen.keys()]).toEqual(expect.arrayContaining([200, 400, 404]));
    expect(seen.get(429) ?? 0).toBeLessThan(RUNS / 10);
  });
});

describe("an API that answers otherwise than its document says", () => {
  const answers =
    (status: number, body: unknown, type = "application/json") =>
    async () =>
      new Response(JSON.stringify(body), { status, headers: { "content-type": type } });

  it.each([
    ["a field that is not as it should be", answers(200, { items: "many", now: 1 }), "items"],
    ["a failure inside", answers(500, {}, "application/problem+json"), "answers 500"],
    ["a 503 that it does not name", answers(503, { code: "TUESDAY" }, "application/problem+json"), "TUESDAY"],
    ["another type", answers(200, {}, "text/html"), "as text/html"],
    ["another status", answers(302, {}), "answers 302"],
  ])("is found out: %s", async (_what, ask, said) => {
    const operation = operations.find(({ name }) => name === "get /api/v2/incidents")!;
    expect((await askOperation(ask, check, operation, world.bound(operation))).wrong).toContain(said);
  });
});
