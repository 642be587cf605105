/** The HTTP API as a value: nothing listens yet, so tests can `inject`. */
import swagger from "@fastify/swagger";
import fastify, { type FastifyBaseLogger, LogController } from "fastify";
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from "fastify-type-provider-zod";
import { type McpHttpOptions, mcpRoutes } from "../mcp/http.ts";
import type { ApiContext, App } from "./context.ts";
import { admit, type GuardOptions } from "./guard.ts";
import type { Metrics } from "./metrics.ts";
import { openApi } from "./openapi.ts";
import { answerUnreadable, answerUnroutable, speakProblems } from "./problem.ts";
import { ANY, keepRights } from "./rights.ts";
import { approvalRoutes } from "./routes/approvals.ts";
import { clusterRoutes } from "./routes/cluster.ts";
import { controlRoutes } from "./routes/control.ts";
import { decisionRoutes } from "./routes/decisions.ts";
import { diagnosisRoutes } from "./routes/diagnoses.ts";
import { eventRoutes } from "./routes/events.ts";
import { findingRoutes } from "./routes/findings.ts";
import { incidentRoutes } from "./routes/incidents.ts";
import { policyRoutes } from "./routes/policy.ts";
import { probeRoutes } from "./routes/probes.ts";
import { recordRoutes } from "./routes/records.ts";
import { remediationRoutes } from "./routes/remediations.ts";
import { topologyRoutes } from "./routes/topology.ts";

export interface AppOptions extends ApiContext {
  readonly guard: GuardOptions;
  readonly metrics: Metrics;
  readonly version: string;
  readonly logger?: FastifyBaseLogger;
  /** Where credentials for MCP come from; default: the generated token alone. */
  readonly mcp?: Pick<McpHttpOptions, "authorization" | "extend">;
}

/** What is seen of the cluster, what is wrong with it, and what is done about it. */
const NOUNS = [clusterRoutes, findingRoutes, diagnosisRoutes, remediationRoutes, approvalRoutes, policyRoutes, topologyRoutes] as const;

const MAX_BODY_BYTES = 64 * 1024;
const MAX_CONNECTIONS = 512;

/** Builds the app; `app.listen` starts it, `app.close` ends its streams and waits for answers in flight. */
export async function buildApp(options: AppOptions): Promise<App> {
  const app: App = fastify({
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: 15_000,
    keepAliveTimeout: 10_000,
    forceCloseConnections: "idle",
    logController: new LogController({ disableRequestLogging: true }),
    frameworkErrors: answerUnroutable((request) => admit(request, options.guard)),
    clientErrorHandler: answerUnreadable,
    routerOptions: { maxParamLength: 300 },
    ...(options.logger === undefined ? {} : { loggerInstance: quieter(options.logger) }),
  }).withTypeProvider<ZodTypeProvider>();
  app.server.maxConnections = MAX_CONNECTIONS;
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  speakProblems(app);
  app.addHook("onRequest", async (request) => admit(request, options.guard));
  await app.register(swagger, openApi(options.version, options.guard));
  probeRoutes(app, options);
  let endStreams: (() => void) | undefined;
  let endMcp: (() => Promise<void>) | undefined;
  await app.register(
    async (instance) => {
      const api = instance.withTypeProvider<ZodTypeProvider>();
      keepRights(instance, options.access);
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
  await app.register(async (scope) => {
    endMcp = await mcpRoutes(scope, app, { ...options.mcp, engine: options.engine, metrics: options.metrics, version: options.version });
  });
  app.addHook("preClose", async () => {
    endStreams?.();
    await endMcp?.();
  });
  return app;
}

/** That it listens is said by who started it. */
function quieter(logger: FastifyBaseLogger): FastifyBaseLogger {
  return logger.level === "info" ? logger.child({}, { level: "warn" }) : logger;
}
