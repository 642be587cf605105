/** Incidents: listed, reported, whole, explained, and what the ledger says of them. */
import { z } from "zod";
import { type Backend, segment } from "../backend.ts";
import { ADDS, READS, type Tool, tool } from "../tool.ts";
import { anyIncidentId, counted, cursor, fields, incidentId, iso, limitUpTo, missed, namespace, Page, picked, Row, rows, severity } from "./arguments.ts";
import { nextOf } from "./cluster.ts";

const Contract = z.object({ incidents: z.array(z.looseObject({ severity: z.string(), status: z.string() })), total: z.number() });
const LedgerRow = z.looseObject({ seq: z.number(), at: z.number(), actor: Row, body: z.looseObject({ type: z.string() }) });
const Detail = z.object({ incident: z.looseObject({ id: z.string(), phase: z.string(), severity: z.string() }), timeline: z.array(LedgerRow) });
const Diagnosis = z.looseObject({ incident: z.string(), phase: z.string(), candidates: rows, changes: rows, text: z.string() });
const Reported = z.looseObject({ incident_id: z.string(), status: z.string(), incident: z.looseObject({ correlated_incidents: z.array(z.string()) }) });
const ReportedIncident = z.looseObject({ id: z.string(), status: z.string(), severity: z.string() });
const Explained = z.object({ sections: z.array(z.object({ title: z.string(), lines: z.array(z.string()) })) });

