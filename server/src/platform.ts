/** One engine with its ledger, API and notifier, running: the same for a real cluster and for the demo's. */
import { randomBytes } from "node:crypto";
import { chmodSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import {
  type ClockPort,
  type ClusterPort,
  type ConfidenceTable,
  Driver,
  type LeasePort,
  type NotifierPort,
  type Policy,
  PortError,
  type StorePort,
} from "@kintsugi/core";
import type { FastifyBaseLogger } from "fastify";
import { type Entrance, tokenEntrance } from "./access/entrance.ts";
import type { Ledger } from "./adapters/ledger.ts";
import type { Advisor } from "./advisor/advisor.ts";
import { API_FILE, type ApiFile } from "./cli/client.ts";
import { facadeOf } from "./driver-facade.ts";
import type { EngineFacade } from "./engine-facade.ts";
import { writing } from "./home-file.ts";
import { buildApp } from "./http/app.ts";
import type { ApiContext, App } from "./http/context.ts";
import type { Metrics } from "./http/metrics.ts";
import type { ModelCatalogue } from "./models/catalogue.ts";
import { overriding } from "./overriding.ts";
import { NOT_KEPT, type PolicyKeeping } from "./policy-keeping.ts";
import { Sight } from "./sight.ts";

export interface PlatformOptions {
  /** Name of the cluster, in every record. */
  readonly cluster: string;
  readonly version: string;
  readonly policy: Policy;
  /** Where a policy stays that is put through the API; nowhere when undefined, as in a demo. */
  readonly policies?: PolicyKeeping;
  readonly confidence?: ConfidenceTable;
  readonly ports: { readonly cluster: ClusterPort; readonly clock: ClockPort; readonly lease?: LeasePort };
  readonly ledger: Ledger;
  /** The ledger's file, where it has one: told to commands that find this process gone. */
  readonly storeFile?: string;
  readonly metrics: Metrics;
  readonly notifier?: NotifierPort;
  readonly ownNode?: string;
  /** Models that the API can ask. */
  readonly models?: ModelCatalogue;
  /** A model that may write about incidents. */
  readonly advisor?: Advisor;
  /** Whom the API lets in; by the two generated tokens alone when undefined. */
  readonly entrance?: Entrance;
  /** Folder of the token and of the file by which commands find this API. */
  readonly home: string;
  readonly listen: { readonly host: string; readonly port: number };
  readonly allowHosts: readonly string[];
  readonly openMetrics: boolean;
  /** The address under which clients know it, where that is not the one it listens on. */
  readonly publicUrl?: string | undefined;
  /** Records older than this are deleted unless they are still needed, ms. */
  readonly retentionMs: number;
  /** How often the loop is turned even when nothing happens, so that its heartbeat proves that it can; none when undefined. */
  readonly beatMs?: number;
  readonly logger?: FastifyBaseLogger;
  /** Wall clock, ms. */
  readonly now: () => number;
  /** It cannot go on: another leader has written to the ledger. */
  readonly onFatal: (why: string) => void;
}

export interface Platform {
  readonly driver: Driver;
  readonly engine: EngineFacade;
  readonly url: string;
  /** Undefined where no generated token opens it. */
  readonly tokenFile: string | undefined;
  /** The credential for assistants. */
  readonly mcpTokenFile: string | undefined;
  /** Answers what is being asked, gives the Lease back. The ledger stays open: it is the caller's. */
  stop(): Promise<void>;
}

const RETAIN_EVERY_MS = 6 * 3_600_000;

/** Starts everything. Rejects with PortError `unavailable` when the address is taken, or with what the ledger throws. */
export async function startPlatform(options: PlatformOptions): Promise<Platform> {
  const { ledger, metrics, now, logger } = options;
  const sight = new Sight((text, isTrouble) => (isTrouble ? logger?.warn(text) : logger?.info(text)));
  const cluster = sight.of(options.ports.cluster);
  let lastStepAt: number | undefined;
  const driver = new Driver({
    ...{ cluster: options.cluster, version: options.version, policy: options.policy },
    ...(options.confidence === undefined ? {} : { confidence: options.confidence }),
    ...(options.ownNode === undefined ? {} : { ownNode: options.ownNode }),
    ports: {
      cluster: options.beatMs === undefined ? cluster : beating(cluster, options.beatMs),
      clock: options.ports.clock,
      store: reportingDenial(
        metrics.timed(ledger, () => performance.now()),
        options.onFatal,
      ),
      ...(options.ports.lease === undefined ? {} : { lease: options.ports.lease }),
      ...(options.notifier === undefined ? {} : { notifier: options.notifier }),
    },
    onTrouble: (trouble) => {
      metrics.trouble();
      logger?.warn(trouble);
    },
    onStep: (input, tookMs) => {
      lastStepAt = now();
      metrics.stepped(input, tookMs, lastStepAt);
    },
  });
  const engine = facadeOf(driver, {
    version: options.version,
    startedAt: now(),
    lastStepAt: () => lastStepAt,
    sight,
    cluster,
    policies: options.policies ?? NOT_KEPT,
  });
  metrics.watch(engine);
  const { access, methods, tokenFiles, mcpIssuers = [] } = options.entrance ?? tokenEntrance(options.home);
  const guard = { access, hosts: options.allowHosts, openMetrics: options.openMetrics };
  const app = await buildApp({
    ...{ engine, ledger, metrics, access, guard, version: options.version, now, newId },
    started: { methods, webhook: options.notifier !== undefined },
    mcp: { authorization: { issuers: mcpIssuers, scopes: [], publicUrl: options.publicUrl } },
    ...askable(options),
    ...(logger === undefined ? {} : { logger }),
  });
  const url = await listen(app, options.listen);
  const apiFile = join(options.home, API_FILE);
  try {
    announce(apiFile, {
      url,
      ...(tokenFiles === undefined ? {} : { tokenFile: tokenFiles.api, mcpTokenFile: tokenFiles.mcp }),
      pid: process.pid,
      startedAt: Date.now(),
      ...(options.storeFile === undefined ? {} : { store: options.storeFile }),
    });
    await driver.start();
  } catch (error) {
    withdraw(apiFile);
    await app.close();
    throw error;
  }
  const retention = setInterval(() => retain(options), RETAIN_EVERY_MS);
  retain(options);
  return {
    driver,
    engine,
    url,
    tokenFile: tokenFiles?.api,
    mcpTokenFile: tokenFiles?.mcp,
    stop: async () => {
      clearInterval(retention);
      withdraw(apiFile);
      await app.close();
      await driver.stop();
    },
  };
}

/** What stands beside the engine and is asked on request alone. */
function askable({ models, advisor }: PlatformOptions): Pick<ApiContext, "models" | "advisor"> {
  return { ...(models === undefined ? {} : { models }), ...(advisor === undefined ? {} : { advisor }) };
}

async function listen(app: App, { host, port }: PlatformOptions["listen"]): Promise<string> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    await app.close();
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    const where = `${host}:${port}`;
    if (code === "EADDRINUSE")
      throw new PortError({ kind: "unavailable", message: `${where} is taken by another process: choose another address with --listen` });
    if (code === "EACCES")
      throw new PortError({ kind: "unavailable", message: `${where} may not be used by this user: choose a port above 1023 with --listen` });
    throw new PortError({ kind: "unavailable", message: `the API cannot listen on ${where}: ${error instanceof Error ? error.message : String(error)}` });
  }
  const bound = app.server.address() as AddressInfo;
  // Commands on this machine reach a wildcard address through loopback.
  const name = host === "0.0.0.0" ? "127.0.0.1" : host === "::" ? "[::1]" : host.includes(":") ? `[${host}]` : host;
  return `http://${name}:${bound.port}`;
}

