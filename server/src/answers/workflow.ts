/** An incident's pursuit as the reference contract tells it: a view over the incident and its attempts, never a thing of its own. */
import { type Attempt, type Incident, type Plan, type Record, refText, type Step, stepRef } from "@kintsugi/core";
import { z } from "zod";
import { isoOrNull, spanOf } from "./contract-time.ts";
import { METHODS, type Method } from "./deployment-method.ts";
import { planOf } from "./explain-incident.ts";
import { layerOfKind } from "./layers.ts";

const STATUSES = ["pending", "in_progress", "completed", "failed"] as const;
type WorkflowStatus = (typeof STATUSES)[number];

const WorkflowStep = z.object({
  order: z.int(),
  layer: z.enum(["infrastructure", "platform", "application", "unknown"]),
  description: z.string(),
  status: z.enum(STATUSES),
  started_at: z.string().nullable(),
  completed_at: z.string().nullable(),
  error_message: z.string().nullable(),
});
type WorkflowStep = z.infer<typeof WorkflowStep>;

export const Workflow = z
  .object({
    id: z.string().describe("`wf-17`: what is going on with inc-17 now; `wf-17-2`: its second attempt"),
    incident_id: z.string(),
    status: z.enum(STATUSES).describe("pending: nothing is carried out now; its incident says what it waits for"),
    deployment_method: z.enum(METHODS),
    namespace: z.string(),
    resource_name: z.string(),
    resource_kind: z.string(),
    issue_type: z.string().nullable().describe("failure mode; null: not diagnosed"),
    remediator: z.string().nullable().describe("the action of its plan; null: there is no plan"),
    error_message: z.string().nullable(),
    created_at: z.string(),
    started_at: z.string().nullable().describe("when the attempt began; null: none has"),
    completed_at: z.string().nullable(),
    duration: z.string().nullable().describe("from start to end, as 4m30s; null while it has not ended"),
    steps: z.array(WorkflowStep),
  })
  .meta({ id: "Workflow" });
export type Workflow = z.infer<typeof Workflow>;

/** `wf-17` or `wf-17-2`. Undefined for anything else. */
export function parseWorkflowId(id: string): { readonly incident: string; readonly attempt?: number } | undefined {
  const match = /^wf-(\d{1,12})(?:-(\d{1,9}))?$/.exec(id);
  if (match === null) return undefined;
  return { incident: `inc-${match[1]}`, ...(match[2] === undefined ? {} : { attempt: Number(match[2]) }) };
}

export interface WorkflowGiven {
  readonly incident: Incident;
  /** Which attempt; the pursuit as it is now where missing. */
  readonly attempt?: number | undefined;
  /** What the ledger says of that attempt. */
  readonly past: Past;
  readonly method: Method;
}

/** When each step of an attempt was sent, by its index, and when the last one had its answer, ms. */
export interface Past {
  readonly sent: ReadonlyMap<number, number>;
  readonly answeredAt?: number | undefined;
}

/** `acts`: of the incident, oldest first; `after`: what followed the attempt's last act. */
export function pastOf(attempt: Attempt, acts: readonly Record[], after: readonly Record[]): Past {
  const sent = new Map<number, number>();
  for (const { body, at } of acts) if (body.type === "act" && body.attempt === attempt.id && !body.undo) sent.set(body.index, at);
  return { sent, answeredAt: after.find(({ body }) => body.type === "incident" && body.incident.phase !== "acting")?.at };
}

/** The attempt with that number, or the one that runs or ended the pursuit. What is being planned now is not an attempt yet. */
export function attemptOf(incident: Incident, wanted: number | undefined): Attempt | undefined {
  return wanted === undefined ? currentAttempt(incident) : incident.attempts.find(({ id }) => id === `${incident.id}/${wanted}`);
}

