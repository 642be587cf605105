/** Health as the reference contract has it: what the engine needs, whether it has it, and what it may do. */
import type { View } from "@kintsugi/core";
import { z } from "zod";
import type { EngineStatus } from "../engine-facade.ts";

const STATUSES = ["ok", "degraded", "down"] as const;

export const Dependency = z.object({
  name: z.string(),
  status: z.enum(STATUSES),
  message: z.string(),
  latency_ms: z.number().nullable().describe("of a question asked for this answer; null: none was"),
  checked_at: z.string(),
});
export type Dependency = z.infer<typeof Dependency>;

export const Rbac = z.object({
  status: z
    .enum(["ok", "degraded", "failed", "unknown"])
    .describe("failed: something is denied without which nothing can be watched; unknown: not every question was answered"),
  permissions_total: z.int(),
  permissions_ok: z.int(),
  permissions_failed: z.int(),
  critical_ok: z.boolean(),
  message: z.string(),
});
export type Rbac = z.infer<typeof Rbac>;

export const ContractHealth = z
  .object({
    status: z.enum(["healthy", "degraded", "unhealthy"]),
    timestamp: z.string(),
    version: z.string(),
    uptime_seconds: z.int(),
    dependencies: z.object({ kubernetes: Dependency, ml_service: Dependency }),
    rbac: Rbac,
    details: z.object({
      cluster: z.string(),
      acting: z.string().describe("whether acts may run, and why not"),
      paused: z.string().nullable(),
      storm: z.string().nullable(),
      policy: z.string(),
      unseen: z.array(z.string()).describe("kinds that are served and not seen, with the reason"),
      ledger: z.string().describe("`ok`, or why records cannot be written"),
      loop: z.string().describe("`turning`, or since when it has not"),
    }),
  })
  .meta({ id: "ContractHealth" });
export type ContractHealth = z.infer<typeof ContractHealth>;

/** A question that was put to the API server for this answer. */
export interface Asked {
  readonly answered: boolean;
  readonly latencyMs: number;
}

/** What was found out about permissions, each with whether nothing works without it. */
export interface Reviewed {
  readonly text: string;
  readonly critical: boolean;
  readonly answer: "allowed" | "denied" | "unknown";
}

export interface HealthGiven {
  readonly status: EngineStatus;
  readonly view: View;
  readonly asked: Asked;
  readonly reviewed: readonly Reviewed[];
  readonly ml: Omit<Dependency, "name" | "checked_at">;
  /** Wall clock, ms. */
  readonly now: number;
}

/** A loop that has not turned for this long does not run any more. */
const STALLED_MS = 60_000;

export function contractHealth(given: HealthGiven): ContractHealth {
  const { status, now } = given;
  const at = new Date(now).toISOString();
  const kubernetes = { name: "kubernetes", ...sightOf(given), checked_at: at };
  const ml = { name: "ml_service", ...given.ml, checked_at: at };
  const rbac = rbacOf(given.reviewed);
  const isTurning = status.lastStepAt !== undefined && now - status.lastStepAt < STALLED_MS;
  const isBroken = kubernetes.status === "down" || !isTurning || status.storeTrouble !== undefined;
  const lacks = kubernetes.status !== "ok" || ml.status !== "ok" || rbac.permissions_failed > 0;
  return {
    status: isBroken ? "unhealthy" : lacks ? "degraded" : "healthy",
    timestamp: at,
    version: status.version,
    uptime_seconds: Math.max(0, Math.round((now - status.startedAt) / 1_000)),
    dependencies: { kubernetes, ml_service: ml },
    rbac,
    details: {
      cluster: status.cluster,
      acting: actingText(status),
      paused: status.paused ?? null,
      storm: status.storm ?? null,
      policy: `${status.policy.name} (${status.policy.mode})`,
      unseen: unseen(status),
      ledger: status.storeTrouble ?? "ok",
      loop: isTurning
        ? "turning"
        : status.lastStepAt === undefined
          ? "has not turned yet"
          : `has not turned since ${new Date(status.lastStepAt).toISOString()}`,
    },
  };
}

/** Kinds that are not served are no gap; those that are forbidden are one that people have chosen, and RBAC tells of it. */
function unseen({ watches }: EngineStatus): string[] {
  return watches
    .filter(({ health }) => health !== "live" && health !== "not-served")
    .map(({ kind, health, reason }) => `${kind}: ${health}${reason === undefined ? "" : `: ${reason}`}`);
}

function sightOf({ status, view, asked }: HealthGiven): Pick<Dependency, "status" | "message" | "latency_ms"> {
  const isSeen = view.health("Pod") === "live" || view.health("Node") === "live";
  const latency = asked.answered ? Math.round(asked.latencyMs * 10) / 10 : null;
  if (!asked.answered && !isSeen) return { status: "down", message: "the API server does not answer, and nothing of the cluster is seen", latency_ms: null };
  const blind = unseen(status);
  const troubles = [...(asked.answered ? [] : ["the API server did not answer a question"]), ...(status.synced ? [] : [`not seen: ${blind.join(", ")}`])];
  if (troubles.length > 0) return { status: "degraded", message: troubles.join("; "), latency_ms: latency };
  return {
    status: "ok",
    message: blind.length === 0 ? "everything is seen, and a question was answered" : `seen, but for ${blind.join(", ")}`,
    latency_ms: latency,
  };
}

function actingText({ authority }: EngineStatus): string {
  switch (authority.type) {
    case "read-only":
      return "off: started without --act";
    case "waiting":
      return `waits: ${authority.reason}`;
    case "leading":
      return "on";
  }
}

function rbacOf(reviewed: readonly Reviewed[]): Rbac {
  const ok = reviewed.filter(({ answer }) => answer === "allowed").length;
  const denied = reviewed.filter(({ answer }) => answer === "denied");
  const unknown = reviewed.length - ok - denied.length;
  const isCritical = reviewed.some(({ critical, answer }) => critical && answer !== "allowed");
  const told = [
    ...(denied.length === 0 ? [] : [`denied: ${denied.map(({ text }) => text).join(", ")}`]),
    ...(unknown === 0 ? [] : [`${unknown} of ${reviewed.length} ${unknown === 1 ? "has" : "have"} no answer`]),
  ];
  return {
    status: denied.some(({ critical }) => critical) ? "failed" : denied.length > 0 ? "degraded" : unknown > 0 ? "unknown" : "ok",
    permissions_total: reviewed.length,
    permissions_ok: ok,
    permissions_failed: denied.length,
    critical_ok: !isCritical,
    message: told.length === 0 ? "everything that is needed is allowed" : told.join("; "),
  };
}
