/** An incident's pursuit as the reference contract tells it: a view over the incident and its attempts, never a thing of its own. */
import { type Attempt, type Incident, type Plan, type Record, refText, type Step, stepRef } from "@kintsugi/core";
import { z } from "zod";
import { planOf } from "../http/explain-incident.ts";
import { isoOrNull, spanOf } from "./contract-time.ts";
import { METHODS, type Method } from "./deployment-method.ts";
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
  /** Records of type `act` about the incident, oldest first. */
  readonly acts: readonly Record[];
  readonly method: Method;
}

/** Undefined when there is no such attempt, or it is so old that it is not kept. */
export function workflowOf({ incident, attempt: wanted, acts, method }: WorkflowGiven): Workflow | undefined {
  const attempt = wanted === undefined ? currentAttempt(incident) : incident.attempts.find(({ id }) => id === `${incident.id}/${wanted}`);
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
    steps: plan === undefined ? [] : stepsOf({ plan, attempt, incident, acts }),
  };
}

/** The one that runs or ended it. What is being planned now is not an attempt yet. */
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
  readonly acts: readonly Record[];
}

/** The plan's steps, then its verification. */
function stepsOf(given: StepsGiven): WorkflowStep[] {
  const { plan } = given;
  const sent = plan.steps.map((_, index) => sentAt(given, index));
  const steps = plan.steps.map((step, index) => mutation(given, step, index, sent));
  const verification = verifying(given, sent.at(-1), steps.at(-1));
  return verification === undefined ? steps : [...steps, verification];
}

function sentAt({ attempt, acts }: StepsGiven, index: number): number | undefined {
  if (attempt === undefined) return undefined;
  return acts.findLast(({ body }) => body.type === "act" && body.attempt === attempt.id && !body.undo && body.index === index)?.at;
}

function mutation({ attempt, incident }: StepsGiven, step: Step, index: number, sent: readonly (number | undefined)[]): WorkflowStep {
  const startedAt = sent[index];
  const isLast = index === sent.length - 1;
  const isOut = attempt?.outcome === "running" && incident.phase === "acting" && incident.step === index;
  // The next step is sent once this one has its answer; the last one's answer begins the verification.
  const doneAt = isLast ? (incident.phase === "verifying" && attempt?.outcome === "running" ? incident.actedAt : undefined) : sent[index + 1];
  const isBroken = attempt?.outcome === "failed" && startedAt !== undefined && doneAt === undefined;
  const status: WorkflowStatus = startedAt === undefined ? "pending" : isBroken ? "failed" : isOut ? "in_progress" : "completed";
  return {
    order: index + 1,
    layer: layerOfKind(stepRef(step).kind) ?? "unknown",
    description: stepText(step),
    status,
    started_at: isoOrNull(startedAt),
    completed_at: isoOrNull(doneAt),
    error_message: isBroken ? (attempt?.detail ?? null) : null,
  };
}

function verifying({ plan, attempt, incident }: StepsGiven, lastSent: number | undefined, lastStep: WorkflowStep | undefined): WorkflowStep | undefined {
  if (lastStep === undefined) return undefined;
  const isOn = attempt?.outcome === "running" && incident.phase === "verifying";
  const judged = attempt !== undefined && attempt.outcome !== "running" && attempt.outcome !== "failed" && lastSent !== undefined;
  const isGood = attempt?.outcome === "helped";
  return {
    order: lastStep.order + 1,
    layer: layerOfKind(plan.owner.kind) ?? "unknown",
    description: `verify that ${refText(plan.owner)} is well and stays so`,
    status: isOn ? "in_progress" : judged ? (isGood ? "completed" : "failed") : "pending",
    started_at: isOn ? isoOrNull(incident.actedAt) : null,
    completed_at: judged ? isoOrNull(attempt.endedAt) : null,
    error_message: judged && !isGood ? `${attempt.outcome}: ${attempt.detail}` : null,
  };
}

function stepText(step: Step): string {
  const target = refText(stepRef(step));
  if (step.verb !== "patch") return `${step.verb} ${target}`;
  const paths = [...new Set(step.patch.filter(({ op }) => op !== "test").map(({ path }) => path))];
  return `patch ${target}: ${paths.join(", ")}`;
}
