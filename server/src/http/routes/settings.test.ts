import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { incident } from "../../adapters/testing/records.ts";
import { type ApiUnderTest, apiUnderTest, MCP_TOKEN } from "../testing/api-under-test.ts";
import { onlyIn } from "../testing/narrow-access.ts";

let api: ApiUnderTest;
beforeEach(async () => {
  api = await apiUnderTest();
});
afterEach(() => api.close());

interface Told {
  readonly resource: string;
  readonly verb: string;
  readonly everywhere: boolean;
  readonly namespaces: readonly string[];
  readonly never: boolean;
}
const right = (rights: readonly Told[], resource: string, verb: string) => rights.find((one) => one.resource === resource && one.verb === verb);

describe("the settings", () => {
  it("say what is on and what not and why, and nothing secret", async () => {
    const { json, text } = await api.ask("GET", "/api/v2/settings");
    expect(json).toMatchObject({
      version: "0.1.0",
      acting: { enabled: false, state: "read-only" },
      authentication: { methods: ["token"] },
      policy: { hash: "p1" },
    });
    expect(json.features).toContainEqual({ feature: "metrics", configured: false, why: expect.stringContaining("no metrics source") });
    expect(json.features).toContainEqual({ feature: "advisor", configured: false, why: expect.stringContaining("docs/advisor.md") });
    expect(text).not.toMatch(/[tm]{43}/);
  });

  it("name the file that owns the policy", async () => {
    api.engine.policyFile = "policy.yaml";
    api.engine.state = { ...api.engine.state, authority: { type: "waiting", reason: "another holds it" } };
    expect((await api.ask("GET", "/api/v2/settings")).json).toMatchObject({
      policy: { file: "policy.yaml" },
      acting: { enabled: true, why: expect.stringContaining("another holds it") },
    });
  });
});

describe("who am I", () => {
  it("tells a person what they may do everywhere", async () => {
    const { json } = await api.ask("GET", "/api/v2/whoami", { headers: { "x-kintsugi-actor": "ada" } });
    expect(json).toMatchObject({ name: "ada", identity: "claimed", audience: "api", namespaces: [] });
    expect(json.rights.every(({ everywhere, never }: Told) => everywhere && !never)).toBe(true);
  });

  it("tells an assistant what it can never do", async () => {
    const { rights, audience } = (await api.ask("GET", "/api/v2/whoami", { headers: { authorization: `Bearer ${MCP_TOKEN}` } })).json;
    expect(audience).toBe("mcp");
    expect(right(rights, "remediations", "approve")).toMatchObject({ everywhere: false, never: true });
    expect(right(rights, "remediations", "create")).toMatchObject({ everywhere: true, never: false });
  });

  it("tells where, for the namespaces of incidents that they may see, or those that they ask about", async () => {
    const narrow = await apiUnderTest({ access: onlyIn("shop") });
    narrow.engine.list = [incident("inc-1"), { ...incident("inc-2"), subject: { kind: "Deployment", namespace: "bank", name: "a" } }];
    const told = (await narrow.ask("GET", "/api/v2/whoami")).json;
    expect(told.namespaces).toEqual(["shop"]);
    expect(right(told.rights, "remediations", "approve")).toMatchObject({ everywhere: false, namespaces: ["shop"] });
    expect((await narrow.ask("GET", "/api/v2/whoami?namespace=bank&namespace=shop")).json.namespaces).toEqual(["bank", "shop"]);
    await narrow.close();
  });
});
