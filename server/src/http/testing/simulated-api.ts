/** The real app over a whole engine on the simulated shop, in which faults are played: what is answered is what the engine sees and does. */
import type { AddressInfo } from "node:net";
import { Driver, type Policy, type Ref } from "@kintsugi/core";
import { actPolicy, FAULTS } from "@kintsugi/sim";
import type { Access } from "../../access/access.ts";
import { embeddedAccess } from "../../access/embedded.ts";
import type { Ledger } from "../../adapters/ledger.ts";
import { openSqliteLedger } from "../../adapters/sqlite/store.ts";
import { Play } from "../../demo/play.ts";
import { facadeOf } from "../../driver-facade.ts";
import { Sight } from "../../sight.ts";
import { buildApp } from "../app.ts";
import type { EngineFacade } from "../engine-facade.ts";
import { Metrics } from "../metrics.ts";

export const SIMULATED_TOKEN = "s".repeat(43);
export const SIMULATED_MCP_TOKEN = "u".repeat(43);
const MINUTE_MS = 60_000;

export interface SimulatedApi {
  readonly engine: EngineFacade;
  readonly ledger: Ledger;
  readonly play: Play;
  /** What the fault was played on. */
  readonly subject: Ref;
  /** Virtual time passes. */
  pass(minutes: number): Promise<void>;
  /** Waits for what the engine does of itself: outcomes of what it has asked the cluster. */
  settled(): Promise<void>;
  ask(method: "GET" | "POST" | "PATCH", url: string, given?: { readonly body?: object; readonly token?: string }): Promise<SimulatedAnswer>;
  /** Starts to listen on loopback; the URL without a path. */
  listen(): Promise<string>;
  close(): Promise<void>;
}

export interface SimulatedAnswer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of many shapes
  readonly json: any;
}

export interface SimulatedOptions {
  /** Id of one of the simulator's faults, played once all is well. */
  readonly fault: string;
  /** Default: everything may be acted on. */
  readonly policy?: Policy;
  readonly access?: Access;
  /** Looks only, as `serve` without `--act`. */
  readonly readOnly?: boolean;
  readonly seed?: string;
}

export async function simulatedApi({ fault, policy = actPolicy(), access, readOnly, seed = "api" }: SimulatedOptions): Promise<SimulatedApi> {
  const faults = FAULTS.filter(({ id }) => id === fault);
  const play = new Play({ seed, faults, endless: false, everyMs: MINUTE_MS });
  const { port, clock, lease } = play.connection;
  const ledger = openSqliteLedger({ file: ":memory:" });
  const now = () => clock.now();
  let lastStepAt: number | undefined;
  const sight = new Sight(() => undefined);
  const cluster = sight.of(port);
  const driver = new Driver({
    ...{ cluster: "simulated", version: "0.1.0", policy },
    ports: { cluster, clock, store: ledger, ...(readOnly === true ? {} : { lease }) },
    onStep: () => {
      lastStepAt = now();
    },
  });
  const engine = facadeOf(driver, { version: "0.1.0", startedAt: now(), lastStepAt: () => lastStepAt, sight, cluster });
  const metrics = new Metrics("0.1.0");
  const admitting = access ?? embeddedAccess({ api: SIMULATED_TOKEN, mcp: SIMULATED_MCP_TOKEN });
  const guard = { access: admitting, hosts: [], openMetrics: false };
  let given = 0;
  const app = await buildApp({ engine, ledger, metrics, access: admitting, guard, version: "0.1.0", now, newId: () => `${++given}` });
  await driver.start();
  const pass = (minutes: number) => play.advance(play.now + minutes * MINUTE_MS, () => driver.settled());
  // Long enough that what was well counts as known to be good.
  await pass(10);
  play.begin(0);
  await pass(0);
  const subject = play.parts[0]?.injection.subject;
  if (subject === undefined) throw new Error(`the shop is not fit for the fault ${fault}`);
  return {
    ...{ engine, ledger, play, subject, pass },
    settled: () => driver.settled(),
    ask: async (method, url, { body, token = SIMULATED_TOKEN } = {}) => {
      const headers = { host: "127.0.0.1:8080", authorization: `Bearer ${token}` };
      const response = await app.inject({ method, url, headers, ...(body === undefined ? {} : { payload: body }) });
      return { status: response.statusCode, json: response.json() };
    },
    listen: async () => {
      await app.listen({ host: "127.0.0.1", port: 0 });
      return `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
    },
    close: async () => {
      await app.close();
      await driver.stop();
      await ledger.close();
    },
  };
}
