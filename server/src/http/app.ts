/** The HTTP API as a value: nothing listens yet, so tests can `inject`. */
import swagger from "@fastify/swagger";
import fastify, { type FastifyBaseLogger, type FastifyRequest, LogController } from "fastify";
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from "fastify-type-provider-zod";
import { type McpHttpOptions, mcpRoutes } from "../mcp/http.ts";
import { wordIssues } from "../wording.ts";
import type { ApiContext, App } from "./context.ts";
import { tagReads } from "./etag.ts";
import { admit, type GuardOptions, isOpen, tellRefusals } from "./guard.ts";
import { repeats } from "./idempotency.ts";
import type { Metrics } from "./metrics.ts";
import { openApi } from "./openapi.ts";
import { answerUnreadable, answerUnroutable, speakProblems } from "./problem.ts";
import { type Rates, rateLimits } from "./rate-limits.ts";
import { ANY, keepRights } from "./rights.ts";
import { adviceRoutes } from "./routes/advice.ts";
import { approvalRoutes } from "./routes/approvals.ts";
import { capacityRoutes } from "./routes/capacity.ts";
import { clusterRoutes } from "./routes/cluster.ts";
import { controlRoutes } from "./routes/control.ts";
import { decisionRoutes } from "./routes/decisions.ts";
import { diagnosisRoutes } from "./routes/diagnoses.ts";
import { eventRoutes } from "./routes/events.ts";
import { findingRoutes } from "./routes/findings.ts";
import { incidentRoutes } from "./routes/incidents.ts";
import { modelRoutes } from "./routes/models.ts";
import { policyRoutes } from "./routes/policy.ts";
import { probeRoutes } from "./routes/probes.ts";
import { recordRoutes } from "./routes/records.ts";

import { remediationRoutes } from "./routes/remediations.ts";
import { settingRoutes } from "./routes/settings.ts";
import { signalRoutes } from "./routes/signals.ts";
import { topologyRoutes } from "./routes/topology.ts";
import { checkSizes, MAX_BODY_BYTES } from "./sizes.ts";
import { contractRoutes } from "./v1/contract.ts";
import { staticHealth } from "./v1/health.ts";

export interface AppOptions extends ApiContext {
  readonly guard: GuardOptions;
  readonly metrics: Metrics;
  readonly version: string;
  readonly logger?: FastifyBaseLogger;
  readonly rates?: Rates;
  readonly patience?: Patience;
  /** Where credentials for MCP come from; default: the generated token alone. */
  readonly mcp?: Pick<McpHttpOptions, "authorization" | "extend">;
}

/** What is seen of the cluster, what is wrong with it, and what is done about it. */
const NOUNS = [
  ...[clusterRoutes, findingRoutes, diagnosisRoutes, remediationRoutes, topologyRoutes, modelRoutes, adviceRoutes],
  ...[approvalRoutes, policyRoutes, signalRoutes, settingRoutes, capacityRoutes],
] as const;

/** How long a connection may take, ms. */
export interface Patience {
  /** For the headers of a request, from the opening of the connection on. */
  readonly headersMs: number;
  /** For the whole of a request. */
  readonly requestMs: number;
  /** With nothing going either way: an answer that nobody reads. A stream sends a beat more often. */
  readonly silentMs: number;
  /** How often the first two are looked at. */
  readonly lookEveryMs: number;
}

const DEFAULT_PATIENCE: Patience = { headersMs: 10_000, requestMs: 15_000, silentMs: 120_000, lookEveryMs: 1_000 };
const MAX_CONNECTIONS = 512;

/** Builds the app; `app.listen` starts it, `app.close` ends its streams and waits for answers in flight. */
export async function buildApp(options: AppOptions): Promise<App> {
  const limits = rateLimits(() => performance.now(), options.rates);
  const enter = (request: FastifyRequest): Promise<void> => limits.guarded(request, () => admit(request, options.guard));
  const patience = options.patience ?? DEFAULT_PATIENCE;
  const app: App = fastify({
    bodyLimit: MAX_BODY_BYTES,
    http: { headersTimeout: patience.headersMs, connectionsCheckingInterval: patience.lookEveryMs, keepAlive: true, keepAliveInitialDelay: 30_000 },
    requestTimeout: patience.requestMs,
    connectionTimeout: patience.silentMs,
    keepAliveTimeout: 10_000,
    forceCloseConnections: "idle",
    logController: new LogController({ disableRequestLogging: true }),
    frameworkErrors: answerUnroutable(enter),
    clientErrorHandler: answerUnreadable,
    routerOptions: { maxParamLength: 300 },
    ...(options.logger === undefined ? {} : { loggerInstance: quieter(options.logger) }),
  }).withTypeProvider<ZodTypeProvider>();
  app.server.maxConnections = MAX_CONNECTIONS;
  readBodies(app);
  wordIssues();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  speakProblems(app);
  tellRefusals(app, (why) => options.metrics.refused(why));
  app.addHook("onRequest", async (request, reply) => {
    await enter(request);
    if (!isOpen(request.url.split("?")[0] ?? "", options.guard)) limits.count(request, reply);
    checkSizes(request);
  });
  tagReads(app);
  const keepAnswers = repeats(options.now);
  await app.register(swagger, openApi(options.version, options.guard));
  probeRoutes(app, options);
  let endStreams: (() => void) | undefined;
  let endMcp: (() => Promise<void>) | undefined;
  await app.register(
    async (instance) => {
      const api = instance.withTypeProvider<ZodTypeProvider>();
      keepRights(instance, options.access);
      keepAnswers(instance);
      incidentRoutes(api, options);
      decisionRoutes(api, options);
      controlRoutes(api, options);
      recordRoutes(api, options);
      for (const routes of NOUNS) routes(api, options);
      endStreams = eventRoutes(api, options);
      api.get("/openapi.json", { schema: { hide: true }, config: ANY }, async () => app.swagger());
    },
    { prefix: "/api/v2" },
  );
  staticHealth(app, options);
  await contractRoutes(app, options, keepAnswers);
  await app.register(async (scope) => {
    endMcp = mcpRoutes(scope, app, { ...options.mcp, engine: options.engine, metrics: options.metrics, version: options.version });
  });
  app.addHook("preClose", async () => {
    endStreams?.();
    await endMcp?.();
  });
  return app;
}

/** Bodies are JSON: plain text is what a form of a foreign page can send without asking first. A client that says JSON of every request may send none. */
function readBodies(app: App): void {
  app.removeContentTypeParser("text/plain");
  const parse = app.getDefaultJsonParser("error", "error");
  app.addContentTypeParser<string>("application/json", { parseAs: "string" }, (request, body, done) => {
    if (body === "") done(null, undefined);
    else void parse(request, body, done);
  });
}

/** That it listens is said by who started it. */
function quieter(logger: FastifyBaseLogger): FastifyBaseLogger {
  return logger.level === "info" ? logger.child({}, { level: "warn" }) : logger;
}
