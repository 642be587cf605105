/** Approving by elicitation: the person at the client types the plan's hash, where policy lets that count. */
import type { AddressInfo } from "node:net";
import { PolicySpec } from "@kintsugi/core";
import type { Client } from "@modelcontextprotocol/client";
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { awaiting, PLAN } from "../../adapters/testing/records.ts";
import { type ApiUnderTest, apiUnderTest, MCP_TOKEN } from "../../http/testing/api-under-test.ts";
import { serveMcpOverStdio } from "../stdio.ts";
import { clientOf, connectHttp, pipes, type Revision, textOf } from "../testing/connect.ts";

const TYPED = PLAN.hash.slice(0, 8);

let api: ApiUnderTest;
let url: string;
beforeEach(async () => {
  api = await apiUnderTest();
  await api.app.listen({ host: "127.0.0.1", port: 0 });
  url = `http://127.0.0.1:${(api.app.server.address() as AddressInfo).port}`;
  api.engine.list = [awaiting("inc-2")];
});
afterEach(() => api.close());

function policyAllows(approveByElicitation: boolean): void {
  const policy = { name: "test", hash: "p1", spec: PolicySpec.parse({ approveByElicitation }) };
  api.engine.policy = () => policy;
}

interface Person {
  readonly asked: { readonly message: string }[];
  answer: { readonly action: "accept" | "decline" | "cancel"; readonly content?: { readonly [field: string]: string } };
}

async function assistant(transport: "http" | "stdio", revision: Revision, person: Person): Promise<Client> {
  const client = clientOf(revision, { elicitation: { form: {} } });
  client.setRequestHandler("elicitation/create", async ({ params }) => {
    person.asked.push(params);
    return person.answer as never;
  });
  if (transport === "http") {
    await connectHttp(url, MCP_TOKEN, client);
    onTestFinished(() => client.close());
    return client;
  }
  const { input, output, transport: pipe } = pipes();
  const stop = new AbortController();
  const served = serveMcpOverStdio({
    version: "0.1.0",
    actor: "ada",
    find: () => ({ url, token: MCP_TOKEN }),
    input,
    output,
    log: () => {},
    signal: stop.signal,
  });
  onTestFinished(async () => {
    stop.abort();
    await served;
  });
  await client.connect(pipe);
  return client;
}

const saying = (confirm: string): Person => ({ asked: [], answer: { action: "accept", content: { confirm } } });
const approve = (client: Client) => client.callTool({ name: "approve-remediation", arguments: { incident_id: "inc-2" } });

describe.each([
  ["stdio", "2025-11-25"],
  ["stdio", "2026-07-28"],
  ["http", "2026-07-28"],
] as const)("over %s with %s", (transport, revision) => {
  it("shows the plan and its hash, and counts for exactly that plan", async () => {
    policyAllows(true);
    const person = saying(TYPED);
    const result = await approve(await assistant(transport, revision, person));
    expect(person.asked).toHaveLength(1);
    expect(person.asked[0]?.message).toContain(PLAN.hash);
    expect(person.asked[0]?.message).toContain('"shop/cart:broken" -> "shop/cart:1.2"');
    expect(result.structuredContent).toMatchObject({ approved: true, plan_hash: PLAN.hash });
    expect(api.engine.told.map(({ command }) => command)).toEqual([{ type: "approve", incident: "inc-2", planHash: PLAN.hash, elicited: true }]);
    expect(api.engine.askers[0]).toMatchObject({ type: "assistant" });
  });

  it.each([
    ["something else is typed", saying("yes")],
    ["nothing is typed", saying("")],
    ["the person declines", { asked: [], answer: { action: "decline" } } satisfies Person],
    ["the person closes the question", { asked: [], answer: { action: "cancel" } } satisfies Person],
  ])("approves nothing when %s", async (_, person) => {
    policyAllows(true);
    const result = await approve(await assistant(transport, revision, person));
    expect(person.asked).toHaveLength(1);
    expect(result.structuredContent).toMatchObject({ approved: false });
    expect(textOf(result)).toContain("Do not ask again");
    expect(api.engine.told).toEqual([]);
  });

  it("does not ask where policy says nothing of it", async () => {
    policyAllows(false);
    const person = saying(TYPED);
    const result = await approve(await assistant(transport, revision, person));
    expect(person.asked).toEqual([]);
    expect(result.structuredContent).toMatchObject({ approved: false, how: `kintsugi approve inc-2 --plan ${PLAN.hash.slice(0, 12)}` });
    expect(api.engine.told).toEqual([]);
  });
});

it("does not ask over HTTP with 2025-11-25, where there is no way back to the client", async () => {
  policyAllows(true);
  const person = saying(TYPED);
  const result = await approve(await assistant("http", "2025-11-25", person));
  expect(person.asked).toEqual([]);
  expect(result.structuredContent).toMatchObject({ approved: false });
});

describe("an answer that was made up", () => {
  const META = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientInfo": { name: "raw", version: "1" },
    "io.modelcontextprotocol/clientCapabilities": { elicitation: { form: {} } },
  };
  const send = async (more: object, actor = "ada") => {
    const params = { name: "approve-remediation", arguments: { incident_id: "inc-2" }, _meta: META, ...more };
    const headers = {
      authorization: `Bearer ${MCP_TOKEN}`,
      "x-kintsugi-actor": actor,
      accept: "application/json, text/event-stream",
      "mcp-protocol-version": "2026-07-28",
      "mcp-method": "tools/call",
      "mcp-name": "approve-remediation",
    };
    return (await api.ask("POST", "/mcp", { body: { jsonrpc: "2.0", id: 1, method: "tools/call", params }, headers })).json;
  };
  const inputResponses = { approval: { action: "accept", content: { confirm: TYPED } } };

  beforeEach(() => policyAllows(true));

  it("to no question is refused", async () => {
    const { result } = await send({ inputResponses });
    expect(result).toMatchObject({ isError: true });
    expect(api.engine.told).toEqual([]);
  });

  it("with a seal of its own, or that of another incident, is refused", async () => {
    expect((await send({ inputResponses, requestState: "v1.e30.AAAA" })).error).toMatchObject({ code: -32_602 });
    const { result } = await send({});
    expect(result).toMatchObject({ resultType: "input_required", requestState: expect.any(String) });
    const other = await send({ inputResponses, requestState: result.requestState, arguments: { incident_id: "inc-3" } });
    expect(other.result).toMatchObject({ isError: true });
    expect(api.engine.told).toEqual([]);
    expect((await send({ inputResponses, requestState: result.requestState })).result.structuredContent).toMatchObject({ approved: true });
  });

  it("that is sent again counts no second time, whatever the first one said", async () => {
    const first = (await send({})).result.requestState;
    await send({ inputResponses, requestState: first });
    expect((await send({ inputResponses, requestState: first })).result).toMatchObject({ isError: true });
    expect(api.engine.told).toHaveLength(1);
    const second = (await send({})).result.requestState;
    await send({ inputResponses: { approval: { action: "decline" } }, requestState: second });
    expect((await send({ inputResponses, requestState: second })).result).toMatchObject({ isError: true });
    expect(api.engine.told).toHaveLength(1);
  });

  it("is nobody else's", async () => {
    const { requestState } = (await send({})).result;
    const { error } = await send({ inputResponses, requestState }, "mallory");
    expect(error).toMatchObject({ code: -32_602 });
    expect(api.engine.told).toEqual([]);
  });
});
