/** Arguments that no tool means: far too much of them, of another kind, or text that is a path, a selector or a command elsewhere. And an assistant whose owner may only look. */
import type { AddressInfo } from "node:net";
import type { Client } from "@modelcontextprotocol/client";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Access } from "../../access/access.ts";
import { awaiting, incident } from "../../adapters/testing/records.ts";
import { type ApiUnderTest, apiUnderTest, MCP_TOKEN } from "../../http/testing/api-under-test.ts";
import { type JsonSchema, sampleOf } from "../../http/testing/sample.ts";
import { HOSTILE } from "../../testing/hostile-strings.ts";
import { connectHttp, textOf } from "../testing/connect.ts";

const CANARY = "canary-of-the-vault";

/** An assistant of somebody who has every right in the namespace shop and none elsewhere. */
const inShop: Access = {
  hint: "a token of the tests",
  authenticate: async (token) => (token === MCP_TOKEN ? { name: "sam", groups: [], identity: "proven", audience: "mcp" } : undefined),
  may: async (_caller, { namespace }) => (namespace === "shop" ? "allowed" : "denied"),
};
/** Of somebody who may only look. */
const looking: Access = { ...inShop, may: async (_caller, { verb }) => (verb === "get" || verb === "list" ? "allowed" : "denied") };

let api: ApiUnderTest;
let client: Client;
afterEach(async () => {
  await client.close();
  await api.close();
});

async function open(access: Access): Promise<void> {
  api = await apiUnderTest({ access });
  const other = incident("inc-9");
  api.engine.list = [incident("inc-1"), awaiting("inc-2"), { ...other, title: CANARY, subject: { ...other.subject, namespace: "vault", name: CANARY } }];
  await api.app.listen({ host: "127.0.0.1", port: 0 });
  client = await connectHttp(`http://127.0.0.1:${(api.app.server.address() as AddressInfo).port}`, MCP_TOKEN, "2026-07-28");
}

type Tools = Awaited<ReturnType<Client["listTools"]>>["tools"];

/** What tools need beyond what their schemas say. */
const NEEDED: { readonly [tool: string]: object } = {
  "propose-remediation": { incident_id: "inc-2" },
  "create-incident": { target: "Deployment/shop/cart" },
};

/** Arguments that the tool takes. */
function argumentsOf({ name, inputSchema }: Tools[number]): { readonly [name: string]: unknown } {
  const given = sampleOf(inputSchema as JsonSchema, { requiredOnly: true }) as { [name: string]: unknown };
  return { ...given, ...NEEDED[name] };
}

const stringsOf = ({ inputSchema }: Tools[number]): readonly string[] =>
  Object.entries((inputSchema as JsonSchema).properties ?? {}).flatMap(([name, { type }]) => (type === "string" ? [name] : []));

/** The text of the answer, or of the error that the protocol has for it. */
async function answerTo(name: string, args: { readonly [name: string]: unknown }): Promise<string> {
  return client.callTool({ name, arguments: { ...args } }).then(
    (result) => textOf(result) + JSON.stringify(result.structuredContent ?? {}),
    (error: Error) => error.message,
  );
}

describe("an assistant of one namespace", () => {
  beforeEach(() => open(inShop));

  it.each(HOSTILE)("with %s in any argument of any tool gets nothing of another, and breaks nothing", async (_what, text) => {
    const { tools } = await client.listTools();
    let asked = 0;
    for (const tool of tools) {
      for (const name of stringsOf(tool)) {
        const answer = await answerTo(tool.name, { ...argumentsOf(tool), [name]: text });
        asked += 1;
        expect(answer.includes(CANARY), `${tool.name} ${name}: ${answer.slice(0, 500)}`).toBe(false);
        expect(answer, `${tool.name} ${name}`).not.toMatch(/failed inside|Internal error|root:x:/);
      }
    }
    expect(asked).toBeGreaterThan(40);
    const told = JSON.stringify(api.engine.told.map(({ command }) => ({ ...command, why: "", report: "" })));
    if (text !== "" && !/^[.*-]+$/.test(text)) expect(told.includes(JSON.stringify(text).slice(1, -1))).toBe(false);
  });

  it("with arguments of hundreds of kilobytes, of thousands of members, or nested without end is refused", async () => {
    const { tools } = await client.listTools();
    const deep = JSON.parse(`${'{"a":'.repeat(2_000)}1${"}".repeat(2_000)}`) as object;
    const wrongs = [
      ...[{ extra: "x".repeat(200_000) }, { extra: deep }, { extra: Array.from({ length: 5_000 }, (_, i) => i) }],
      Object.fromEntries(Array.from({ length: 2_000 }, (_, i) => [`extra_${i}`, i])),
    ];
    for (const tool of tools) {
      for (const wrong of wrongs) {
        const result = await client.callTool({ name: tool.name, arguments: { ...argumentsOf(tool), ...wrong } }).catch((error: Error) => error);
        expect(result instanceof Error || result.isError === true, tool.name).toBe(true);
      }
    }
    expect(api.engine.told).toEqual([]);
    await expect(client.callTool({ name: "pause", arguments: { why: "x".repeat(300_000) } })).rejects.toThrow();
    expect(api.engine.told).toEqual([]);
  });
});

describe("an assistant of somebody who may only look", () => {
  beforeEach(() => open(looking));

  it("is refused by every tool that changes something, and the engine hears of none", async () => {
    const { tools } = await client.listTools();
    const changing = tools.filter(({ annotations }) => annotations?.readOnlyHint !== true);
    for (const tool of changing) {
      const result = await client.callTool({ name: tool.name, arguments: { ...argumentsOf(tool) } });
      expect(result.isError, `${tool.name}: ${textOf(result)}`).toBe(true);
      expect(textOf(result), tool.name).toMatch(/may not|may never|person/);
    }
    expect(changing.map(({ name }) => name).toSorted()).toEqual(
      ["approve-remediation", "create-incident", "deny-remediation", "pause", "propose-remediation", "trigger-remediation", "undo-remediation"].toSorted(),
    );
    expect(api.engine.told).toEqual([]);
  });
});
