/** What came of a request for a remediation, or would come of it: the plan, the gates, and what a person has to do. */
import type { Incident, Preflight, Preview } from "@kintsugi/core";
import { z } from "zod";
import { type PlanAnswer, PlanAnswer as PlanShape, planAnswer } from "./plan.ts";
import { PHASES, Ref, time } from "./shapes.ts";

export const Proposal = z
  .object({
    incident: z.string(),
    subject: Ref,
    phase: z.enum(PHASES),
    dryRun: z.boolean().describe("nothing was changed, not even the ledger"),
    plan: PlanShape.shape.plan.optional().describe("absent: none is possible, `text` says why"),
    diff: PlanShape.shape.diff,
    inverse: PlanShape.shape.inverse.optional(),
    gates: PlanShape.shape.gates,
    verdict: PlanShape.shape.verdict.describe("of a dry run: provided that the API server would accept the plan"),
    planHash: PlanShape.shape.planHash.optional(),
    approval: z.object({
      needed: z.boolean().describe("a person has to approve the plan before it is carried out"),
      how: z.string(),
      expiresAt: time.optional().describe("until when the proposal stands, ms since 1970"),
    }),
    text: z.string().describe("the same in sentences"),
  })
  .meta({ id: "Proposal" });
export type Proposal = z.infer<typeof Proposal>;

/** Of an incident as it is, with what would be planned where it has no plan in hand. `said`: the engine's answer to the request. */
export function proposalOf(incident: Incident, now: Preview | undefined, given: { readonly dryRun: boolean; readonly said?: string }): Proposal {
  const planned = planAnswer(incident, now);
  const base = { incident: incident.id, subject: incident.subject, phase: incident.phase, dryRun: given.dryRun };
  if (typeof planned === "string") {
    const approval = { needed: false, how: "there is nothing to approve" };
    return { ...base, diff: [], gates: [], approval, text: sentences(given.said, planned) };
  }
  const { plan, diff, inverse, gates, verdict, planHash } = planned;
  const approval = approvalOf(incident, planned);
  const text = sentences(given.said, `${plan.summary} (risk ${plan.risk}; plan ${planHash.slice(0, 12)})`, standing(incident, planned), approval.how);
  return { ...base, plan, diff, inverse, gates, ...(verdict === undefined ? {} : { verdict }), planHash, approval, text };
}

function sentences(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== "").join(". ");
}

function standing(incident: Incident, { gates, verdict }: PlanAnswer): string {
  if (incident.phase === "acting" || incident.phase === "verifying" || incident.phase === "undoing") return `it is ${incident.phase}`;
  const holding = gates.filter(({ answer }) => answer === "block" || answer === "unknown");
  if (holding.length > 0 && verdict === "hold") return `held by ${holding.map(({ gate, reason }) => `${gate}: ${reason}`).join("; ")}`;
  if (verdict === "act") return "no gate holds it and the policy lets it act";
  const asking = gates.filter(({ answer }) => answer === "ask");
  return asking.length === 0 ? "" : `a person is asked because of ${asking.map(({ gate, reason }) => `${gate}: ${reason}`).join("; ")}`;
}

function approvalOf(incident: Incident, { verdict, planHash, expiresAt }: PlanAnswer): Proposal["approval"] {
  const command = `kintsugi approve ${incident.id} --plan ${planHash.slice(0, 12)}`;
  if (incident.phase === "awaiting")
    return {
      needed: true,
      how: `a person approves it with their own credential: ${command}, or denies it: kintsugi deny ${incident.id} --why TEXT`,
      ...(expiresAt === undefined ? {} : { expiresAt }),
    };
  if (verdict === "ask") return { needed: true, how: `once it is proposed, a person approves it with their own credential: ${command}` };
  if (verdict === "act") return { needed: false, how: "no approval is needed: the policy lets it act" };
  return { needed: false, how: verdict === "hold" ? "nothing can be approved while a gate holds it" : "nothing waits for an approval" };
}

/** For a look ahead: what may be done was asked, and that the dry run, which comes before a proposal, goes well is assumed. */
export function assumedFacts(plan: { readonly hash: string }, at: number, permissions: Preflight["permissions"]): Preflight {
  return { planHash: plan.hash, at, permissions, dryRun: { answer: "accepted", reason: "" } };
}

/** What was assumed is not told as if it had been asked. */
export function withoutAssumed(now: Preview): Preview {
  if (now.next.plan === undefined) return now;
  const { plan, decision } = now.next;
  const gates = decision.gates.map((gate) =>
    gate.gate === "dry-run" && gate.answer === "pass"
      ? { ...gate, answer: "unknown" as const, reason: "not asked for a look ahead: the API server goes through the plan before it is proposed" }
      : gate,
  );
  return { ...now, next: { plan, decision: { ...decision, gates } } };
}
