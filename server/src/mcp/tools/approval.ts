/**
 * Approving. An assistant never does: it is told where a person decides. Only where policy says so (`approveByElicitation`, off by default) and
 * the client can put a question to its owner is the question put, with the plan and what it changes; the answer counts for exactly that plan.
 */
import { randomUUID } from "node:crypto";
import { acceptedContent, type InputRequiredResult, inputRequired, inputResponse } from "@modelcontextprotocol/server";
import { z } from "zod";
import { cleanText } from "../../untrusted.ts";
import { Refusal, segment } from "../backend.ts";
import type { Sealed } from "../seals.ts";
import { type Answer, CHANGES, type Tool, tool, type Use } from "../tool.ts";
import { incidentId, iso } from "./arguments.ts";
import { approveCommand, awaited, type Proposal, proposalNow } from "./remediations.ts";

const QUESTION = "approval";
/** What a person types: enough of the hash that nobody types it without having looked. */
const TYPED = 8;
const Typed = z.object({ confirm: z.string().max(100) });
const Policy = z.looseObject({ spec: z.looseObject({ approveByElicitation: z.boolean().default(false) }) });
const MAX_SHOWN = 1_500;

const Output = z.looseObject({ approved: z.boolean(), incident_id: z.string(), plan_hash: z.string(), expires_at: z.string().nullable(), how: z.string() });

export const APPROVAL: readonly Tool[] = [
  tool({
    name: "approve-remediation",
    description:
      "Says where a person decides about a proposal, by which plan hash and until when. Puts the question to them only where policy allows that; it never approves by itself",
    hints: { ...CHANGES, idempotentHint: true },
    input: z.strictObject({
      incident_id: incidentId,
      plan_hash: z
        .string()
        .regex(/^[0-9a-f]{12,64}$/, "is not a plan's hash, or 12 digits of it")
        .optional(),
    }),
    output: Output,
    run: async (args, use) => {
      const answered = inputResponse(use.context.mcpReq.inputResponses, QUESTION);
      if (answered.kind !== "missing") return decided(args.incident_id, answered, use);
      const proposal = await proposalNow(use, args.incident_id);
      const { planHash, expiresAt } = awaited(proposal);
      if (args.plan_hash !== undefined && !planHash.startsWith(args.plan_hash))
        throw new Refusal(409, `the plan of ${args.incident_id} is now ${planHash.slice(0, 12)}: look at it again with propose-remediation and dry_run`);
      if (use.canElicit && (await mayElicit(use))) return question(proposal, planHash, use);
      const how = approveCommand(args.incident_id, planHash);
      const data = { approved: false, incident_id: args.incident_id, plan_hash: planHash, expires_at: iso(expiresAt), how };
      return { data, says: `Not approved: a person decides, with their own credential: ${how}` };
    },
  }),
];

/** Whoever may not read the policy is not known to be allowed. */
async function mayElicit({ backend }: Use): Promise<boolean> {
  try {
    return Policy.parse(await backend.get("/api/v2/policy")).spec.approveByElicitation;
  } catch (error) {
    if (error instanceof Refusal && error.status === 403) return false;
    throw error;
  }
}

async function question(proposal: z.infer<typeof Proposal>, planHash: string, use: Use): Promise<InputRequiredResult> {
  const typed = planHash.slice(0, TYPED);
  const message = [
    `An assistant asks you to approve a change of the cluster, for ${proposal.incident}.`,
    `What it changes (text from the cluster, shown as it is):`,
    cleanText(changeText(proposal), MAX_SHOWN),
    `Plan ${planHash}. Look first if you are not sure: kintsugi explain ${proposal.incident}`,
  ].join("\n");
  const description = `Type ${typed}, the first ${TYPED} digits of the plan's hash, to approve exactly this plan. Anything else approves nothing`;
  return inputRequired({
    inputRequests: {
      [QUESTION]: inputRequired.elicit({
        message,
        requestedSchema: { type: "object", properties: { confirm: { type: "string", title: "Approve", description, maxLength: 100 } }, required: ["confirm"] },
      }),
    },
    requestState: await use.seals.mint({ question: randomUUID(), incident: proposal.incident, planHash }, use.context),
  });
}

function changeText({ plan, diff }: z.infer<typeof Proposal>): string {
  const { summary, risk } = (plan ?? {}) as { readonly summary?: unknown; readonly risk?: unknown };
  const lines = diff.map(({ path, before, after }) => `${path}: ${JSON.stringify(before ?? null)} -> ${JSON.stringify(after ?? null)}`);
  return [`${summary} (risk ${risk})`, ...lines].join("\n");
}

async function decided(incident: string, answer: ReturnType<typeof inputResponse>, use: Use): Promise<Answer> {
  const sealed = use.context.mcpReq.requestState<Sealed>();
  if (sealed === undefined || sealed.incident !== incident)
    throw new Refusal(409, "this answers no question that was asked about this incident: call again without it");
  if (!use.seals.spend(sealed.question)) throw new Refusal(409, "this question was answered already, and an answer counts once: call again without it");
  const { planHash } = sealed;
  const how = approveCommand(incident, planHash);
  const data = { approved: false, incident_id: incident, plan_hash: planHash, expires_at: null, how };
  if (answer.kind !== "elicit" || answer.action !== "accept") return { data, says: "Not approved: the person did not say yes. Do not ask again by yourself." };
  const typed = acceptedContent(use.context.mcpReq.inputResponses, QUESTION, Typed)?.confirm.trim().toLowerCase();
  if (typed !== planHash.slice(0, TYPED)) return { data, says: "Not approved: what was typed is not the plan's hash. Do not ask again by yourself." };
  await use.backend.post(`/api/v2/incidents/${segment(incident)}/approve`, { planHash, elicited: true });
  return { data: { ...data, approved: true }, says: `A person approved plan ${planHash.slice(0, 12)} of ${incident}.` };
}
