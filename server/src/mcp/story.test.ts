/** A bad rollout, with an assistant beside it that can look and ask, and a person who decides; over both transports and both revisions of the protocol. */
import type { Client, Progress } from "@modelcontextprotocol/client";
import type { CallToolResult } from "@modelcontextprotocol/server";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { type SimulatedPlatform, simulatedPlatform } from "../testing/simulated-platform.ts";
import { serveMcpOverStdio } from "./stdio.ts";
import { clientOf, connectHttp, pipes, REVISIONS, type Revision, textOf } from "./testing/connect.ts";

const TRANSPORTS = ["http", "stdio"] as const;
const WAYS = TRANSPORTS.flatMap((transport) => REVISIONS.map((revision) => ({ transport, revision })));

async function assistantOf({ url, mcpToken }: SimulatedPlatform, transport: (typeof TRANSPORTS)[number], revision: Revision): Promise<Client> {
  if (transport === "http") {
    const client = await connectHttp(url, mcpToken, revision);
    onTestFinished(() => client.close());
    return client;
  }
  const { input, output, transport: pipe } = pipes();
  const stop = new AbortController();
  const find = () => ({ url, token: mcpToken });
  const served = serveMcpOverStdio({ version: "0.1.0", actor: "ada", find, input, output, log: () => {}, signal: stop.signal });
  onTestFinished(async () => {
    stop.abort();
    await served;
  });
  const client = clientOf(revision);
  await client.connect(pipe);
  return client;
}

/** What a tool answers. Fails when it refuses. */
// biome-ignore lint/suspicious/noExplicitAny: answers of many shapes are looked into
async function call(client: Client, name: string, args: object, onprogress?: (progress: Progress) => void): Promise<any> {
  const result = (await client.callTool(
    { name, arguments: args as { [key: string]: unknown } },
    { ...(onprogress === undefined ? {} : { onprogress }) },
  )) as CallToolResult;
  expect(result.isError, `${name}: ${textOf(result)}`).not.toBe(true);
  return result.structuredContent;
}

/** Lets time pass until it is so; `what` is asked of the assistant. */
async function until(platform: SimulatedPlatform, isSo: () => Promise<boolean>): Promise<void> {
  for (let minute = 0; minute < 120; minute++) {
    if (await isSo()) return;
    await platform.pass(60_000);
  }
  throw new Error("it is not so within two hours");
}

describe.each(WAYS)("over $transport with $revision", ({ transport, revision }) => {
  it("finds, explains and proposes; a person approves; it heals, and is undone on request", { timeout: 120_000 }, async () => {
    await using platform = await simulatedPlatform({ faults: ["bad-rollout"], policy: { rules: [] } });
    const { id: broken } = await platform.reaches("awaiting");
    const client = await assistantOf(platform, transport, revision);

    expect(await call(client, "get-cluster-health", {})).toMatchObject({ details: { incidents: { live: 1 } } });
    const { incidents } = await call(client, "list-incidents", { status: "active", fields: ["id", "phase", "severity", "status"] });
    expect(incidents).toMatchObject([{ id: broken, phase: "awaiting" }]);
    const explained = await call(client, "explain-incident", { incident_id: broken });
    expect(explained.candidates[0]).toMatchObject({ mode: "bad-rollout" });
    expect(explained.candidates[0].for.length).toBeGreaterThan(0);

    const proposed = await call(client, "propose-remediation", { incident_id: broken });
    expect(proposed).toMatchObject({ phase: "awaiting", plan: { action: "roll-back" }, approval: { needed: true } });
    const asked = await call(client, "approve-remediation", { incident_id: broken, plan_hash: proposed.planHash });
    expect(asked).toMatchObject({ approved: false, how: `kintsugi approve ${broken} --plan ${proposed.planHash.slice(0, 12)}` });
    expect(platform.opened.platform.engine.incident(broken)?.phase).toBe("awaiting");

    const approved = await platform.ask(`/api/v2/incidents/${broken}/approve`, {
      ...{ method: "POST", body: JSON.stringify({ planHash: proposed.planHash }), headers: { "content-type": "application/json" } },
    });
    expect(approved.status).toBe(200);
    const phaseIs = (phase: string) => async () => (await call(client, "get-incident", { incident_id: broken, fields: ["phase"] })).incident.phase === phase;
    await until(platform, phaseIs("resolved"));
    expect((await call(client, "get-remediation", { incident_id: broken })).remediations).toMatchObject([{ action: "roll-back", outcome: "helped" }]);

    const told: string[] = [];
    const undone = call(
      client,
      "undo-remediation",
      { incident_id: broken, why: "we want to see it broken", wait_seconds: 20 },
      ({ message }) => void told.push(message ?? ""),
    );
    await vi.waitFor(async () => {
      await platform.pass(10_000);
      expect(platform.opened.platform.engine.incident(broken)).toMatchObject({ phase: "resolved", how: "undone" });
    });
    expect(await undone).toMatchObject({ phase: "resolved" });
    expect(told.at(-1)).toBe(`${broken} is resolved`);
    const { records } = await call(client, "get-audit", { incident_id: broken, limit: 200 });
    const actors = records.map(({ actor }: { actor: { type: string } }) => actor.type);
    expect(new Set(actors)).toEqual(new Set(["engine", "person", "assistant"]));
  });
});
