/** Chooses the adapters: this file alone knows which vendor stands behind which port. */
import { randomBytes } from "node:crypto";
import { statSync } from "node:fs";
import { join } from "node:path";
import { type ConfidenceTable, type Record as LedgerRecord, type Policy, PortError, type Ref } from "@kintsugi/core";
import type { Logger } from "pino";
import { type AccessChoice, openEntrance } from "./access/entrance.ts";
import { KServeModel } from "./adapters/kserve/client.ts";
import type { ConnectionSource, Kubernetes } from "./adapters/kubernetes/index.ts";
import { createKubernetes } from "./adapters/kubernetes/index.ts";
import type { Ledger } from "./adapters/ledger.ts";
import { ChatEndpoint } from "./adapters/openai/chat.ts";
import { openSqliteLedger } from "./adapters/sqlite/store.ts";
import { systemClock } from "./adapters/system-clock.ts";
import { WebhookNotifier } from "./adapters/webhook/webhook.ts";
import { Advisor } from "./advisor/advisor.ts";
import type { AdvisorConfig } from "./cli/advisor-flags.ts";
import type { ModelConfigs } from "./cli/models-flag.ts";
import type { Config } from "./config.ts";
import type { Play } from "./demo/play.ts";
import { Metrics } from "./http/metrics.ts";
import { BuiltInModel } from "./models/built-in.ts";
import { ModelCatalogue } from "./models/catalogue.ts";
import { type Platform, startPlatform } from "./platform.ts";
import { startingPolicy } from "./policy-keeping.ts";
import { VERSION } from "./version.ts";

export interface ServeOptions {
  readonly kubeconfig?: string;
  readonly context?: string;
  /** Name of the cluster in records; default: made from the identity of its kube-system namespace. */
  readonly clusterName?: string;
  readonly policy: Policy;
  /** Where that policy is from, if it was named: the file then owns it. */
  readonly policyFile?: string;
  readonly confidence?: ConfidenceTable;
  /** Take the Lease and carry out what is allowed. */
  readonly act: boolean;
  readonly store?: string;
  readonly listen: { readonly host: string; readonly port: number };
  readonly allowHosts: readonly string[];
  readonly openMetrics: boolean;
  readonly publicUrl?: string | undefined;
  readonly access: AccessChoice;
  readonly webhook?: { readonly url: URL; readonly secret?: string };
  readonly models?: ModelConfigs;
  readonly advisor?: AdvisorConfig;
  readonly retentionMs: number;
  readonly logger: Logger;
  readonly onFatal: (why: string) => void;
}

export interface Serving {
  readonly platform: Platform;
  readonly storeFile: string;
  stop(): Promise<void>;
}

/** The driver reckons with this: no request may outlast it. */
const REQUEST_TIMEOUT_MS = 4_500;
const BEAT_MS = 5_000;

/** Where the cluster is: what was named, else KUBECONFIG or ~/.kube/config, else the pod's own service account. */
export function clusterSource(config: Config, options: { readonly kubeconfig?: string; readonly context?: string }): ConnectionSource {
  const context = options.context === undefined ? {} : { context: options.context };
  const { environment } = config;
  if (options.kubeconfig !== undefined) return { type: "kubeconfig", paths: [options.kubeconfig], environment, ...context };
  if (config.inCluster !== undefined && !config.kubeconfigs.some(exists)) return { type: "in-cluster", ...config.inCluster };
  return { type: "kubeconfig", paths: config.kubeconfigs, environment, ...context };
}

/** Throws KubeconfigError. */
export function openKubernetes(config: Config, source: ConnectionSource): Kubernetes {
  return createKubernetes({
    source,
    identity: config.identity,
    random: Math.random,
    now: () => Date.now(),
    monotonic: () => performance.now(),
    requestTimeoutMs: REQUEST_TIMEOUT_MS,
  });
}

