/** Everything that /metrics exports: one list, named here and nowhere else. */
import type { Incident, Input, Phase, Record, RecordDraft, StorePort } from "@kintsugi/core";
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { EngineFacade } from "../engine-facade.ts";
import { overriding } from "../overriding.ts";

const PHASES: readonly Phase[] = ["open", "diagnosed", "held", "awaiting", "acting", "verifying", "undoing", "resolved", "escalated"];
const REFUSALS = ["unauthenticated", "denied", "unknown"] as const;
const AUTHORITIES = ["read-only", "waiting", "leading"] as const;
const STEP_BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5];
const CALL_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30];
const WRITE_BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 2];

export class Metrics {
  readonly registry = new Registry();
  readonly #heartbeat: Gauge;
  readonly #steps: Histogram<"input">;
  readonly #transitions: Counter<"phase">;
  readonly #acts: Counter<"verb" | "kind" | "undo">;
  readonly #remediations: Counter<"action" | "outcome">;
  readonly #writes: Counter<"outcome">;
  readonly #writeSeconds: Histogram;
  readonly #refused: Counter<"why">;
  readonly #lost: Counter;
  readonly #troubles: Counter;
  readonly #mcpCalls: Histogram<"tool" | "outcome">;
  /** Attempts that were running when last seen, to count each end once. */
  readonly #running = new Set<string>();

  constructor(version: string) {
    const registers = [this.registry];
    collectDefaultMetrics({ register: this.registry });
    new Gauge({ name: "kintsugi_build_info", help: "Always 1; the version is a label.", labelNames: ["version"], registers }).set({ version }, 1);
    this.#heartbeat = new Gauge({
      name: "kintsugi_heartbeat_timestamp_seconds",
      help: "When the healing loop last turned, seconds since 1970. Alert when it is absent or older than 60 s.",
      registers,
    });
    this.#steps = new Histogram({
      name: "kintsugi_step_seconds",
      help: "Time the engine took for one input.",
      labelNames: ["input"],
      buckets: STEP_BUCKETS,
      registers,
    });
    this.#transitions = new Counter({ name: "kintsugi_incident_transitions_total", help: "Incidents that entered a phase.", labelNames: ["phase"], registers });
    this.#acts = new Counter({
      name: "kintsugi_acts_total",
      help: "Changes to the cluster that were recorded and then sent.",
      labelNames: ["verb", "kind", "undo"],
      registers,
    });
    this.#remediations = new Counter({ name: "kintsugi_remediations_total", help: "Remediations that ended.", labelNames: ["action", "outcome"], registers });
    this.#writes = new Counter({ name: "kintsugi_store_writes_total", help: "Batches of records written to the ledger.", labelNames: ["outcome"], registers });
    this.#writeSeconds = new Histogram({ name: "kintsugi_store_write_seconds", help: "Time until a batch was durable.", buckets: WRITE_BUCKETS, registers });
    this.#refused = new Counter({
      name: "kintsugi_api_refused_total",
      help: "Requests that were not let through: nobody stands behind the token, no right, or it could not be told.",
      labelNames: ["why"],
      registers,
    });
    for (const why of REFUSALS) this.#refused.inc({ why }, 0);
    this.#lost = new Counter({ name: "kintsugi_notices_lost_total", help: "Notices that did not reach the webhook.", registers });
    this.#mcpCalls = new Histogram({
      name: "kintsugi_mcp_call_seconds",
      help: "Time that a tool took which an assistant called over /mcp, by how it ended: ok, asked (a person), refused, cancelled, failed.",
      labelNames: ["tool", "outcome"],
      buckets: CALL_BUCKETS,
      registers,
    });
    this.#troubles = new Counter({ name: "kintsugi_troubles_total", help: "Things that went wrong around the loop; the log has the texts.", registers });
  }

  /** Gauges that are read from the engine when somebody scrapes. */
  watch(engine: EngineFacade): void {
    const registers = [this.registry];
    new Gauge({
      name: "kintsugi_incidents",
      help: "Incidents that have not ended, by phase.",
      labelNames: ["phase"],
      registers,
      collect() {
        const counts = Map.groupBy(engine.incidents(), ({ phase }) => phase);
        for (const phase of PHASES) if (phase !== "resolved") this.set({ phase }, counts.get(phase)?.length ?? 0);
      },
    });
    new Gauge({
      name: "kintsugi_watch_live",
      help: "1 where a kind is listed and watched, 0 where it is not (the label says why).",
      labelNames: ["kind", "health"],
      registers,
      collect() {
        this.reset();
        for (const { kind, health } of engine.status().watches) this.set({ kind, health }, health === "live" ? 1 : 0);
      },
    });
    new Gauge({
      name: "kintsugi_authority",
      help: "1 for what this process may do: read-only, waiting for the Lease, or leading.",
      labelNames: ["authority"],
      registers,
      collect() {
        const { type } = engine.status().authority;
        for (const authority of AUTHORITIES) this.set({ authority }, authority === type ? 1 : 0);
      },
    });
    new Gauge({
      name: "kintsugi_paused",
      help: "1 while a person has paused new acts through our own switch.",
      registers,
      collect() {
        this.set(engine.status().paused === undefined ? 0 : 1);
      },
    });
    new Gauge({
      name: "kintsugi_storm",
      help: "1 while acts are frozen because too much broke at once.",
      registers,
      collect() {
        this.set(engine.status().storm === undefined ? 0 : 1);
      },
    });
    engine.onRecord((record) => this.#recorded(record));
  }

  /** `at` by the wall clock, ms. */
  stepped(input: Input["type"], tookMs: number, at: number): void {
    this.#heartbeat.set(at / 1_000);
    this.#steps.observe({ input }, tookMs / 1_000);
  }

  refused(why: (typeof REFUSALS)[number]): void {
    this.#refused.inc({ why });
  }

  noticeLost(): void {
    this.#lost.inc();
  }

  trouble(): void {
    this.#troubles.inc();
  }

  /** `tool` is one of the catalog: what a client makes up is no label. */
  mcpCall(tool: string, outcome: string, tookMs: number): void {
    this.#mcpCalls.observe({ tool, outcome }, tookMs / 1_000);
  }

  /** The same store, with its writes counted and timed. `elapsed` in ms. */
  timed<S extends StorePort>(store: S, elapsed: () => number): S {
    const append = async (drafts: readonly RecordDraft[]): Promise<readonly Record[]> => {
      const began = elapsed();
      try {
        const records = await store.append(drafts);
        this.#writes.inc({ outcome: "stored" });
        this.#writeSeconds.observe((elapsed() - began) / 1_000);
        return records;
      } catch (error) {
        this.#writes.inc({ outcome: "failed" });
        throw error;
      }
    };
    return overriding<StorePort>(store, { append }) as S;
  }

  #recorded({ body }: Record): void {
    if (body.type === "act") this.#acts.inc({ verb: body.step.verb, kind: body.target.kind, undo: String(body.undo) });
    if (body.type !== "incident") return;
    if (body.incident.phase !== body.from) this.#transitions.inc({ phase: body.incident.phase });
    this.#countAttempts(body.incident);
  }

  #countAttempts({ attempts }: Incident): void {
    for (const { id, outcome, plan } of attempts) {
      if (outcome === "running") this.#running.add(id);
      else if (this.#running.delete(id)) this.#remediations.inc({ action: plan.action, outcome });
    }
  }
}
