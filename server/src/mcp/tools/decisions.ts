/** What an assistant may decide: no to a proposal, back to how it was, and nothing new for now. More than that a person does. */
import { z } from "zod";
import { segment } from "../backend.ts";
import { CHANGES, NARROWS, type Tool, tool, type Use } from "../tool.ts";
import { incidentId, why } from "./arguments.ts";
import { isStill, phaseAfter } from "./remediations.ts";

const Done = z.looseObject({ text: z.string() });

async function told(use: Use, path: string, reason: string): Promise<z.infer<typeof Done>> {
  return Done.parse(await use.backend.post(path, { why: reason }));
}

export const DECISIONS: readonly Tool[] = [
  tool({
    name: "deny-remediation",
    description: "Deny what is proposed for an incident; nothing is done to it for the veto time",
    hints: NARROWS,
    input: z.strictObject({ incident_id: incidentId, why }),
    output: Done,
    run: async (args, use) => ({
      data: await told(use, `/api/v2/incidents/${segment(args.incident_id)}/deny`, args.why),
      says: `The proposal for ${args.incident_id} is denied.`,
    }),
  }),
  tool({
    name: "undo-remediation",
    description: "Take back what was done for an incident, while that is possible",
    hints: CHANGES,
    input: z.strictObject({ incident_id: incidentId, why, wait_seconds: z.int().min(0).max(50).default(0) }),
    output: Done,
    run: async (args, use) => {
      const done = await told(use, `/api/v2/incidents/${segment(args.incident_id)}/undo`, args.why);
      if (args.wait_seconds === 0) return { data: done, says: `Asked to take back what was done for ${args.incident_id}; get-incident shows how it goes.` };
      const phase = await phaseAfter(use, args.incident_id, args.wait_seconds, isStill);
      return { data: { ...done, phase }, says: `${args.incident_id} is ${phase}.` };
    },
  }),
  tool({
    name: "pause",
    description: "Begin no new remediation anywhere until a person resumes",
    hints: NARROWS,
    input: z.strictObject({ why }),
    output: Done,
    run: async (args, use) => ({
      data: await told(use, "/api/v2/pause", args.why),
      says: "Paused: nothing new is begun. Only a person can resume: kintsugi resume --why TEXT",
    }),
  }),
];
