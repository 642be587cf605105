/** Incidents: one whole, and one explained. */
import { z } from "zod";
import { segment } from "../backend.ts";
import { READS, type Tool, tool } from "../tool.ts";
import { fields, incidentId, picked } from "./arguments.ts";

const AnyObject = z.looseObject({});
const Detail = z.object({
  incident: z.looseObject({ id: z.string(), phase: z.string(), severity: z.string() }),
  timeline: z.array(z.looseObject({ seq: z.number(), at: z.number(), actor: AnyObject, body: z.looseObject({ type: z.string() }) })),
});
const Explained = z.object({
  incident: z.looseObject({ id: z.string(), phase: z.string() }),
  sections: z.array(z.object({ title: z.string(), lines: z.array(z.string()) })),
});

export const INCIDENTS: readonly Tool[] = [
  tool({
    name: "get-incident",
    description: "One incident as the engine holds it, and the newest records about it",
    hints: READS,
    input: z.strictObject({ incident_id: incidentId, fields: fields.optional(), timeline: z.int().min(0).max(100).default(10) }),
    output: z.object({ incident: AnyObject, timeline: z.array(AnyObject) }),
    run: async (args, { backend }) => {
      const { incident, timeline } = Detail.parse(await backend.get(`/api/v2/incidents/${segment(args.incident_id)}`));
      const newest = args.timeline === 0 ? [] : timeline.slice(-args.timeline);
      return {
        data: { incident: picked(incident, args.fields), timeline: newest.map(recordLine) },
        says: `${incident.id} is ${incident.phase}, severity ${incident.severity}; ${timeline.length} records about it.`,
      };
    },
  }),
  tool({
    name: "explain-incident",
    description: "Why an incident is what it is: ranked causes with evidence for and against, what changed before, the plan, what the gates say",
    hints: READS,
    input: z.strictObject({ incident_id: incidentId }),
    output: z.object({ incident_id: z.string(), phase: z.string(), sections: z.array(z.object({ title: z.string(), lines: z.array(z.string()) })) }),
    run: async (args, { backend }) => {
      const { incident, sections } = Explained.parse(await backend.get(`/api/v2/incidents/${segment(args.incident_id)}/explain`));
      return { data: { incident_id: incident.id, phase: incident.phase, sections }, says: `${incident.id} is ${incident.phase}.` };
    },
  }),
];

/** What a record says, without what it was made from. */
function recordLine({ seq, at, actor, body }: z.infer<typeof Detail>["timeline"][number]): object {
  const { from, reason, incident, ...rest } = body as { readonly from?: string; readonly reason?: string; readonly incident?: unknown; readonly type: string };
  if (body.type !== "incident") return { seq, at: new Date(at).toISOString(), actor, ...rest };
  return { seq, at: new Date(at).toISOString(), actor, type: "incident", from, to: (incident as { readonly phase?: string }).phase, reason };
}
