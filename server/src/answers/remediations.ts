/** Remediations: each attempt with its plan, how it went, what the verification said, and whether it can be taken back. */
import type { Attempt, Incident } from "@kintsugi/core";
import { z } from "zod";
import { planParts } from "./plan.ts";
import { Diff, Inverse, Plan, Ref, time } from "./shapes.ts";

export const OUTCOMES = ["running", "helped", "did-not-help", "failed", "unknown", "undone", "undo-failed"] as const;

export const RemediationRow = z
  .object({
    id: z.string().describe("incident and number, for example inc-17/2"),
    incident: z.string(),
    number: z.int(),
    subject: Ref,
    target: Ref,
    action: z.string(),
    mode: z.string().describe("failure mode that it was meant to cure"),
    summary: z.string(),
    risk: z.enum(["low", "medium", "high"]),
    planHash: z.string(),
    outcome: z.enum(OUTCOMES).describe("failed: certainly not carried out; unknown: it may have been, or nobody can tell whether it helped"),
    detail: z.string(),
    approvedBy: z.string().optional().describe("who approved it; absent: the policy let it act"),
    startedAt: time,
    endedAt: time.optional(),
    verification: z.object({
      state: z.enum(["not-yet", "running", "passed", "failed", "not-carried-out", "unknown"]),
      reason: z.string(),
      until: time.optional().describe("when it is judged at the latest, ms since 1970"),
    }),
    undo: z.object({
      possible: z.boolean(),
      how: z.string().describe("the command for it, or why it cannot be undone"),
    }),
  })
  .meta({ id: "Remediation" });
export type RemediationRow = z.infer<typeof RemediationRow>;

export const RemediationDetail = RemediationRow.extend({ plan: Plan, diff: Diff, inverse: Inverse }).meta({ id: "RemediationDetail" });
export type RemediationDetail = z.infer<typeof RemediationDetail>;

/** `incident` as it is now, or as the ledger last saw it. */
export function remediationRow(attempt: Attempt, incident: Incident): RemediationRow {
  const { plan } = attempt;
  return {
    id: attempt.id,
    incident: incident.id,
    number: Number(attempt.id.split("/")[1]),
    subject: incident.subject,
    target: plan.target,
    ...{ action: plan.action, mode: plan.mode, summary: plan.summary, risk: plan.risk, planHash: plan.hash },
    outcome: attempt.outcome,
    detail: attempt.detail,
    ...(attempt.approvedBy === undefined ? {} : { approvedBy: attempt.approvedBy }),
    startedAt: attempt.startedAt,
    ...(attempt.endedAt === undefined ? {} : { endedAt: attempt.endedAt }),
    verification: verificationOf(attempt, incident),
    undo: undoOf(attempt, incident),
  };
}

export function remediationDetail(attempt: Attempt, incident: Incident): RemediationDetail {
  const { plan, diff, inverse } = planParts(attempt.plan);
  return { ...remediationRow(attempt, incident), plan, diff, inverse };
}

/** Newest first when sorted descending. */
export function remediationKey({ startedAt, id }: { readonly startedAt: number; readonly id: string }): string {
  const [incident = "", number = ""] = id.slice("inc-".length).split("/");
  return [startedAt, incident, number].map((part) => String(part).padStart(16, "0")).join("/");
}

/** When the remediation of such a key began, ms; undefined where the text is no such key. */
export function startOfKey(key: string): number | undefined {
  const start = /^(\d{16})\/\d{16}\/\d{16}$/.exec(key)?.[1];
  return start === undefined ? undefined : Number(start);
}

function verificationOf({ id, outcome, detail }: Attempt, incident: Incident): RemediationRow["verification"] {
  switch (outcome) {
    case "helped":
      return { state: "passed", reason: detail };
    case "undone":
      // Somebody wanted it back, whether it had helped or not.
      if (isUndoneByPerson(incident) && incident.attempts.at(-1)?.id === id) return { state: "unknown", reason: detail };
      return { state: "failed", reason: detail };
    case "did-not-help":
    case "undo-failed":
      return { state: "failed", reason: detail };
    case "failed":
      return { state: "not-carried-out", reason: detail };
    case "unknown":
      return { state: "unknown", reason: detail };
    case "running": {
      const isItsTurn = incident.attempts.at(-1)?.id === id;
      if (isItsTurn && incident.phase === "verifying") return { state: "running", reason: incident.last.reason, until: incident.deadline };
      return { state: "not-yet", reason: isItsTurn ? `${incident.id} is ${incident.phase}` : detail };
    }
  }
}

function isUndoneByPerson(incident: Incident): boolean {
  return incident.phase === "resolved" && incident.how === "undone";
}

function undoOf({ id, plan, outcome }: Attempt, incident: Incident): RemediationRow["undo"] {
  const no = (how: string): RemediationRow["undo"] => ({ possible: false, how });
  if (outcome === "failed") return no("it was not carried out");
  if (outcome === "undone") return no("it has been taken back");
  if (incident.attempts.at(-1)?.id !== id) return no("a later attempt was made since");
  const isTime =
    incident.phase === "acting" ||
    incident.phase === "verifying" ||
    (incident.phase === "resolved" && (incident.how === "healed" || incident.how === "closed") && incident.plan !== undefined);
  if (!isTime)
    return no(
      incident.phase === "undoing"
        ? "it is being taken back"
        : `${incident.id} is ${incident.phase}: only what is under way, being verified or has healed can be undone`,
    );
  if (plan.inverse.type === "none") return no(plan.inverse.why);
  return { possible: true, how: `kintsugi undo ${incident.id} --why TEXT, or POST /api/v2/incidents/${incident.id}/undo` };
}
