/** Incidents: list, one with its timeline, and why. */
import { type Incident as IncidentValue, KINDS, parseDuration } from "@kintsugi/core";
import { z } from "zod";
import { explainIncident } from "../../answers/explain-incident.ts";
import { INCIDENT_FIELDS, incidentMatches, unknownFields, withFields } from "../../answers/incident-fields.ts";
import type { ApiContext, App } from "../context.ts";
import { cursorAt, positionOf } from "../cursor.ts";
import { EXAMPLE_INCIDENT, EXAMPLE_NOW, EXAMPLE_RECORD } from "../examples.ts";
import { aboutIncident, incidentsOf, IncidentParams as Params } from "../incident-of.ts";
import { FILTERED } from "../rights.ts";
import { durationMs, ExplainedIncident, Incident, IncidentDetail, IncidentPage, limit, objectName, oneOrMore, PHASES, SEVERITIES } from "../schemas.ts";
import { visible } from "../visibility.ts";

const Filter = z.strictObject({
  phase: oneOrMore(z.enum([...PHASES, "live"])).describe("several may be given; `live` means all that have not ended"),
  severity: oneOrMore(z.enum(SEVERITIES)),
  namespace: oneOrMore(z.string()),
  mode: oneOrMore(z.string()),
  kind: oneOrMore(z.enum(KINDS)).describe("of the subject"),
  name: objectName.optional().describe("of the subject"),
  since: durationMs.optional().describe("not opened longer ago than this"),
  q: z.string().min(1).max(200).optional().describe("text in its id, title, subject or mode"),
  fields: z
    .string()
    .max(1_000)
    .transform((text) => text.split(",").map((field) => field.trim()))
    .refine((fields) => unknownFields(fields).length === 0, `names a field that no incident has; there are ${INCIDENT_FIELDS.join(", ")}`)
    .optional()
    .describe("comma list of the top-level fields to answer with; the id always comes"),
  limit,
  cursor: z.string().max(64).optional(),
});
const SomeFields = z.looseObject({ id: z.string() }).meta({ id: "IncidentFields", description: "Only the fields that were asked for" });
const Page = IncidentPage.extend({ items: z.array(z.union([Incident, SomeFields])) });

/** A timeline longer than this shows its newest part. */
const MAX_TIMELINE = 500;

export function incidentRoutes(app: App, context: ApiContext): void {
  const { engine, ledger } = context;
  const { find } = incidentsOf(context);
  const about = aboutIncident(context);

  app.get(
    "/incidents",
    {
      schema: {
        summary: "Incidents, newest first",
        tags: ["incidents"],
        querystring: Filter,
        response: { 200: Page },
        example: { query: { phase: ["live"], namespace: ["shop"], limit: 20 }, answer: { items: [EXAMPLE_INCIDENT], now: EXAMPLE_NOW } },
      },
      config: FILTERED,
    },
    async (request) => {
      const { query } = request;
      const seen = await visible(context, request, { resource: "incidents", verb: "list" }, engine.incidents(), ({ subject }) => subject.namespace);
      const wanted = { ...query, openedFrom: query.since === undefined ? undefined : engine.status().now - (parseDuration(query.since) ?? 0) };
      const before = query.cursor === undefined ? Number.POSITIVE_INFINITY : positionOf(query.cursor);
      const found = seen.filter((incident) => incidentMatches(incident, wanted) && numberOf(incident) < before).toSorted((a, b) => numberOf(b) - numberOf(a));
      const shown = found.slice(0, query.limit);
      const last = shown.at(-1);
      const { fields } = query;
      const items = fields === undefined ? shown : shown.map((incident) => withFields(incident, fields));
      return { items, now: engine.status().now, ...(found.length > shown.length && last !== undefined ? { next: cursorAt(numberOf(last)) } : {}) };
    },
  );

  app.get(
    "/incidents/:id",
    {
      schema: {
        summary: "One incident and every record about it",
        tags: ["incidents"],
        params: Params,
        response: { 200: IncidentDetail },
        example: { answer: { incident: EXAMPLE_INCIDENT, timeline: [EXAMPLE_RECORD] } },
      },
      config: about("incidents", "get"),
    },
    async ({ params }) => {
      const incident = await find(params.id);
      const newest = await ledger.find({ incident: params.id, order: "newest-first", limit: MAX_TIMELINE });
      return { incident, timeline: newest.toReversed() };
    },
  );

  app.get(
    "/incidents/:id/explain",
    {
      schema: {
        summary: "One incident in sentences",
        tags: ["incidents"],
        params: Params,
        response: { 200: ExplainedIncident },
        example: { answer: { incident: EXAMPLE_INCIDENT, sections: [{ title: "What broke", lines: ["Deployment shop/cart has no ready pod"] }] } },
      },
      config: about("incidents", "get"),
    },
    async ({ params }) => {
      const incident = await find(params.id);
      const { incident: live, follows } = engine.explain(incident.subject);
      const sections = explainIncident(incident, live?.id === incident.id ? follows : []);
      return { incident, sections: sections.map(({ title, lines }) => ({ title, lines: [...lines] })) };
    },
  );
}

function numberOf({ id }: IncidentValue): number {
  return Number(id.slice("inc-".length));
}