/** Undefined when there is no such attempt, or it is so old that it is not kept. */
export function workflowOf({ incident, attempt: wanted, past, method }: WorkflowGiven): Workflow | undefined {
  const attempt = attemptOf(incident, wanted);
  if (wanted !== undefined && attempt === undefined) return undefined;
  const plan = attempt?.plan ?? planOf(incident);
  const status = attempt !== undefined && (wanted !== undefined || attempt.outcome === "running") ? ofAttempt(attempt) : ofPursuit(incident);
  const endedAt = attempt?.endedAt ?? (incident.phase === "resolved" && wanted === undefined ? incident.resolvedAt : undefined);
  return {
    id: `wf-${incident.id.slice(4)}${wanted === undefined ? "" : `-${wanted}`}`,
    incident_id: incident.id,
    status,
    deployment_method: method,
    namespace: incident.subject.namespace,
    resource_name: incident.subject.name,
    resource_kind: incident.subject.kind,
    issue_type: plan?.mode ?? incident.mode ?? null,
    remediator: plan?.action ?? null,
    error_message: status === "failed" ? why(incident, wanted === undefined ? undefined : attempt) : null,
    created_at: new Date(incident.openedAt).toISOString(),
    started_at: isoOrNull(attempt?.startedAt),
    completed_at: isoOrNull(endedAt),
    duration: attempt === undefined || endedAt === undefined ? null : spanOf(endedAt - attempt.startedAt),
    steps: plan === undefined ? [] : stepsOf({ plan, attempt, incident, past }),
  };
}

function currentAttempt(incident: Incident): Attempt | undefined {
  switch (incident.phase) {
    case "acting":
    case "verifying":
    case "undoing":
    case "resolved":
    case "escalated":
      return incident.attempts.at(-1);
    default:
      return undefined;
  }
}

function ofAttempt({ outcome }: Attempt): WorkflowStatus {
  if (outcome === "running") return "in_progress";
  return outcome === "helped" ? "completed" : "failed";
}

function ofPursuit(incident: Incident): WorkflowStatus {
  switch (incident.phase) {
    case "acting":
    case "verifying":
    case "undoing":
      return "in_progress";
    case "resolved":
      return incident.how === "undone" ? "failed" : "completed";
    case "escalated":
      return "failed";
    default:
      return "pending";
  }
}

function why(incident: Incident, attempt: Attempt | undefined): string | null {
  if (attempt !== undefined) return `${attempt.outcome}: ${attempt.detail}`;
  if (incident.phase === "escalated") return `${incident.why}; waits for ${incident.waitsFor}`;
  return incident.phase === "resolved" ? incident.detail : null;
}

interface StepsGiven {
  readonly plan: Plan;
  readonly attempt: Attempt | undefined;
  readonly incident: Incident;
  readonly past: Past;
}

/** The plan's steps, then its verification. */
function stepsOf(given: StepsGiven): WorkflowStep[] {
  const steps = given.plan.steps.map((step, index) => mutation(given, step, index));
  return steps.length === 0 ? [] : [...steps, verification(given, steps.length + 1)];
}

function mutation({ plan, attempt, incident, past }: StepsGiven, step: Step, index: number): WorkflowStep {
  const startedAt = past.sent.get(index);
  const isOut = attempt?.outcome === "running" && incident.phase === "acting" && incident.step === index;
  // The next step is sent once this one has its answer; the last one's answer begins the verification.
  const doneAt = index === plan.steps.length - 1 ? past.answeredAt : past.sent.get(index + 1);
  const isBroken = attempt?.outcome === "failed" && startedAt !== undefined && !past.sent.has(index + 1);
  return {
    order: index + 1,
    layer: layerOfKind(stepRef(step).kind) ?? "unknown",
    description: stepText(step),
    status: startedAt === undefined ? "pending" : isBroken ? "failed" : isOut ? "in_progress" : "completed",
    started_at: isoOrNull(startedAt),
    completed_at: isOut ? null : isoOrNull(doneAt),
    error_message: isBroken ? attempt.detail : null,
  };
}

function verification({ plan, attempt, incident, past }: StepsGiven, order: number): WorkflowStep {
  const isOn = attempt?.outcome === "running" && incident.phase === "verifying";
  const isJudged = attempt !== undefined && attempt.outcome !== "running" && attempt.outcome !== "failed";
  const isGood = attempt?.outcome === "helped";
  return {
    order,
    layer: layerOfKind(plan.owner.kind) ?? "unknown",
    description: `verify that ${refText(plan.owner)} is well and stays so`,
    status: isOn ? "in_progress" : isJudged ? (isGood ? "completed" : "failed") : "pending",
    started_at: isOn || isJudged ? isoOrNull(past.answeredAt) : null,
    completed_at: isJudged ? isoOrNull(attempt.endedAt) : null,
    error_message: isJudged && !isGood ? `${attempt.outcome}: ${attempt.detail}` : null,
  };
}

function stepText(step: Step): string {
  const target = refText(stepRef(step));
  if (step.verb !== "patch") return `${step.verb} ${target}`;
  const paths = [...new Set(step.patch.filter(({ op }) => op !== "test").map(({ path }) => path))];
  return `patch ${target}: ${paths.join(", ")}`;
}
