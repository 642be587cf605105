/** Incidents: list, one with its timeline, and why. */
import type { Incident as IncidentValue } from "@kintsugi/core";
import { z } from "zod";
import type { ApiContext, App } from "../context.ts";
import { cursorAt, positionOf } from "../cursor.ts";
import { EXAMPLE_INCIDENT, EXAMPLE_NOW, EXAMPLE_RECORD } from "../examples.ts";
import { explainIncident } from "../explain-incident.ts";
import { callerOf } from "../guard.ts";
import { aboutIncident, incidentsOf, IncidentParams as Params } from "../incident-of.ts";
import { FILTERED, visibleNamespaces } from "../rights.ts";
import { ExplainedIncident, IncidentDetail, IncidentPage, limit, oneOrMore, PHASES, SEVERITIES } from "../schemas.ts";

const Filter = z.strictObject({
  phase: oneOrMore(z.enum([...PHASES, "live"])).describe("several may be given; `live` means all that have not ended"),
  severity: oneOrMore(z.enum(SEVERITIES)),
  namespace: oneOrMore(z.string()),
  mode: oneOrMore(z.string()),
  limit,
  cursor: z.string().max(64).optional(),
});
/** A timeline longer than this shows its newest part. */
const MAX_TIMELINE = 500;

export function incidentRoutes(app: App, context: ApiContext): void {
  const { engine, ledger, access } = context;
  const { find } = incidentsOf(context);
  const about = aboutIncident(context);

  app.get(
    "/incidents",
    {
      schema: {
        summary: "Incidents, newest first",
        tags: ["incidents"],
        querystring: Filter,
        response: { 200: IncidentPage },
        example: { query: { phase: ["live"], namespace: ["shop"], limit: 20 }, answer: { items: [EXAMPLE_INCIDENT], now: EXAMPLE_NOW } },
      },
      config: FILTERED,
    },
    async (request) => {
      const { query } = request;
      const all = engine.incidents();
      const mayList = await visibleNamespaces(access, callerOf(request), { resource: "incidents", verb: "list" }, namespacesOf(all));
      const before = query.cursor === undefined ? Number.POSITIVE_INFINITY : positionOf(query.cursor);
      const found = all
        .filter((incident) => mayList.has(incident.subject.namespace) && matches(incident, query) && numberOf(incident) < before)
        .toSorted((a, b) => numberOf(b) - numberOf(a));
      const items = found.slice(0, query.limit);
      const last = items.at(-1);
      return { items, now: engine.status().now, ...(found.length > items.length && last !== undefined ? { next: cursorAt(numberOf(last)) } : {}) };
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

function matches(incident: IncidentValue, query: z.infer<typeof Filter>): boolean {
  const { phase, severity, namespace, mode } = query;
  if (phase !== undefined && !phase.includes(incident.phase) && !(phase.includes("live") && incident.phase !== "resolved")) return false;
  if (severity !== undefined && !severity.includes(incident.severity)) return false;
  if (namespace !== undefined && !namespace.includes(incident.subject.namespace)) return false;
  return mode === undefined || (incident.mode !== undefined && mode.includes(incident.mode));
}

/** The namespaces that incidents are in. */
export function namespacesOf(incidents: readonly IncidentValue[]): ReadonlySet<string> {
  return new Set(incidents.map(({ subject }) => subject.namespace));
}

function numberOf({ id }: IncidentValue): number {
  return Number(id.slice("inc-".length));
}
