/** Through MCP alone an assistant finds a broken rollout, explains it and proposes; a person approves at the terminal; it heals, and is undone on request. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Record as LedgerRecord } from "@kintsugi/core";
import type { Client } from "@modelcontextprotocol/client";
import { afterAll, expect, it } from "vitest";
import { connectHttp, textOf } from "../src/mcp/testing/connect.ts";
import { engineKubeconfig, forgetEngines, freeLease } from "./harness/accounts.ts";
import { AuditLog, ENGINE_USER } from "./harness/audit.ts";
import { Credentials } from "./harness/credentials.ts";
import { Person, until } from "./harness/person.ts";
import { place } from "./harness/place.ts";
import { Served } from "./harness/served.ts";
import { PROBE, Stage } from "./harness/stage.ts";

/** A program that is not in the image. */
const BAD = ["/bin/no-such-program"];

const here = place();
const person = new Person({ type: "kubeconfig", paths: [here.kubeconfig] });
const credentials = new Credentials(person);
const folder = mkdtempSync(join(tmpdir(), "kintsugi-assistant-"));
const audit = new AuditLog(here.auditLog);

afterAll(async () => {
  await credentials.forget();
  await forgetEngines(person, here);
  await person.close();
  rmSync(folder, { recursive: true, force: true });
});

/** What a tool answers; throws what it refuses with. */
// biome-ignore lint/suspicious/noExplicitAny: answers of many shapes, looked into by the story
async function call(client: Client, name: string, args: object): Promise<any> {
  const result = await client.callTool({ name, arguments: args as { [key: string]: unknown } });
  if (result.isError === true) throw new Error(`${name}: ${textOf(result)}`);
  return result.structuredContent;
}

it("an assistant finds, explains and proposes; a person approves; it heals, and is undone on request", async () => {
  const kubeconfig = await engineKubeconfig(person, here, folder);
  await freeLease(person);
  const policy = { mode: "suggest", rules: [] };
  const served = await Served.start({ kubeconfig, folder: join(folder, "serve"), act: true, policy, flags: ["--auth", "token,kubernetes"] });
  try {
    await Stage.open(
      "assistant",
      here,
      person,
      async (stage) => {
        await credentials.account(stage, "assistant", "kintsugi-assistant", "everywhere");
        const client = await connectHttp(served.api.url, await credentials.token(stage, "assistant", "kintsugi-mcp"), "2026-07-28");
        const deployment = await stage.deploy("cart", { container: { readinessProbe: PROBE } });
        const good = (await stage.well(deployment))["spec"].template.spec.containers[0];
        await until("what is good is known", () => served.knows(deployment));
        await stage.rollOut(deployment, { command: BAD });
        const command = async (): Promise<readonly string[]> => (await stage.get(deployment))["spec"].template.spec.containers[0].command;
        const expectWrites = (...expected: readonly string[]): void => {
          if (!audit.sees) return;
          expect(audit.doneBy(ENGINE_USER, stage.namespace).map(({ verb, resource, name }) => `${verb} ${resource} ${name}`)).toEqual(expected);
        };

        // It finds it by itself, and says why it is so.
        const id = await until("the assistant finds it", async () => {
          const { incidents } = await call(client, "list-incidents", { status: "active", namespace: stage.namespace });
          return incidents.find((one: { resource: string }) => one.resource === "Deployment/cart")?.id as string | undefined;
        });
        const phaseOf = async (): Promise<string> => (await call(client, "get-incident", { incident_id: id, fields: ["phase"] })).incident.phase;
        await until("it is diagnosed", async () => (await phaseOf()) === "awaiting");
        const { candidates } = await call(client, "explain-incident", { incident_id: id });
        expect(candidates[0].for.length).toBeGreaterThan(0);
        expect(candidates[0].mode).toMatch(/command|rollout/);

        // Looking ahead touches nothing, neither the cluster nor the ledger.
        const recorded = async () => (await served.get<{ items: readonly LedgerRecord[] }>("/records?limit=200&since=1h")).items.map(({ hash }) => hash);
        const before = await recorded();
        expect(await call(client, "propose-remediation", { incident_id: id, dry_run: true })).toMatchObject({ plan: { action: "roll-back" } });
        const trigger = { incident_id: "chat-1", namespace: stage.namespace, resource_name: "cart", resource_kind: "Deployment", issue_type: "pod_crash" };
        expect(await call(client, "trigger-remediation", { ...trigger, severity: "high", dry_run: true })).toMatchObject({ dry_run: true });
        expect(await recorded()).toEqual(before);
        expectWrites();

        // It proposes, and cannot approve: it is told who can.
        const proposed = await call(client, "propose-remediation", { incident_id: id, why: "the shop is broken" });
        expect(proposed).toMatchObject({ phase: "awaiting", approval: { needed: true } });
        const approval = await call(client, "approve-remediation", { incident_id: id, plan_hash: proposed.planHash });
        expect(approval).toMatchObject({ approved: false, how: expect.stringContaining(`kintsugi approve ${id}`) });
        expect(await phaseOf()).toBe("awaiting");
        expectWrites();

        // A person does, at the terminal, with the very command that the assistant was given.
        const { code, text } = await served.cli("approve", id, "--plan", proposed.planHash.slice(0, 12), "--yes");
        expect(code, text).toBe(0);
        await until("it is healed", async () => (await phaseOf()) === "resolved");
        expect((await stage.well(deployment))["spec"].template.spec.containers[0]).toEqual(good);
        expectWrites("patch deployments cart");
        const { remediations } = await call(client, "get-remediation", { incident_id: id });
        expect(remediations).toMatchObject([{ outcome: "helped" }]);

        // It is taken back when somebody asks for that.
        await call(client, "undo-remediation", { incident_id: id, why: "we want to look at the broken one" });
        await until("it is undone", async () => (await command())[0] === BAD[0] && (await phaseOf()) === "resolved");
        expectWrites("patch deployments cart", "patch deployments cart");
        const { records } = await call(client, "get-audit", { incident_id: id, limit: 200 });
        const actors: readonly { type: string; name: string }[] = records.map(({ actor }: { actor: { type: string; name: string } }) => actor);
        expect(new Set(actors.map(({ type }) => type))).toEqual(new Set(["engine", "person", "assistant"]));
        expect(actors.find(({ type }) => type === "assistant")?.name).toBe(`system:serviceaccount:${stage.namespace}:assistant`);
        expect(actors.find(({ type }) => type === "person")?.name).toBe("storyteller");
        await client.close();
      },
      { untilGone: true },
    );
  } finally {
    await served.stop();
  }
});
