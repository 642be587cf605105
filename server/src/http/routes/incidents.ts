/** Incidents: list, one with its timeline, why, and what a person can do about it. */
import type { Incident as IncidentValue } from "@kintsugi/core";
import { z } from "zod";
import type { ApiResource, VerbOf } from "../../access/right.ts";
import { type ApiContext, type App, command } from "../context.ts";
import { cursorAt, positionOf } from "../cursor.ts";
import { explainIncident } from "../explain-incident.ts";
import { callerOf } from "../guard.ts";
import { HttpProblem } from "../problem.ts";
import { FILTERED, visibleNamespaces, within } from "../rights.ts";
import { ExplainedIncident, IncidentDetail, IncidentPage, incidentId, limit, oneOrMore, PHASES, Reply, SEVERITIES, Why } from "../schemas.ts";

const Filter = z.strictObject({
  phase: oneOrMore(z.enum([...PHASES, "live"])).describe("several may be given; `live` means all that have not ended"),
  severity: oneOrMore(z.enum(SEVERITIES)),
  namespace: oneOrMore(z.string()),
  mode: oneOrMore(z.string()),
  limit,
  cursor: z.string().max(64).optional(),
});
const Params = z.object({ id: incidentId });

/** A timeline longer than this shows its newest part. */
const MAX_TIMELINE = 500;

export function incidentRoutes(app: App, { engine, ledger, access }: ApiContext): void {
  /** From memory, or its last snapshot in the ledger. */
  async function known(id: string): Promise<IncidentValue | undefined> {
    const live = engine.incident(id);
    if (live !== undefined) return live;
    const [last] = await ledger.find({ incident: id, types: ["incident"], order: "newest-first", limit: 1 });
    return last?.body.type === "incident" ? last.body.incident : undefined;
  }
  async function find(id: string): Promise<IncidentValue> {
    const incident = await known(id);
    if (incident !== undefined) return incident;
    throw new HttpProblem(404, `there is no incident ${id}; list them with: kintsugi incidents, or GET /api/v2/incidents`);
  }

  /** A right in the namespace of the incident that the path names; in the whole cluster where there is no such incident, so that only who may see all learns that. */
  const about = <R extends ApiResource>(resource: R, verb: VerbOf<R>) =>
    within(resource, verb, async (request) => (await known((request.params as z.infer<typeof Params>).id))?.subject.namespace ?? "");

  app.get(
    "/incidents",
    { schema: { summary: "Incidents, newest first", tags: ["incidents"], querystring: Filter, response: { 200: IncidentPage } }, config: FILTERED },
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
      schema: { summary: "One incident and every record about it", tags: ["incidents"], params: Params, response: { 200: IncidentDetail } },
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
      schema: { summary: "One incident in sentences", tags: ["incidents"], params: Params, response: { 200: ExplainedIncident } },
      config: about("incidents", "get"),
    },
    async ({ params }) => {
      const incident = await find(params.id);
      const { incident: live, follows } = engine.explain(incident.subject);
      const sections = explainIncident(incident, live?.id === incident.id ? follows : []);
      return { incident, sections: sections.map(({ title, lines }) => ({ title, lines: [...lines] })) };
    },
  );

  const approval = z.strictObject({ planHash: z.string().regex(/^[0-9a-f]{64}$/, "is not a plan's hash: 64 hexadecimal digits, as the incident shows it") });
  app.post(
    "/incidents/:id/approve",
    {
      schema: { summary: "Approve exactly the plan with this hash", tags: ["incidents"], params: Params, body: approval, response: { 200: Reply } },
      config: about("remediations", "approve"),
    },
    (request) => command(engine, { type: "approve", incident: request.params.id, planHash: request.body.planHash }, callerOf(request)),
  );
  for (const [type, summary] of [
    ["deny", "Deny what is proposed; nothing is done to it for the veto time"],
    ["undo", "Take back what was done"],
    ["close", "End it by hand"],
  ] as const) {
    const config = type === "close" ? about("incidents", "update") : about("remediations", type);
    app.post(`/incidents/:id/${type}`, { schema: { summary, tags: ["incidents"], params: Params, body: Why, response: { 200: Reply } }, config }, (request) =>
      command(engine, { type, incident: request.params.id, why: request.body.why }, callerOf(request)),
    );
  }
  app.post(
    "/incidents/:id/propose",
    {
      schema: { summary: "Look at it again and propose anew", tags: ["incidents"], params: Params, response: { 200: Reply } },
      config: about("remediations", "create"),
    },
    (request) => command(engine, { type: "propose", incident: request.params.id }, callerOf(request)),
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
