/** `/mcp` as an assistant finds it: who is let in, and what both revisions of the protocol give. */
import type { AddressInfo } from "node:net";
import type { Client } from "@modelcontextprotocol/client";
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { awaiting, draft, incident, openIncident } from "../adapters/testing/records.ts";
import { type ApiUnderTest, apiUnderTest, MCP_TOKEN, TOKEN } from "../http/testing/api-under-test.ts";
import { connectHttp, REVISIONS, type Revision, textOf } from "./testing/connect.ts";

let api: ApiUnderTest;
let url: string;
beforeEach(async () => {
  api = await apiUnderTest();
  await api.app.listen({ host: "127.0.0.1", port: 0 });
  url = `http://127.0.0.1:${(api.app.server.address() as AddressInfo).port}`;
  api.engine.list = [incident("inc-1"), awaiting("inc-2")];
});
afterEach(() => api.close());

async function assistant(revision: Revision): Promise<Client> {
  const client = await connectHttp(url, MCP_TOKEN, revision);
  onTestFinished(() => client.close());
  return client;
}

const PING = { jsonrpc: "2.0", id: 1, method: "ping" };

describe("who is let in", () => {
  it("leads whoever has no credential to where one comes from", async () => {
    for (const authorization of [undefined, "Bearer wrong"]) {
      const answer = await fetch(`${url}/mcp`, {
        method: "POST",
        body: JSON.stringify(PING),
        headers: { "content-type": "application/json", ...(authorization === undefined ? {} : { authorization }) },
      });
      expect(answer.status).toBe(401);
      const challenge = answer.headers.get("www-authenticate") ?? "";
      const metadata = /resource_metadata="([^"]+)"/.exec(challenge)?.[1];
      expect(metadata).toBe(`${url}/.well-known/oauth-protected-resource/mcp`);
      expect(challenge.includes('error="invalid_token"')).toBe(authorization !== undefined);
      const found = await fetch(metadata ?? "");
      expect(await found.json()).toEqual({ resource: `${url}/mcp`, bearer_methods_supported: ["header"], resource_name: "Kintsugi" });
    }
  });

  it("refuses the credential of the API, which could approve", async () => {
    const answer = await api.ask("POST", "/mcp", { body: PING, headers: { authorization: `Bearer ${TOKEN}` } });
    expect(answer.status).toBe(403);
    expect(answer.json.error.message).toContain("made for MCP");
  });

  it("refuses a name that is not ours and a page of another origin, before anything else", async () => {
    const { status: rebound } = await api.ask("POST", "/mcp", { body: PING, headers: { authorization: `Bearer ${MCP_TOKEN}`, host: "evil.example" } });
    expect(rebound).toBe(421);
    const { status: page } = await api.ask("POST", "/mcp", { body: PING, headers: { authorization: `Bearer ${MCP_TOKEN}`, origin: "https://evil.example" } });
    expect(page).toBe(403);
    const { status: metadata } = await api.ask("GET", "/.well-known/oauth-protected-resource", { headers: { authorization: undefined, host: "evil.example" } });
    expect(metadata).toBe(421);
  });
});

describe.each(REVISIONS)("revision %s", (revision) => {
  it("lists tools, and calls one as the assistant that it is", async () => {
    const client = await assistant(revision);
    expect(client.getServerVersion()).toMatchObject({ name: "kintsugi", version: "0.1.0" });
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toContain("deny-remediation");
    const result = await client.callTool({ name: "deny-remediation", arguments: { incident_id: "inc-2", why: "we are debugging it" } });
    expect(result.structuredContent).toEqual({ text: "done" });
    expect(api.engine.told).toEqual([{ command: { type: "deny", incident: "inc-2", why: "we are debugging it" }, by: "mcp" }]);
    expect(api.engine.askers).toEqual([{ type: "assistant", name: "mcp", proven: false }]);
    expect(await api.metrics.registry.metrics()).toContain('kintsugi_mcp_call_seconds_count{tool="deny-remediation",outcome="ok"} 1');
  });

  it("reads an incident, and says what to do when there is none", async () => {
    const client = await assistant(revision);
    await api.ledger.append([draft(openIncident("inc-1"))]);
    const { structuredContent } = await client.callTool({ name: "get-incident", arguments: { incident_id: "inc-1", fields: ["id", "phase"] } });
    expect(structuredContent).toMatchObject({
      incident: { id: "inc-1", phase: "open" },
      timeline: [{ seq: 1, type: "incident", to: "open", reason: "opened" }],
    });
    const missing = await client.callTool({ name: "get-incident", arguments: { incident_id: "inc-99" } });
    expect(missing.isError).toBe(true);
    expect(textOf(missing)).toContain("there is no incident inc-99");
    expect(textOf(missing)).toContain("Next: ");
  });

  it("refuses arguments that it does not know", async () => {
    const client = await assistant(revision);
    const result = await client.callTool({ name: "pause", arguments: { why: "storm", resume: true } });
    expect(result.isError).toBe(true);
    expect(await api.metrics.registry.metrics()).toContain('kintsugi_mcp_call_seconds_count{tool="pause",outcome="refused"} 1');
    expect(api.engine.told).toEqual([]);
  });

  it("reads resources and prompts", async () => {
    const client = await assistant(revision);
    const { contents } = await client.readResource({ uri: "incident://inc-2" });
    expect(JSON.parse((contents[0] as { text: string }).text)).toMatchObject({ incident: { id: "inc-2", phase: "awaiting" } });
    await expect(client.readResource({ uri: "incident://inc-99" })).rejects.toThrow("there is no incident inc-99");
    const { messages } = await client.getPrompt({ name: "investigate-incident", arguments: { id: "inc-2" } });
    expect(JSON.stringify(messages)).toContain("kintsugi approve ID");
    const { completion } = await client.complete({ ref: { type: "ref/resource", uri: "incident://{id}" }, argument: { name: "id", value: "inc-" } });
    expect(completion.values).toEqual(["inc-2", "inc-1"]);
  });
});

it("advertises changes only where they reach the client", async () => {
  expect((await assistant("2025-11-25")).getServerCapabilities()?.resources).toEqual({ listChanged: false });
  expect((await assistant("2026-07-28")).getServerCapabilities()?.resources).toEqual({ listChanged: true, subscribe: true });
});