export const INCIDENTS: readonly Tool[] = [
  tool({
    name: "list-incidents",
    description: "Incidents that the engine found and those that were reported",
    hints: READS,
    input: z.strictObject({
      status: z.enum(["all", "active", "completed", "failed"]).default("all"),
      severity: severity.optional(),
      namespace: namespace.optional(),
      limit: limitUpTo(200, 100),
      offset: z.int().min(0).max(100_000).default(0),
      fields: fields.optional(),
    }),
    output: z.looseObject({ incidents: rows, count: z.int(), total: z.int(), summary: Row, filters: Row, next_offset: z.int().optional() }),
    run: async ({ fields: names, ...filters }, { backend }) => {
      const { incidents, total } = Contract.parse(await backend.get("/api/v1/incidents", filters));
      const by = (field: "severity" | "status") =>
        Object.fromEntries([...Map.groupBy(incidents, (one) => one[field])].map(([value, of]) => [value, of.length]));
      const end = filters.offset + incidents.length;
      return {
        data: {
          ...{ incidents: incidents.map((one) => picked(one, names)), count: incidents.length, total, filters },
          summary: { by_severity: by("severity"), by_status: by("status") },
          ...(end < total ? { next_offset: end } : {}),
        },
        says: `${counted(incidents.length, "incident")} of ${total}.${missed(incidents, names)}`,
      };
    },
  }),
  tool({
    name: "create-incident",
    description: "Report trouble that the engine has not seen, about Kind/namespace/name. It is correlated with the engine's own incident where there is one",
    hints: ADDS,
    input: z.strictObject({
      title: z.string().min(1).max(200),
      description: z.string().min(1).max(2_000),
      severity,
      target: z.string().min(1).max(100).optional(),
      affected_resources: z.array(z.string().min(1).max(300)).max(50).optional(),
      correlation_id: z.string().max(200).optional(),
      external_id: z.string().max(200).optional(),
      labels: z.record(z.string().max(63), z.string().max(200)).optional(),
      confidence: z.number().min(0).max(1).optional(),
    }),
    output: z.looseObject({ incident_id: z.string(), status: z.string() }),
    run: async (args, { backend }) => {
      const made = Reported.parse(await backend.post("/api/v1/incidents", args));
      const about = made.incident.correlated_incidents;
      const found = about.length === 0 ? "the engine has no incident for what it names" : `it is about ${about.join(", ")}: go on with explain-incident`;
      return { data: made, says: `Reported as ${made.incident_id}; ${found}.` };
    },
  }),
  tool({
    name: "get-incident",
    description: "One incident as the engine holds it, and the newest records about it; a reported one (tic-4) as it was reported",
    hints: READS,
    input: z.strictObject({ incident_id: anyIncidentId, fields: fields.optional(), timeline: z.int().min(0).max(100).default(10) }),
    output: z.looseObject({ incident: Row, timeline: rows }),
    run: async (args, { backend }) => {
      if (args.incident_id.startsWith("tic-")) return reportedIncident(args, backend);
      const { incident, timeline } = Detail.parse(await backend.get(`/api/v2/incidents/${segment(args.incident_id)}`));
      const newest = args.timeline === 0 ? [] : timeline.slice(-args.timeline);
      return {
        data: { incident: picked(incident, args.fields), timeline: newest.map(recordLine) },
        says: `${incident.id} is ${incident.phase}, severity ${incident.severity}; ${counted(timeline.length, "record")} about it.${missed([incident], args.fields)}`,
      };
    },
  }),
  tool({
    name: "explain-incident",
    description: "Why: ranked causes with evidence for and against and measured confidence, what changed before, the plan, what stands in the way",
    hints: READS,
    input: z.strictObject({ incident_id: incidentId }),
    output: z.looseObject({ incident: z.string(), phase: z.string(), candidates: rows, changes: rows, sections: rows }),
    run: async (args, { backend }) => {
      const path = `/api/v2/incidents/${segment(args.incident_id)}`;
      const [diagnosis, { sections }] = [Diagnosis.parse(await backend.get(`${path}/diagnosis`)), Explained.parse(await backend.get(`${path}/explain`))];
      return {
        data: { ...diagnosis, sections },
        says: `${diagnosis.incident} is ${diagnosis.phase}; ${counted(diagnosis.candidates.length, "possible cause")}, best first.`,
      };
    },
  }),
  tool({
    name: "get-audit",
    description: "Records of the ledger, oldest first: who did or decided what, and why",
    hints: READS,
    input: z.strictObject({
      incident_id: incidentId.optional(),
      type: z
        .string()
        .regex(/^[a-z-]{1,30}$/)
        .optional(),
      since: z
        .string()
        .regex(/^\d{1,6}(s|m|h|d)$/, "is not a duration: write for example 30m, 2h or 7d")
        .optional(),
      limit: limitUpTo(200, 50),
      cursor: cursor.optional(),
    }),
    output: z.looseObject({ records: rows, next_cursor: z.string().optional() }),
    run: async ({ incident_id: incident, ...query }, { backend }) => {
      const page = Page.extend({ items: z.array(LedgerRow) }).parse(await backend.get("/api/v2/records", { ...query, incident }));
      return { data: { records: page.items.map(recordLine), ...nextOf(page) }, says: `${counted(page.items.length, "record")}.` };
    },
  }),
];

/** What a record says, without what it was made from. */
function recordLine({ seq, at, actor, body }: z.infer<typeof LedgerRow>): object {
  if (body.type !== "incident") return { seq, at: iso(at), actor, ...body };
  const { from, reason, incident } = body as { readonly from?: string; readonly reason?: string; readonly incident?: unknown };
  const { id, phase } = incident as { readonly id?: string; readonly phase?: string };
  return { seq, at: iso(at), actor, type: "incident", incident: id, from, to: phase, reason };
}

/** A ticket has no records of the engine: what is done about it is told of the engine's incident that it is about. */
async function reportedIncident(
  { incident_id, fields: names }: { readonly incident_id: string; readonly fields?: readonly string[] | undefined },
  backend: Backend,
) {
  const incident = ReportedIncident.parse(await backend.get(`/api/v1/incidents/${segment(incident_id)}`));
  return {
    data: { incident: picked(incident, names), timeline: [] },
    says: `${incident.id} was reported, and is ${incident.status}, severity ${incident.severity}. What the engine makes of it is with the incidents that it is about (correlated_incidents).${missed([incident], names)}`,
  };
}