/** Puts everything together for a real cluster and starts it. */
export async function composeServe(config: Config, kubernetes: Kubernetes, options: ServeOptions): Promise<Serving> {
  const { logger } = options;
  const cluster = options.clusterName ?? (await clusterName(kubernetes, logger));
  const ofCluster = cluster.replaceAll(/[^A-Za-z0-9._-]/g, "-");
  const storeFile = options.store ?? join(config.home, `ledger-${ofCluster}.sqlite`);
  const named = { policy: options.policy, ...(options.policyFile === undefined ? {} : { file: options.policyFile }) };
  const { policy, keeping } = startingPolicy(named, join(config.home, `policy-${ofCluster}.yaml`), (text) => logger.info(text));
  const ledger = openSqliteLedger({ file: storeFile });
  const metrics = new Metrics(VERSION);
  const notifier = options.webhook === undefined ? undefined : webhookOf(options.webhook, logger, metrics);
  const models = openModels(options.models, logger);
  const advisor = options.advisor === undefined ? undefined : openAdvisor(options.advisor, logger);
  try {
    await refuseForeignLedger(ledger, cluster, storeFile);
    const entrance = openEntrance(config.home, kubernetes, options.access, { now: () => Date.now(), monotonic: () => performance.now() });
    const lease = options.act ? kubernetes.lease({ epochAbove: () => ledger.head().epoch, createNamespace: true }) : undefined;
    const platform = await startPlatform({
      policies: keeping,
      ...{ cluster, version: VERSION, policy, ledger, metrics, home: config.home, listen: options.listen, logger, beatMs: BEAT_MS, storeFile },
      ...{
        allowHosts: options.allowHosts,
        openMetrics: options.openMetrics,
        publicUrl: options.publicUrl,
        retentionMs: options.retentionMs,
        onFatal: options.onFatal,
      },
      entrance,
      ports: { cluster: kubernetes.cluster, clock: systemClock, ...(lease === undefined ? {} : { lease }) },
      ...(options.confidence === undefined ? {} : { confidence: options.confidence }),
      ...(notifier === undefined ? {} : { notifier }),
      ...(config.ownNode === undefined ? {} : { ownNode: config.ownNode }),
      models: models.catalogue,
      ...(advisor === undefined ? {} : { advisor: advisor.advisor }),
      now: () => Date.now(),
    });
    const stop = async (): Promise<void> => {
      await platform.stop();
      await notifier?.close(NOTICES_WITHIN_MS);
      await models.close();
      await advisor?.close();
      await entrance.close();
      await kubernetes.close();
      await ledger.close();
    };
    return { platform, storeFile, stop };
  } catch (error) {
    await ledger.close();
    throw error;
  }
}

/** Notices that wait at the end get this long. */
const NOTICES_WITHIN_MS = 3_000;

function webhookOf(webhook: NonNullable<ServeOptions["webhook"]>, logger: Logger, metrics: Metrics): WebhookNotifier {
  return new WebhookNotifier({
    ...webhook,
    onLost: ({ incident }, why) => {
      metrics.noticeLost();
      logger.warn({ incident }, `a notice was not delivered: ${why}`);
    },
  });
}

/** Each is there at once and ready when it is: the engine never waits for a model. */
function openModels(
  { builtIn, served }: ModelConfigs = { builtIn: [], served: [] },
  logger: Logger,
): { readonly catalogue: ModelCatalogue; close(): Promise<void> } {
  const here = builtIn.map((config) => new BuiltInModel(config));
  const there = served.map((config) => new KServeModel(config));
  for (const model of here) void model.load().then((why) => why !== undefined && logger.warn(`the model ${model.name} cannot be used: ${why}`));
  return {
    catalogue: new ModelCatalogue([...here, ...there]),
    close: async () => {
      await Promise.all(there.map((model) => model.close()));
    },
  };
}

/** Questions to the advisor at the same time. */
const ADVISED_AT_ONCE = 2;

