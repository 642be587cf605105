/** What came of a trigger: how the incident stands, and what happens next. */
import type { Incident, Policy, Preview } from "@kintsugi/core";
import { z } from "zod";
import { workflowId } from "./contract-incident.ts";
import { spanOf } from "./contract-time.ts";
import { METHODS, type Method } from "./deployment-method.ts";
import { type PlanAnswer, planAnswer } from "./plan.ts";

export const Triggered = z
  .object({
    workflow_id: z.string(),
    status: z.enum(["pending", "in_progress"]),
    deployment_method: z.enum(METHODS),
    estimated_duration: z
      .string()
      .nullable()
      .describe(
        "at most this until it is known whether it helped, by the policy's windows, counted from when it is carried out; null: nothing is planned that could be timed",
      ),
    message: z.string().describe("what happens next, and who has to do what"),
    incident_id: z.string().describe("the engine's incident that is pursued"),
    dry_run: z.boolean(),
    plan: z
      .object({
        action: z.string(),
        summary: z.string(),
        risk: z.enum(["low", "medium", "high"]),
        hash: z.string(),
        diff: z.array(z.object({ path: z.string(), before: z.unknown(), after: z.unknown() })),
      })
      .nullable()
      .describe("what would be done; null: no plan is possible"),
    plan_reason: z.string().nullable().describe("why there is no plan"),
    gates: z
      .array(z.object({ gate: z.string(), answer: z.enum(["pass", "ask", "block", "unknown", "not-applicable"]), reason: z.string() }))
      .describe("what every gate says to the plan"),
  })
  .meta({ id: "Triggered" });
export type Triggered = z.infer<typeof Triggered>;

export interface TriggeredGiven {
  readonly method: Method;
  readonly policy: Policy;
  readonly now: number;
  readonly dryRun: boolean;
  /** What the engine answered. */
  readonly said: string;
}

/** Of an incident as it is; `next`: what would be planned where it has no plan in hand. */
export function triggered(incident: Incident, next: Preview | undefined, { method, policy, now, dryRun, said }: TriggeredGiven): Triggered {
  const planned = planAnswer(incident, next);
  return {
    workflow_id: workflowId(incident.id),
    status: incident.phase === "acting" || incident.phase === "verifying" || incident.phase === "undoing" ? "in_progress" : "pending",
    deployment_method: method,
    estimated_duration: estimate(incident, typeof planned !== "string", policy, now),
    message: `${dryRun ? "dry run, " : ""}${said}; ${nextOf(incident)}`,
    incident_id: incident.id,
    dry_run: dryRun,
    plan: typeof planned === "string" ? null : shortPlan(planned),
    plan_reason: typeof planned === "string" ? planned : null,
    gates: typeof planned === "string" ? [] : planned.gates.map(({ gate, answer, reason }) => ({ gate, answer, reason })),
  };
}

function shortPlan({ plan, diff, planHash }: PlanAnswer): NonNullable<Triggered["plan"]> {
  return { action: plan.action, summary: plan.summary, risk: plan.risk, hash: planHash, diff };
}

/** The longest wait for a cure to show and to hold, from when it is carried out. */
function estimate(incident: Incident, isPlanned: boolean, { spec }: Policy, now: number): string | null {
  if (incident.phase === "verifying") return spanOf(incident.deadline - now);
  return isPlanned ? spanOf(spec.windows.verifySettle + spec.windows.verifyHold) : null;
}

/** Who has to do what now. */
function nextOf(incident: Incident): string {
  const { id } = incident;
  switch (incident.phase) {
    case "open":
      return `${id} is not diagnosed yet; it is shown at GET /api/v1/workflows/${workflowId(id)}`;
    case "diagnosed":
      return `the facts that its plan needs are fetched and every gate is asked; what comes of it is shown at GET /api/v1/workflows/${workflowId(id)}`;
    case "awaiting":
      return `a person has to decide until ${new Date(incident.proposal.expiresAt).toISOString()}, with their own credential: kintsugi approve ${id}, or POST /api/v2/incidents/${id}/approve with the plan's hash`;
    case "held":
      return `it is held: ${incident.why}`;
    case "escalated":
      return `it is with a person: ${incident.why}; waits for ${incident.waitsFor}`;
    case "acting":
      return "its plan is being carried out";
    case "verifying":
      return `its plan was carried out and is being verified: ${incident.last.reason}`;
    case "undoing":
      return `what was done is being taken back: ${incident.why}`;
    case "resolved":
      return `it has ended: ${incident.detail}`;
  }
}
