/** Remediations: asked for, proposed, looked at. A request to the engine each time: its gates decide, and a policy that asks still asks. */
import { z } from "zod";
import { Refusal, segment } from "../backend.ts";
import { CHANGES, READS, type Tool, tool, type Use } from "../tool.ts";
import { watched } from "../waiting.ts";
import { counted, cursor, incidentId, kind, limitUpTo, namespace, objectName, Page, Row, rows, severity, why } from "./arguments.ts";
import { nextOf } from "./cluster.ts";

const waitSeconds = (usual: number) => z.int().min(0).max(50).default(usual);
const Detail = z.object({ incident: z.looseObject({ id: z.string(), phase: z.string() }) });

export const Proposal = z.looseObject({
  incident: z.string(),
  phase: z.string(),
  diff: rows,
  gates: rows,
  planHash: z.string().optional(),
  approval: z.looseObject({ needed: z.boolean(), how: z.string(), expiresAt: z.number().optional() }),
  text: z.string(),
});

/** The phase once it is one of those, or when the time is over. */
export async function phaseAfter(use: Use, incident: string, seconds: number, over: (phase: string) => boolean): Promise<string> {
  const look = async () => Detail.parse(await use.backend.get(`/api/v2/incidents/${segment(incident)}`)).incident.phase;
  return watched(use, { seconds, look, isOver: over, says: (phase) => `${incident} is ${phase}` });
}

/** What would be proposed now, or is. Changes nothing. */
export async function proposalNow({ backend }: Pick<Use, "backend">, incident: string): Promise<z.infer<typeof Proposal>> {
  return Proposal.parse(await backend.post("/api/v2/remediations", { incident, dryRun: true }));
}

const UNDECIDED: readonly string[] = ["open", "diagnosed"];
const MOVING: readonly string[] = ["diagnosed", "acting", "verifying", "undoing"];
export const isStill = (phase: string): boolean => !MOVING.includes(phase);

