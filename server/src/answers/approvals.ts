/** What waits for a person: the proposals. */
import type { Incident, IncidentIn } from "@kintsugi/core";
import { z } from "zod";
import { Diff, Gate, Ref, SEVERITIES, time } from "./shapes.ts";

const Person = z.object({
  type: z.enum(["person", "assistant"]),
  name: z.string(),
  proven: z.boolean().describe("named by whom we trust; else their own word"),
  how: z.enum(["asked", "approved", "elicited"]),
  at: time,
});

export const ApprovalRow = z
  .object({
    incident: z.string(),
    subject: Ref,
    title: z.string(),
    severity: z.enum(SEVERITIES),
    planHash: z.string().describe("an approval names it"),
    summary: z.string(),
    action: z.string(),
    risk: z.enum(["low", "medium", "high"]),
    diff: Diff,
    reasons: z.array(Gate).describe("the gates that ask"),
    askedAt: time,
    expiresAt: time.describe("after this it has to be proposed again, ms since 1970"),
    requestedBy: Person.optional().describe("absent: the engine proposed it by itself"),
    approvals: z.array(Person).describe("given so far, where policy wants more than one"),
    how: z.string().describe("how a person decides"),
  })
  .meta({ id: "PendingApproval" });
export type ApprovalRow = z.infer<typeof ApprovalRow>;

export function isAwaiting(incident: Incident): incident is IncidentIn<"awaiting"> {
  return incident.phase === "awaiting";
}

export function approvalRow({ id, subject, title, severity, proposal, requestedBy }: IncidentIn<"awaiting">): ApprovalRow {
  const { plan, decision, askedAt, expiresAt, approval } = proposal;
  const asked = requestedBy?.planHash === plan.hash ? requestedBy : undefined;
  const given = approval?.planHash === plan.hash ? (approval.backers ?? []).filter(({ how }) => how !== "asked") : [];
  return {
    incident: id,
    subject,
    title,
    severity,
    planHash: plan.hash,
    summary: plan.summary,
    action: plan.action,
    risk: plan.risk,
    diff: plan.diff.map((change) => ({ ...change })),
    reasons: decision.gates.filter(({ answer }) => answer === "ask").map((gate) => ({ ...gate })),
    askedAt,
    expiresAt,
    ...(asked === undefined ? {} : { requestedBy: personOf(asked) }),
    approvals: given.map(personOf),
    how: `kintsugi approve ${id} --plan ${plan.hash.slice(0, 12)}, or kintsugi deny ${id} --why TEXT; over the API POST /api/v2/incidents/${id}/approve with this planHash`,
  };
}

/** Oldest first: who waits longest comes first. */
export function approvalKey({ askedAt, incident }: ApprovalRow): string {
  return `${String(askedAt).padStart(16, "0")}/${incident}`;
}

function personOf({ type, name, proven, how, at }: z.infer<typeof Person>): z.infer<typeof Person> {
  return { type, name, proven, how, at };
}