function openAdvisor({ perHour, isPlain, ...chat }: AdvisorConfig, logger: Logger): { readonly advisor: Advisor; close(): Promise<void> } {
  const endpoint = new ChatEndpoint(chat);
  if (isPlain) logger.warn(`the advisor at ${chat.url.host} is not encrypted: what it is told of incidents could be read on its way`);
  const advisor = new Advisor({
    ...{ endpoint: chat.url.href, model: chat.model, ask: (question) => endpoint.ask(question), perHour, atOnce: ADVISED_AT_ONCE },
    ...{ now: () => performance.timeOrigin + performance.now(), mark: () => randomBytes(12).toString("hex") },
    // That it was asked is told; what, and what it said, is not.
    onAsked: (incident, outcome) => logger.info({ incident, model: chat.model, outcome }, "the advisor"),
  });
  return { advisor, close: () => endpoint.close() };
}

const KUBE_SYSTEM: Ref = { kind: "Namespace", namespace: "", name: "kube-system" };

/** The same cluster keeps its name whatever the context is called. */
async function clusterName(kubernetes: Kubernetes, logger: Logger): Promise<string> {
  const namespace = await kubernetes.cluster.read(KUBE_SYSTEM).catch((error: unknown) => {
    if (error instanceof PortError && error.failure.kind === "denied") return undefined;
    throw error;
  });
  if (namespace === undefined)
    logger.warn(
      "the namespace kube-system, by which clusters are told apart, may not be read: this one and its ledger are called `cluster`; name it with --cluster-name",
    );
  return namespace === undefined ? "cluster" : `cluster-${namespace.metadata.uid.slice(0, 8)}`;
}

/** Incidents and budgets of one cluster mean nothing in another. Throws PortError `invalid`. */
async function refuseForeignLedger(ledger: Ledger, cluster: string, file: string): Promise<void> {
  const [last] = await ledger.find({ order: "newest-first", limit: 1 });
  if (last === undefined || last.cluster === cluster || last.cluster === "unknown") return;
  throw new PortError({
    kind: "invalid",
    message: `the ledger ${file} belongs to ${last.cluster}, this is ${cluster}: name another file with --store, or the cluster with --cluster-name`,
  });
}

function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

export interface DemoOptions {
  /** Undefined: the usual address, or where that is taken any free port. */
  readonly listen: ServeOptions["listen"] | undefined;
  readonly policy: Policy;
  readonly confidence: ConfidenceTable;
}

const USUAL = { host: "127.0.0.1", port: 8080 };

export interface OpenedDemo {
  readonly platform: Platform;
  /** Every record so far, oldest first. */
  records(): Promise<readonly LedgerRecord[]>;
  stop(): Promise<void>;
}

/** The same platform on the simulated cluster of a play, with a ledger that lives as long as the demo. */
export async function openDemo(config: Config, play: Play, { listen, policy, confidence }: DemoOptions): Promise<OpenedDemo> {
  const { port, clock, lease } = play.connection;
  const ledger = openSqliteLedger({ file: ":memory:" });
  const start = (at: ServeOptions["listen"]): Promise<Platform> =>
    startPlatform({
      ...{ cluster: "demo", version: VERSION, policy, confidence, ledger, metrics: new Metrics(VERSION), home: config.home, listen: at },
      ...{ allowHosts: [], openMetrics: false, retentionMs: Number.MAX_SAFE_INTEGER, now: () => clock.now() },
      ports: { cluster: port, clock, lease },
      onFatal: (why) => {
        throw new Error(why);
      },
    });
  const platform = await start(listen ?? USUAL).catch((error: unknown) => {
    // A newcomer's demo must not fail because something else uses that port.
    if (listen !== undefined || !(error instanceof PortError)) throw error;
    return start({ ...USUAL, port: 0 });
  });
  return {
    platform,
    records: () => ledger.read({ fromSeq: 1, limit: Number.MAX_SAFE_INTEGER }),
    stop: async () => {
      await platform.stop();
      await ledger.close();
    },
  };
}
