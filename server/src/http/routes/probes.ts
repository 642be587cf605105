/** For machines: alive, ready, metrics. The first two say only up or down, since anybody who connects may ask. */
import { z } from "zod";
import type { Ledger } from "../../adapters/ledger.ts";
import type { EngineFacade } from "../../engine-facade.ts";
import type { App } from "../context.ts";
import { callerOf, demand, type GuardOptions } from "../guard.ts";
import type { Metrics } from "../metrics.ts";
import { youngAnswer } from "../young-answer.ts";

/** A loop that has not turned for this long does not run any more. */
const STALLED_MS = 60_000;
/** The store is tried at most this often, however many ask. */
const TRY_STORE_EVERY_MS = 5_000;

export interface ProbeContext {
  readonly engine: EngineFacade;
  readonly ledger: Ledger;
  readonly metrics: Metrics;
  readonly guard: Pick<GuardOptions, "access" | "openMetrics">;
  /** Wall clock, ms. */
  readonly now: () => number;
}

const Up = z.object({ status: z.enum(["up", "down"]) });

export function probeRoutes(app: App, { engine, ledger, metrics, guard, now }: ProbeContext): void {
  const storeWorks = youngAnswer(TRY_STORE_EVERY_MS, now, () =>
    ledger.check().then(
      () => true,
      () => false,
    ),
  );

  app.get(
    "/healthz",
    { schema: { summary: "Does the process serve?", tags: ["probes"], response: { 200: Up }, example: { answer: { status: "up" } } } },
    async () => ({ status: "up" as const }),
  );

  app.get(
    "/readyz",
    {
      schema: {
        summary: "Does it see the cluster, turn its loop and can it store?",
        tags: ["probes"],
        response: { 200: Up, 503: Up },
        example: { answer: { status: "up" } },
      },
    },
    async (_request, reply) => {
      const { synced, lastStepAt, storeTrouble } = engine.status();
      const turning = lastStepAt !== undefined && now() - lastStepAt < STALLED_MS;
      const ready = synced && turning && storeTrouble === undefined && (await storeWorks());
      return reply.code(ready ? 200 : 503).send({ status: ready ? "up" : "down" });
    },
  );

  app.get(
    "/metrics",
    {
      schema: {
        summary: "Prometheus metrics",
        tags: ["probes"],
        produces: ["text/plain"],
        example: { answer: "# TYPE kintsugi_acts_total counter\n" },
      },
    },
    async (request, reply) => {
      // Everybody in a cluster can have a token that is known: to be known is not yet a right.
      if (!guard.openMetrics) await demand(guard.access, callerOf(request), { resource: "settings", verb: "get", namespace: "" });
      const text = await metrics.registry.metrics();
      return reply.type(metrics.registry.contentType).send(text);
    },
  );
}