function announce(file: string, content: ApiFile): void {
  writing(file, () => {
    writeFileSync(file, `${JSON.stringify(content)}\n`, { mode: 0o600 });
    chmodSync(file, 0o600);
  });
}

/** Removes the announcement unless another process has replaced it. */
function withdraw(file: string): void {
  try {
    const { pid } = JSON.parse(readFileSync(file, "utf8")) as ApiFile;
    if (pid === process.pid) rmSync(file);
  } catch {
    // It is gone or not ours: nothing to take back.
  }
}

function retain({ ledger, retentionMs, now, logger }: PlatformOptions): void {
  ledger.retain({ now: now(), keepMs: retentionMs }).then(
    ({ deleted }) => {
      if (deleted > 0) logger?.info({ deleted }, "old records were deleted");
    },
    (error: unknown) => logger?.warn(`old records cannot be deleted: ${error instanceof Error ? error.message : String(error)}`),
  );
}

/** The same cluster, which also delivers an empty batch every so often: the loop has to take it, and that is its heartbeat. */
function beating(cluster: ClusterPort, everyMs: number): ClusterPort {
  return overriding(cluster, {
    watch: (deliver) => {
      const timer = setInterval(() => deliver([]), everyMs);
      const stop = cluster.watch(deliver);
      return () => {
        clearInterval(timer);
        stop();
      };
    },
  });
}

/** The same store; when it refuses an older epoch the driver stops for good, and somebody must hear of it. */
function reportingDenial(store: StorePort, onDenied: (why: string) => void): StorePort {
  return overriding(store, {
    append: async (drafts) => {
      try {
        return await store.append(drafts);
      } catch (error) {
        if (error instanceof PortError && error.failure.kind === "denied") onDenied(error.failure.message);
        throw error;
      }
    },
  });
}

function newId(): string {
  return randomBytes(4).toString("hex");
}
