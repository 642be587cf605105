/** An assistant on this machine: over standard input and output, with the engine in another process that comes and goes. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Client } from "@modelcontextprotocol/client";
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { awaiting, draft, openIncident, resolvedIncident, T0 } from "../adapters/testing/records.ts";
import { type ApiUnderTest, apiUnderTest, MCP_TOKEN, TOKEN } from "../http/testing/api-under-test.ts";
import { Refusal } from "./backend.ts";
import { serveMcpOverStdio } from "./stdio.ts";
import { clientOf, pipes, REVISIONS, type Revision, textOf } from "./testing/connect.ts";

let api: ApiUnderTest | undefined;
let token = MCP_TOKEN;
beforeEach(async () => {
  token = MCP_TOKEN;
  await startEngine();
});
afterEach(() => api?.close());

async function startEngine(port = 0): Promise<void> {
  api = await apiUnderTest();
  await api.app.listen({ host: "127.0.0.1", port });
  api.engine.list = [awaiting("inc-2")];
}
function portOf({ app }: ApiUnderTest): number {
  return (app.server.address() as AddressInfo).port;
}
/** Stops it and says where it was. */
async function stopEngine(): Promise<number> {
  const port = portOf(api!);
  await api!.close();
  api = undefined;
  return port;
}
async function happened(engine: ApiUnderTest, ...records: readonly Parameters<typeof draft>[0][]): Promise<void> {
  engine.engine.stored(await engine.ledger.append(records.map((body) => draft(body))));
}

interface Assistant {
  readonly client: Client;
  readonly log: readonly string[];
  /** Ends its side; resolves when the server has ended too. */
  hangUp(): Promise<void>;
}

async function assistant(revision: Revision): Promise<Assistant> {
  const { input, output, transport } = pipes();
  const log: string[] = [];
  const url = `http://127.0.0.1:${portOf(api!)}`;
  const find = () => {
    if (api === undefined) throw new Refusal(0, "no engine is running here");
    return { url, token };
  };
  const stop = new AbortController();
  const served = serveMcpOverStdio({ version: "0.1.0", actor: "ada", find, input, output, log: (text) => log.push(text), signal: stop.signal });
  onTestFinished(async () => {
    stop.abort();
    await served;
  });
  const client = clientOf(revision);
  await client.connect(transport);
  const hangUp = async (): Promise<void> => {
    input.end();
    await served;
  };
  return { client, log, hangUp };
}

describe.each(REVISIONS)("revision %s", (revision) => {
  it("acts for the person who started it, as an assistant", async () => {
    const { client, hangUp } = await assistant(revision);
    const result = await client.callTool({ name: "deny-remediation", arguments: { incident_id: "inc-2", why: "not now" } });
    expect(result.structuredContent).toEqual({ text: "done" });
    expect(api?.engine.askers).toEqual([{ type: "assistant", name: "ada", proven: false }]);
    await hangUp();
  });

  it("tells what changes to who follows it, and when incidents come and go", async () => {
    const { client } = await assistant(revision);
    const seen: string[] = [];
    client.setNotificationHandler("notifications/resources/updated", ({ params }) => void seen.push(params.uri));
    client.setNotificationHandler("notifications/resources/list_changed", () => void seen.push("list"));
    if (revision === "2025-11-25") {
      await client.subscribeResource({ uri: "incident://inc-2" });
      await expect(client.subscribeResource({ uri: "file:///etc/passwd" })).rejects.toThrow();
    } else {
      await client.listen({ resourceSubscriptions: ["incident://inc-2"], resourcesListChanged: true });
    }
    await vi.waitFor(async () => {
      await happened(api!, openIncident("inc-7"), openIncident("inc-2"));
      expect(seen).toContain("incident://inc-2");
    });
    await happened(api!, resolvedIncident("inc-2", T0));
    await vi.waitFor(() => expect(seen.slice(-2)).toEqual(["incident://inc-2", "list"]));
    expect(seen).not.toContain("incident://inc-7");
  });

  it("says that the engine is gone, goes on when it is back, and tells that anything may have changed", async () => {
    const { client, log } = await assistant(revision);
    const seen: string[] = [];
    client.setNotificationHandler("notifications/resources/list_changed", () => void seen.push("list"));
    if (revision === "2026-07-28") await client.listen({ resourcesListChanged: true });
    // The stream of events is open once something comes over it.
    await vi.waitFor(async () => {
      await happened(api!, openIncident("inc-1"));
      expect(seen).toContain("list");
    });
    seen.length = 0;
    const port = await stopEngine();
    const gone = await client.callTool({ name: "get-incident", arguments: { incident_id: "inc-2" } });
    expect(gone.isError).toBe(true);
    expect(textOf(gone)).toMatch(/no engine is running here[\s\S]*Next: tell the person/);
    await startEngine(port);
    const back = await client.callTool({ name: "get-incident", arguments: { incident_id: "inc-2", fields: ["id"] } });
    expect(back.structuredContent).toMatchObject({ incident: { id: "inc-2" } });
    await vi.waitFor(() => expect(seen).toEqual(["list"]), { timeout: 10_000 });
    expect(log.join("\n")).toContain("changes are not told for now");
  });

  it("does not use the credential of the API, which could approve", async () => {
    token = TOKEN;
    const { client } = await assistant(revision);
    const result = await client.callTool({ name: "deny-remediation", arguments: { incident_id: "inc-2", why: "not now" } });
    expect(result.isError).toBe(true);
    expect(textOf(result)).toContain("made for MCP");
    expect(api?.engine.told).toEqual([]);
  });
});

it("is a command: nothing but the protocol on its output, and its input ends it", async () => {
  const home = mkdtempSync(join(tmpdir(), "kintsugi-mcp-"));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  writeFileSync(join(home, "mcp-token"), `${MCP_TOKEN}\n`, { mode: 0o600 });
  const announced = {
    url: `http://127.0.0.1:${portOf(api!)}`,
    tokenFile: join(home, "token"),
    mcpTokenFile: join(home, "mcp-token"),
    pid: process.pid,
    startedAt: T0,
  };
  writeFileSync(join(home, "api.json"), JSON.stringify(announced));
  const env = { ...process.env, KINTSUGI_HOME: home, KINTSUGI_ACTOR: "ada", NODE_NO_WARNINGS: "1" };
  const child = spawn(process.execPath, ["server/src/cli/main.ts", "mcp"], { env, stdio: ["pipe", "pipe", "pipe"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  let out = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    out += text;
  });
  const say = (message: object): void => void child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
  say({ id: 1, method: "initialize", params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "raw", version: "1" } } });
  say({ method: "notifications/initialized" });
  child.stdin.write("this is no JSON\n");
  say({ id: 2, method: "tools/call", params: { name: "pause", arguments: { why: "storm" } } });
  await vi.waitFor(() => expect(out.split("\n")).toHaveLength(3), { timeout: 30_000 });
  const answers = out
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(answers.map(({ id }) => id)).toEqual([1, 2]);
  expect(answers[0].result).toMatchObject({ protocolVersion: "2025-11-25", serverInfo: { name: "kintsugi" } });
  expect(api?.engine.told).toEqual([{ command: { type: "pause", why: "storm" }, by: "ada" }]);
  child.stdin.end();
  expect(await once(child, "exit")).toEqual([0, null]);
});
