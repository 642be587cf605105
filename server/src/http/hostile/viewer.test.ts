/** Somebody who may look at everything and change nothing, and an assistant, on every route that writes. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Access } from "../../access/access.ts";
import { isBeyondAssistants, type Right } from "../../access/right.ts";
import { incident } from "../../adapters/testing/records.ts";
import { type ApiUnderTest, apiUnderTest, MCP_TOKEN } from "../testing/api-under-test.ts";
import { type Operation, operationsOf, urlOf } from "../testing/operations.ts";

const asked: Right[] = [];
/** Methods that write by name and change nothing: whoever may look may ask. */
const CHANGE_NOTHING: readonly string[] = ["/api/v1/detect/cache/clear", "/api/v1/recommendations"];

/** What a role with the verbs get and list allows. */
const viewing: Access = {
  hint: "",
  authenticate: async (token) => ({
    ...{ name: "vera", groups: ["viewers"], identity: "proven" as const, audience: token === MCP_TOKEN ? ("mcp" as const) : ("api" as const) },
  }),
  may: async (_caller, right) => {
    asked.push(right);
    return right.verb === "get" || right.verb === "list" ? "allowed" : "denied";
  },
};

let api: ApiUnderTest;
let writes: readonly Operation[];
beforeEach(async () => {
  asked.length = 0;
  api = await apiUnderTest({ access: viewing });
  api.engine.list = [incident("inc-1")];
  writes = (await operationsOf(api)).filter(({ method, path }) => method !== "GET" && !CHANGE_NOTHING.includes(path));
});
afterEach(() => api.close());

/** How each write is answered with a body that it takes: the first of its example, or what it must have, and all that it may have that is no mistake. */
async function answers(headers: { readonly [name: string]: string } = {}): Promise<readonly string[]> {
  const seen: string[] = [];
  for (const operation of writes) {
    const ask = (body: unknown) => api.ask(operation.method, urlOf(operation), { headers, ...(body === undefined ? {} : { body: body as object }) });
    const first = await ask(operation.body);
    const { status } = first.status === 400 ? await ask(operation.wholeBody) : first;
    seen.push(`${status} ${operation.method} ${operation.path}`);
  }
  return seen;
}

describe("a viewer", () => {
  it("is refused by every route that writes, and the engine hears of none", async () => {
    expect(await answers()).toEqual(writes.map(({ method, path }) => `403 ${method} ${path}`));
    expect(asked.length).toBeGreaterThanOrEqual(writes.length);
    expect(api.engine.told).toEqual([]);
    expect(api.ledger.head().seq).toBe(0);
  });

  it("with a credential made for MCP is refused as well", async () => {
    expect(await answers({ authorization: `Bearer ${MCP_TOKEN}` })).toEqual(writes.map(({ method, path }) => `403 ${method} ${path}`));
    expect(api.engine.told).toEqual([]);
  });

  it("may ask all the same", async () => {
    expect((await api.ask("GET", "/api/v2/incidents")).json.items).toHaveLength(1);
  });
});

describe("an assistant of somebody who may do everything", () => {
  it("is refused what lets more happen, before anybody is asked whether its owner may", async () => {
    await api.close();
    const everything: Access = {
      ...viewing,
      may: async (_caller, right) => {
        asked.push(right);
        return "allowed";
      },
    };
    api = await apiUnderTest({ access: everything });
    api.engine.list = [incident("inc-1")];
    const refused = (await answers({ authorization: `Bearer ${MCP_TOKEN}` })).filter((line) => line.startsWith("403"));
    expect(refused).toEqual(expect.arrayContaining(["403 POST /api/v2/incidents/{id}/approve", "403 POST /api/v2/resume", "403 DELETE /api/v2/silences/{id}"]));
    expect(asked.filter(isBeyondAssistants)).toEqual([]);
    expect(api.engine.told.filter(({ command }) => ["approve", "resume", "unsilence"].includes(command.type))).toEqual([]);
  });
});
