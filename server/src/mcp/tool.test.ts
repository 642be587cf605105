/** What becomes of a call that goes wrong. */
import { Client } from "@modelcontextprotocol/client";
import { InMemoryTransport, McpServer } from "@modelcontextprotocol/server";
import { expect, it } from "vitest";
import { z } from "zod";
import { type Backend, Refusal } from "./backend.ts";
import { sealing } from "./seals.ts";
import { textOf } from "./testing/connect.ts";
import { READS, registerTool, type Serving, tool } from "./tool.ts";

async function called(answer: () => Promise<object>) {
  const server = new McpServer({ name: "test", version: "1" });
  const outcomes: string[] = [];
  const faults: string[] = [];
  const backend: Backend = { get: answer, post: answer };
  const serving: Serving = {
    backend,
    seals: sealing(),
    onCall: (_, outcome) => outcomes.push(outcome),
    onFault: (why) => faults.push(why),
  };
  const Shape = z.object({ pods: z.number() });
  const given = { name: "count", description: "counts", hints: READS, input: z.strictObject({}), output: Shape };
  registerTool(server, tool({ ...given, run: async (_, use) => ({ data: Shape.parse(await use.backend.get("/x")), says: "Counted." }) }), serving);
  const [here, there] = InMemoryTransport.createLinkedPair();
  await server.connect(here);
  const client = new Client({ name: "test", version: "1" });
  await client.connect(there);
  const result = await client.callTool({ name: "count", arguments: {} });
  await client.close();
  return { result, outcomes, faults };
}

it("a refusal is told with its code and what to do next", async () => {
  const { result, outcomes, faults } = await called(async () => {
    throw new Refusal(503, "no metrics\u001b[2J source", "PROMETHEUS_UNAVAILABLE");
  });
  expect(textOf(result)).toMatch(/^PROMETHEUS_UNAVAILABLE: no metrics source\nNext: /);
  expect(result["_meta"]).toMatchObject({ "kintsugi.dev/error": { code: "PROMETHEUS_UNAVAILABLE", status: 503 } });
  expect([outcomes, faults]).toEqual([["refused"], []]);
});

it("a fault of ours is told without its inside, which the log has", async () => {
  const { result, outcomes, faults } = await called(async () => ({ pods: "secret" }));
  expect(result.isError).toBe(true);
  expect(textOf(result)).toBe("the tool failed inside, which is no fault of the arguments; the program's log says why. Tell the person");
  expect(outcomes).toEqual(["failed"]);
  expect(faults.join()).toContain("expected number");
});

it("an answer is a line for people and the data, fenced", async () => {
  const { result, outcomes } = await called(async () => ({ pods: 3 }));
  expect(result.structuredContent).toEqual({ pods: 3 });
  expect(textOf(result)).toMatch(/^Counted\.\nUntrusted data[\s\S]*\n\{"pods":3\}\n/);
  expect(outcomes).toEqual(["ok"]);
});
