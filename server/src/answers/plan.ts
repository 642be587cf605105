/** What would be done about an incident, or is being done: the plan, what it changes, how it is taken back, and what every gate says. */
import { type Decision, type GateAnswer, type Incident, type Plan as PlanValue, type Preview, permissionText } from "@kintsugi/core";
import { z } from "zod";
import { decisionOf, planOf } from "./explain-incident.ts";
import { Diff, Gate, Inverse, PHASES, Plan, Ref, time, VERDICTS } from "./shapes.ts";

export const PlanAnswer = z
  .object({
    incident: z.string(),
    subject: Ref,
    phase: z.enum(PHASES),
    plan: Plan,
    diff: Diff.describe("what a person sees: path, before, after"),
    inverse: Inverse.describe("how it is taken back"),
    gates: z.array(Gate).describe("every gate in its order; empty where the plan was decided on before, which the timeline tells"),
    verdict: z.enum(VERDICTS).optional(),
    capped: z.string().optional().describe("why the verdict is less than the gates would allow"),
    planHash: z.string().describe("an approval is bound to it"),
    askedAt: time.optional(),
    expiresAt: time.optional().describe("until when it can be approved, ms since 1970"),
  })
  .meta({ id: "PlanAnswer" });
export type PlanAnswer = z.infer<typeof PlanAnswer>;

/** The plan in hand; where there is none the one that would be made now. A text says why there is none. */
export function planAnswer(incident: Incident, now: Preview | undefined): PlanAnswer | string {
  const plan = planOf(incident);
  const decision = decisionOf(incident);
  const isToCome = now?.next.plan !== undefined;
  if (plan !== undefined && (decision !== undefined || !isToCome)) return answerOf(incident, plan, decision);
  if (isToCome) return answerOf(incident, now.next.plan, now.next.decision);
  return `${incident.id} is ${incident.phase} and has no plan: ${now === undefined ? whyNone(incident) : now.next.why}`;
}

export function answerOf(incident: Incident, plan: PlanValue, decision: Decision | undefined): PlanAnswer {
  const { askedAt, expiresAt } = incident.phase === "awaiting" && incident.proposal.plan.hash === plan.hash ? incident.proposal : {};
  return {
    incident: incident.id,
    subject: incident.subject,
    phase: incident.phase,
    ...planParts(plan),
    gates: (decision?.gates ?? []).map(gateOf),
    ...(decision === undefined ? {} : { verdict: decision.verdict }),
    ...(decision?.capped === undefined ? {} : { capped: decision.capped }),
    ...(askedAt === undefined || expiresAt === undefined ? {} : { askedAt, expiresAt }),
  };
}

export function planParts({ diff, inverse, hash, ...plan }: PlanValue): Pick<PlanAnswer, "plan" | "diff" | "inverse" | "planHash"> {
  return {
    plan: { ...plan, steps: plan.steps.map(copied), permissions: plan.permissions.map(permissionText), fields: [...plan.fields] },
    diff: diff.map((change) => ({ ...change })),
    inverse: inverse.type === "none" ? inverse : { type: inverse.type, steps: inverse.steps.map(copied) },
    planHash: hash,
  };
}

function copied(step: PlanValue["steps"][number]): z.infer<typeof Plan>["steps"][number] {
  return step.verb === "patch" ? { ...step, patch: [...step.patch] } : step;
}

export function gateOf(answer: GateAnswer): z.infer<typeof Gate> {
  return { ...answer };
}

function whyNone(incident: Incident): string {
  if (incident.phase === "resolved") return `it ended (${incident.how}) before any was needed: ${incident.detail}`;
  if (incident.phase === "escalated") return incident.why;
  return "none has been made yet";
}
