/** The document against a running engine: each example is replayed, then whatever the document allows and forbids is asked. */
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { askOperation } from "./testing/ask-operation.ts";
import { type ContractWorld, contractWorld } from "./testing/contract-world.ts";
import { type SchemaCheck, schemaCheck } from "./testing/document-schema.ts";
import { eachOperation, type Operation } from "./testing/each-operation.ts";
import { requestsFor } from "./testing/requests.ts";

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
  /** What was found once, and is asked in every run. */
  const PINNED: readonly (readonly [string, object])[] = [];

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

  it.each(PINNED)("%s", async (name, request) => {
    const operation = operations.find((one) => one.name === name)!;
    const { wrong } = await askOperation(world.platform.ask, check, operation, { ...world.bound(operation), ...request });
    expect(wrong).toBeUndefined();
  });
});

const RUNS = 400;
