/**
 * A server to be asked, in a process of its own: `node reads-server.ts KIND [INCIDENTS]` prints its URL and what it is asked with. KIND is `ours`
 * (the whole API and MCP over a whole engine with that many incidents restored from its ledger), `fastify` (one empty route) or `sdk` (a bare
 * server of the MCP SDK with one tool that says back what it is told).
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Driver, type Record as LedgerRecord } from "@kintsugi/core";
import { actPolicy, FAULTS } from "@kintsugi/sim";
import { toNodeHandler } from "@modelcontextprotocol/node";
import { createMcpHandler, McpServer } from "@modelcontextprotocol/server";
import fastify from "fastify";
import { z } from "zod";
import { embeddedAccess } from "../src/access/embedded.ts";
import type { Ledger } from "../src/adapters/ledger.ts";
import { openSqliteLedger } from "../src/adapters/sqlite/store.ts";
import { Play } from "../src/demo/play.ts";
import { facadeOf } from "../src/driver-facade.ts";
import { buildApp } from "../src/http/app.ts";
import { Metrics } from "../src/http/metrics.ts";
import { Sight } from "../src/sight.ts";

const MINUTE_MS = 60_000;
const TOKENS = { api: "t".repeat(43), mcp: "m".repeat(43) };
/** No caller is told to slow down: what is measured is how fast it can be. */
const UNLIMITED = { burst: 1e9, perSecond: 1e9 };
const PLAYED = ["image-not-found", "selector-mismatch", "bad-rollout", "oom-limit-lowered", "readiness-after-rollout", "missing-configmap"];

async function ours(incidents: number): Promise<string> {
  const play = new Play({ seed: "reads", faults: FAULTS.filter(({ id }) => PLAYED.includes(id)), endless: false, everyMs: 2 * MINUTE_MS });
  const ledger = openSqliteLedger({ file: ":memory:" });
  await multiply(await played(play), incidents, ledger);
  const { port, clock } = play.cluster.connect({ identity: "asked" });
  const now = () => clock.now();
  const sight = new Sight(() => undefined);
  const cluster = sight.of(port);
  const driver = new Driver({ cluster: "bench", version: "bench", policy: actPolicy(), ports: { cluster, clock, store: ledger } });
  await driver.start();
  await play.advance(play.now + MINUTE_MS, () => driver.settled());
  const engine = facadeOf(driver, { version: "bench", startedAt: now(), lastStepAt: now, sight, cluster });
  if (engine.incidents().length < incidents) throw new Error(`the engine knows ${engine.incidents().length} incidents, not ${incidents}`);
  const access = embeddedAccess(TOKENS);
  const metrics = new Metrics("bench");
  metrics.watch(engine);
  const app = await buildApp({
    ...{ engine, ledger, metrics, access, version: "bench", now, newId: () => "x" },
    guard: { access, hosts: [], openMetrics: false },
    rates: { read: UNLIMITED, write: UNLIMITED, failure: UNLIMITED },
  });
  return app.listen({ host: "127.0.0.1", port: 0 });
}

/** What a whole engine writes about the faults of a play. */
async function played(play: Play): Promise<readonly LedgerRecord[]> {
  const { port, clock, lease } = play.connection;
  const ledger = openSqliteLedger({ file: ":memory:" });
  const driver = new Driver({ cluster: "bench", version: "bench", policy: actPolicy(), ports: { cluster: port, clock, store: ledger, lease } });
  await driver.start();
  const settled = () => driver.settled();
  await play.advance(play.now + 10 * MINUTE_MS, settled);
  play.begin();
  await play.advance(play.now + 60 * MINUTE_MS, settled);
  await driver.stop();
  return ledger.find({ order: "oldest-first", limit: 10_000 });
}

/** Every incident of the records again and again under other ids and names, with all that was written about it. */
async function multiply(records: readonly LedgerRecord[], incidents: number, ledger: Ledger): Promise<void> {
  const originals = [...Map.groupBy(records, ({ body }) => (body.type === "incident" ? body.incident.id : undefined))].filter(([id]) => id !== undefined);
  for (let number = 1; number <= incidents; number++) {
    const [id = "", about] = originals[number % originals.length] ?? ["", []];
    const drafts = about.map(({ seq: _, hash: __, previous: ___, epoch: ____, ...record }) => {
      const text = JSON.stringify(record).replaceAll(new RegExp(`\\b${id}\\b`, "g"), `inc-${number}`);
      const { body, ...rest } = JSON.parse(text) as typeof record;
      if (body.type !== "incident") throw new Error("an incident's record is about one");
      const subject = { ...body.incident.subject, name: `${body.incident.subject.name}-${number}` };
      return { ...rest, epoch: 1, body: { ...body, incident: { ...body.incident, subject } } };
    });
    await ledger.append(drafts);
  }
}

async function empty(): Promise<string> {
  const app = fastify();
  app.get("/", async () => ({}));
  return app.listen({ host: "127.0.0.1", port: 0 });
}

async function bareSdk(): Promise<string> {
  const handler = createMcpHandler(() => {
    const server = new McpServer({ name: "echo", version: "1" });
    const text = z.object({ text: z.string() });
    server.registerTool("echo", { description: "Says it back", inputSchema: text, outputSchema: text }, async (args) => ({
      content: [{ type: "text", text: args.text }],
      structuredContent: args,
    }));
    return server;
  });
  const node = toNodeHandler(handler);
  const server = createServer((request, response) => void node(request as Parameters<typeof node>[0], response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const [kind, incidents] = process.argv.slice(2);
const url = kind === "ours" ? await ours(Number(incidents)) : kind === "fastify" ? await empty() : await bareSdk();
process.stdout.write(`${JSON.stringify({ url, ...TOKENS })}\n`);
// Ends as a program does that is done, so that a profile of it is written.
process.once("SIGTERM", () => process.exit());
