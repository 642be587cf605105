/** How the models are that the operator named: bounded questions, and the answer kept for a moment. None named is nothing missing. */
import type { Dependency } from "../../answers/health.ts";
import type { ModelCatalogue } from "../../models/catalogue.ts";
import { youngAnswer } from "../young-answer.ts";

type ModelsHealth = Omit<Dependency, "name" | "checked_at">;

const ASKED_FOR_MS = 5_000;
const WITHIN_MS = 3_000;

export function modelHealth(models: ModelCatalogue | undefined, now: () => number): () => Promise<ModelsHealth> {
  return youngAnswer(ASKED_FOR_MS, now, () => ask(models));
}

async function ask(models: ModelCatalogue | undefined): Promise<ModelsHealth> {
  const all = models?.all() ?? [];
  if (all.length === 0) return { status: "ok", message: "not configured: no model is named", latency_ms: null };
  const began = performance.now();
  const states = await Promise.all(all.map(async (model) => ({ name: model.name, ...(await inTime(model.state())) })));
  const latency_ms = Math.round((performance.now() - began) * 10) / 10;
  const lacking = states.filter(({ status }) => status !== "ready");
  if (lacking.length === 0) return { status: "ok", message: `ready: ${all.map(({ name }) => name).join(", ")}`, latency_ms };
  const message = lacking.map((one) => `${one.name}: ${one.message}`).join("; ");
  return { status: lacking.length === all.length ? "down" : "degraded", message, latency_ms };
}

interface State {
  readonly status: "ready" | "unavailable" | "unknown";
  readonly message: string;
}

async function inTime(state: Promise<State>): Promise<State> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<State>((resolve) => {
    timer = setTimeout(() => resolve({ status: "unknown", message: `no answer within ${WITHIN_MS / 1_000} s` }), WITHIN_MS);
  });
  try {
    return await Promise.race([state, late]);
  } finally {
    clearTimeout(timer);
  }
}