export const REMEDIATIONS: readonly Tool[] = [
  tool({
    name: "trigger-remediation",
    description:
      "Ask the engine to remedy an object, by the older names; propose-remediation says more. Its gates apply and a policy that asks still asks a person. dry_run touches nothing",
    hints: CHANGES,
    input: z.strictObject({
      incident_id: z.string().min(1).max(100),
      namespace,
      resource_name: objectName,
      resource_kind: z.enum(["Pod", "Deployment", "StatefulSet", "DaemonSet"]),
      issue_type: z.enum(["pod_crash", "oom_kill", "high_cpu", "high_memory", "network_issue"]),
      severity,
      description: z.string().max(2_000).optional(),
      dry_run: z.boolean().default(false),
      wait_seconds: waitSeconds(0),
    }),
    output: z.looseObject({ workflow_id: z.string().nullable(), status: z.string() }),
    run: async ({ wait_seconds, ...args }, use) => {
      const body = {
        ...{ incident_id: args.incident_id, namespace: args.namespace, dry_run: args.dry_run },
        resource: { kind: args.resource_kind, name: args.resource_name },
        issue: { type: args.issue_type, severity: args.severity, ...(args.description === undefined ? {} : { description: args.description }) },
      };
      const shape = z.looseObject({ workflow_id: z.string().nullable().default(null), status: z.string() });
      const asked = shape.parse(await use.backend.post("/api/v1/remediation/trigger", body));
      const incident = /^wf-(\d{1,12})/.exec(asked.workflow_id ?? "")?.[1];
      if (args.dry_run) return { data: asked, says: "A dry run: nothing was changed." };
      if (incident === undefined || wait_seconds === 0) return { data: asked, says: "Asked; the engine decides. get-incident shows how it goes." };
      const phase = await phaseAfter(use, `inc-${incident}`, wait_seconds, (now) => now === "awaiting" || isStill(now));
      return { data: { ...asked, phase }, says: `inc-${incident} is ${phase}.` };
    },
  }),
  tool({
    name: "propose-remediation",
    description:
      "Have a remedy proposed for an incident or an object: plan, diff, every gate with its reason, plan hash, who must approve. dry_run looks ahead and touches nothing",
    hints: CHANGES,
    input: z
      .strictObject({
        incident_id: incidentId.optional(),
        kind: kind.optional(),
        namespace: namespace.optional(),
        name: objectName.optional(),
        why: why.optional(),
        dry_run: z.boolean().default(false),
        wait_seconds: waitSeconds(20),
      })
      .refine(({ incident_id, kind, name }) => (incident_id === undefined) !== (kind === undefined || name === undefined), {
        path: ["incident_id"],
        message: "give incident_id, or kind, namespace and name",
      }),
    output: Proposal.extend({ approval: z.looseObject({ needed: z.boolean(), how: z.string(), expiresAt: z.string().optional() }) }),
    run: async (args, use) => {
      const target = { kind: args.kind, namespace: args.namespace ?? "", name: args.name };
      const about = args.incident_id === undefined ? { target } : { incident: args.incident_id };
      const body = { ...about, dryRun: args.dry_run, ...(args.why === undefined ? {} : { why: args.why }) };
      const asked = Proposal.parse(await use.backend.post("/api/v2/remediations", body));
      if (args.dry_run) return { data: asked, says: `A look ahead, nothing was changed: ${standing(asked)}` };
      if (!UNDECIDED.includes(asked.phase)) return { data: asked, says: standing(asked) };
      await phaseAfter(use, asked.incident, args.wait_seconds, (phase) => !UNDECIDED.includes(phase));
      const settled = await proposalNow(use, asked.incident);
      return { data: settled, says: standing(settled) };
    },
  }),
  tool({
    name: "get-remediation",
    description: "Remediations, newest first: plan, outcome, verification, whether it can be undone. With incident_id and attempt one whole",
    hints: READS,
    input: z
      .strictObject({
        incident_id: incidentId.optional(),
        attempt: z.int().min(1).max(1_000_000).optional(),
        namespace: namespace.optional(),
        outcome: z.enum(["running", "helped", "did-not-help", "failed", "unknown", "undone", "undo-failed"]).optional(),
        limit: limitUpTo(200, 20),
        cursor: cursor.optional(),
      })
      .refine(({ incident_id, attempt }) => attempt === undefined || incident_id !== undefined, { path: ["attempt"], message: "needs incident_id" }),
    output: z.looseObject({ remediations: rows, next_cursor: z.string().optional() }),
    run: async ({ incident_id: incident, attempt, ...query }, { backend }) => {
      if (incident !== undefined && attempt !== undefined) {
        const one = Row.parse(await backend.get(`/api/v2/remediations/${segment(incident)}/${attempt}`));
        return { data: { remediations: [one] }, says: `Attempt ${attempt} of ${incident}.` };
      }
      const page = Page.parse(await backend.get("/api/v2/remediations", { ...query, incident }));
      return { data: { remediations: page.items, ...nextOf(page) }, says: `${counted(page.items.length, "remediation")}.` };
    },
  }),
];

function standing({ incident, phase, planHash, approval }: z.infer<typeof Proposal>): string {
  if (planHash === undefined) return `${incident} is ${phase}; there is no plan.`;
  const plan = `${incident} is ${phase}; plan ${planHash.slice(0, 12)}.`;
  return phase === "awaiting" && approval.needed ? `${plan} A person decides: ${approveCommand(incident, planHash)}` : plan;
}

export function approveCommand(incident: string, planHash: string): string {
  return `kintsugi approve ${incident} --plan ${planHash.slice(0, 12)}`;
}

/** As a proposal that a person can decide about. Throws Refusal where there is none. */
export function awaited(proposal: z.infer<typeof Proposal>): { readonly planHash: string; readonly expiresAt: number | undefined } {
  const { incident, phase, planHash, approval } = proposal;
  if (phase === "awaiting" && planHash !== undefined) return { planHash, expiresAt: approval.expiresAt };
  throw new Refusal(
    409,
    `${incident} is ${phase}: nothing waits for a decision there. propose-remediation has a remedy proposed, explain-incident says what stands in the way`,
  );
}
