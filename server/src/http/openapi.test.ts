import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Described, lackingExamples } from "./example.ts";
import { type ApiUnderTest, apiUnderTest } from "./testing/api-under-test.ts";
import { type OpenApiDocument, schemaCheck } from "./testing/document-schema.ts";
import { eachOperation, type Operation } from "./testing/each-operation.ts";

let api: ApiUnderTest;
let document: OpenApiDocument;
let operations: readonly Operation[];
beforeAll(async () => {
  api = await apiUnderTest();
  document = (await api.ask("GET", "/api/v2/openapi.json")).json;
  operations = eachOperation(document);
});
afterAll(() => api.close());

describe("each operation of the document", () => {
  it("has a name of its own, a summary and a tag", () => {
    const names = operations.map(({ operationId }) => operationId);
    expect(names).toEqual([...new Set(names)]);
    for (const { name, summary, tags } of operations) {
      expect(summary, name).toMatch(/^\S.*\S$/);
      expect(tags, name).toHaveLength(1);
    }
  });

  it("has an example of its parameters, body and answer, or says why there is none (`example` in the schema of its route)", () => {
    expect(lackingExamples(document as unknown as Described)).toEqual([]);
  });

  it("has examples that are as its own schemas want them", () => {
    const check = schemaCheck(document);
    const wrong = operations.flatMap((one) => one.examples.map(({ value, pointer }) => [pointer.join(" "), check(value, ...pointer)]));
    expect(wrong.filter(([, what]) => what !== undefined)).toEqual([]);
  });

  it("names the code of each 503 that it may answer, where it needs a token", () => {
    for (const { name, security, unavailable } of operations) {
      if (security === undefined) expect(unavailable, name).toEqual(expect.arrayContaining(["ACCESS_UNKNOWN", "ENGINE_SILENT"]));
    }
    expect(operations.find(({ name }) => name === "get /api/v2/events")?.unavailable).toContain("TOO_MANY_STREAMS");
  });
});

it("notices an operation without an example, and takes a reason for one", () => {
  const bare = { parameters: [{ name: "id", in: "path", required: true }], responses: { 200: { content: { "application/json": {} } } } };
  expect(lackingExamples({ paths: { "/a/{id}": { get: bare } } })).toEqual(["get /a/{id}: id", "get /a/{id}: an answer"]);
  expect(lackingExamples({ paths: { "/a/{id}": { get: { ...bare, "x-kintsugi-no-example": "it ends the process" } } } })).toEqual([]);
});
