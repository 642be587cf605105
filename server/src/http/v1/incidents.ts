/** Routes 5 and 6, and what the contract lacked: one incident, update, close, correlate. The engine's incidents and tickets stand side by side. */
import type { Incident, Severity, Ticket } from "@kintsugi/core";
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import {
  ContractIncident,
  type ContractStatus,
  contractStatus,
  fromIncident,
  fromTicket,
  hasStatus,
  reportsByIncident,
  ticketStatus,
} from "../../answers/contract-incident.ts";
import { aliveIn, incidentsFor, namespaceOfReport, resourceNamed } from "../../answers/named-objects.ts";
import { type ApiContext, type App, command } from "../context.ts";
import { callerOf, demand } from "../guard.ts";
import { incidentsOf } from "../incident-of.ts";
import { FILTERED, visibleNamespaces, within } from "../rights.ts";
import { EXAMPLES } from "./examples.ts";
import { contractIncidentId, Filter, IncidentChange, NewIncident } from "./incident-schemas.ts";
import { text } from "./names.ts";
import { ContractRefusal } from "./refusal.ts";
import { ticketsOf } from "./ticket-of.ts";

const TAGS = ["v1: incidents"];
const Params = z.object({ id: contractIncidentId });
const Done = z.object({ status: z.literal("success"), incident_id: z.string(), incident: ContractIncident, message: z.string() });
const Created = Done.extend({ created_at: z.string() });

export function incidentRoutes(app: App, context: ApiContext): void {
  const { engine, access } = context;
  const { find: findIncident, known: knownIncident } = incidentsOf(context);
  const { find: findTicket, known: knownTicket } = ticketsOf(context);

  const viewOf = async (id: string): Promise<ContractIncident> => {
    const alive = aliveIn(engine.incidents());
    if (id.startsWith("tic-")) return fromTicket(await findTicket(id), alive);
    return fromIncident(await findIncident(id), reportsByIncident(engine.tickets(), alive).get(id) ?? []);
  };
  const done = async (id: string, message: string) => ({ status: "success" as const, incident_id: id, incident: await viewOf(id), message });
  /** The right in the namespace of what the path names; in the whole cluster where there is none. */
  const about = (verb: "get" | "update") => ({
    right: async (request: FastifyRequest) => {
      const { id } = request.params as z.infer<typeof Params>;
      if (id.startsWith("tic-")) return { resource: "tickets", verb, namespace: (await knownTicket(id))?.namespace ?? "" } as const;
      return { resource: "incidents", verb, namespace: (await knownIncident(id))?.subject.namespace ?? "" } as const;
    },
  });

  const List = z.object({ incidents: z.array(ContractIncident), total: z.int().describe("all that match, whatever limit and offset say") });
  app.get(
    "/incidents",
    {
      schema: {
        summary: "Incidents of the engine and what was reported, newest first",
        tags: TAGS,
        querystring: Filter,
        response: { 200: List },
        example: EXAMPLES.incidents,
      },
      config: FILTERED,
    },
    async (request) => {
      const { query } = request;
      const found = (await visible(context, request)).filter(
        ({ namespace, severity, status }) =>
          (query.namespace === undefined || query.namespace === "" || namespace === query.namespace) &&
          (query.severity === undefined || query.severity === "all" || severity === query.severity) &&
          hasStatus(status, query.status),
      );
      const page = found.toSorted((a, b) => b.openedAt - a.openedAt || (a.id < b.id ? 1 : -1)).slice(query.offset, query.offset + query.limit);
      return { incidents: page.map(({ whole }) => whole()), total: found.length };
    },
  );

  app.post(
    "/incidents",
    {
      schema: {
        summary: "Report an incident: a ticket",
        description: "Where its target or affected resources have an incident of the engine, it is correlated with that one at once.",
        ...{ tags: TAGS, body: NewIncident, response: { 201: Created }, example: EXAMPLES.report },
      },
      config: within("tickets", "create", ({ body }) => reportedNamespace(body as NewIncident)),
    },
    async (request, reply) => {
      const { body } = request;
      const namespace = reportedNamespace(body);
      const resources = [...new Set([body.target, ...body.affected_resources])].map((one) => resourceNamed(one, namespace, engine));
      const report = {
        ...{ purpose: "report" as const, title: body.title, description: body.description, severity: body.severity, target: body.target, labels: body.labels },
        namespace: namespace === "" ? (onlyOne(resources.map((one) => one.subject?.namespace ?? "")) ?? "") : namespace,
        affected: body.affected_resources,
        resources,
        ...(body.external_id === undefined ? {} : { externalId: body.external_id }),
        ...(body.correlation_id === undefined ? {} : { correlationId: body.correlation_id }),
        ...(body.confidence === undefined ? {} : { confidence: body.confidence }),
        incidents: incidentsFor(resources, aliveIn(engine.incidents())),
      };
      const { id = "", text: said } = await command(engine, { type: "ticket-open", report }, callerOf(request));
      const answer = await done(
        id,
        report.incidents.length === 0 ? `${said}; the engine has no incident about it now` : `${said}, about ${report.incidents.join(", ")}`,
      );
      return reply.code(201).send({ ...answer, created_at: answer.incident.created_at });
    },
  );

  app.get(
    "/incidents/:id",
    {
      schema: { summary: "One incident or ticket", tags: TAGS, params: Params, response: { 200: ContractIncident }, example: EXAMPLES.incident },
      config: about("get"),
    },
    ({ params }) => viewOf(params.id),
  );

  app.patch(
    "/incidents/:id",
    {
      schema: {
        summary: "Change a ticket",
        description: "What the engine sees is measured, not edited: 409.",
        tags: TAGS,
        params: Params,
        body: IncidentChange,
        response: { 200: Done },
        example: EXAMPLES.change,
      },
      config: about("update"),
    },
    async (request) => {
      const { id } = request.params;
      if (!id.startsWith("tic-")) throw measured(await findIncident(id), "is not edited");
      const ticket = await findTicket(id);
      const { said } = await change(context, request, ticket);
      return done(id, said);
    },
  );

  const Closing = z.strictObject({ why: text(500).default("closed through the API") });
  app.post(
    "/incidents/:id/close",
    {
      schema: {
        summary: "End an incident or ticket by hand",
        tags: TAGS,
        params: Params,
        body: Closing.optional(),
        response: { 200: Done },
        example: EXAMPLES.close,
      },
      config: about("update"),
    },
    async (request) => {
      const { id } = request.params;
      const why = request.body?.why ?? Closing.parse({}).why;
      if (id.startsWith("tic-")) await findTicket(id);
      else await findIncident(id);
      const { text: said } = await command(
        engine,
        id.startsWith("tic-") ? { type: "ticket-close", ticket: id, why } : { type: "close", incident: id, why },
        callerOf(request),
      );
      return done(id, said);
    },
  );

  const Correlation = z.strictObject({
    incident_id: z
      .string()
      .regex(/^inc-\d{1,12}$/, "is not an incident of the engine: write for example inc-17")
      .optional(),
  });
  app.post(
    "/incidents/:id/correlate",
    {
      schema: {
        summary: "Say which incident of the engine a ticket is about",
        description: "Without `incident_id` its target and affected resources are looked for again.",
        ...{ tags: TAGS, params: Params, body: Correlation.optional(), response: { 200: Done }, example: EXAMPLES.correlate },
      },
      config: about("update"),
    },
    async (request) => {
      const { id } = request.params;
      if (!id.startsWith("tic-")) throw measured(await findIncident(id), "is correlated by the engine itself");
      const ticket = await findTicket(id);
      const wanted = request.body?.incident_id;
      if (wanted !== undefined) {
        const { subject } = await findIncident(wanted);
        await demand(access, callerOf(request), { resource: "incidents", verb: "get", namespace: subject.namespace });
      }
      const resources = [...new Set([ticket.target, ...ticket.affected])].map((one) => resourceNamed(one, ticket.namespace, engine));
      const incidents = wanted === undefined ? incidentsFor(resources, aliveIn(engine.incidents())) : [...new Set([...ticket.incidents, wanted])];
      await command(engine, { type: "ticket-change", ticket: id, change: { resources, incidents } }, callerOf(request));
      return done(id, incidents.length === 0 ? `nothing that ${id} names has an incident of the engine now` : `${id} is about ${incidents.join(", ")}`);
    },
  );
}

/** What is listed, as much of it as filters and order need. */
interface Listed {
  readonly id: string;
  readonly namespace: string;
  readonly severity: Severity;
  readonly status: ContractStatus;
  readonly openedAt: number;
  readonly whole: () => ContractIncident;
}

/** What the caller may see, in no particular order. */
async function visible({ engine, access }: ApiContext, request: FastifyRequest): Promise<readonly Listed[]> {
  const caller = callerOf(request);
  const [incidents, tickets] = [engine.incidents(), engine.tickets().filter(({ purpose }) => purpose === "report")];
  const inNamespaces = await visibleNamespaces(access, caller, { resource: "incidents", verb: "list" }, namespacesOf(incidents.map(({ subject }) => subject)));
  const ticketsIn = await visibleNamespaces(access, caller, { resource: "tickets", verb: "list" }, namespacesOf(tickets));
  const mine = incidents.filter(({ subject }) => inNamespaces.has(subject.namespace));
  const myTickets = tickets.filter(({ namespace }) => ticketsIn.has(namespace));
  const alive = aliveIn(mine);
  const reports = reportsByIncident(myTickets, alive);
  return [
    ...mine.map((one) => ({
      ...{ id: one.id, namespace: one.subject.namespace, severity: one.severity, status: contractStatus(one), openedAt: one.openedAt },
      whole: () => fromIncident(one, reports.get(one.id) ?? []),
    })),
    ...myTickets.map((one) => ({
      ...{ id: one.id, namespace: one.namespace, severity: one.severity, status: ticketStatus(one), openedAt: one.openedAt },
      whole: () => fromTicket(one, alive),
    })),
  ];
}

function namespacesOf(items: readonly { readonly namespace: string }[]): ReadonlySet<string> {
  return new Set(items.map(({ namespace }) => namespace));
}

function reportedNamespace({ target, affected_resources, namespace }: Pick<NewIncident, "target" | "affected_resources" | "namespace">): string {
  return namespaceOfReport([target, ...affected_resources], namespace);
}

function onlyOne(values: readonly string[]): string | undefined {
  return new Set(values).size === 1 ? values[0] : undefined;
}

async function change({ engine }: ApiContext, request: FastifyRequest, ticket: Ticket): Promise<{ readonly said: string }> {
  const { affected_resources, ...rest } = request.body as z.output<typeof IncidentChange>;
  const [target, affected] = [rest.target ?? ticket.target, affected_resources ?? ticket.affected];
  const texts = [...new Set([target, ...affected])];
  const isAboutOthers = ticket.namespace !== "" && namespaceOfReport(texts, ticket.namespace) !== ticket.namespace;
  if (isAboutOthers)
    throw new ContractRefusal(409, "CONFLICT", `${ticket.id} is about namespace ${ticket.namespace}: report what is elsewhere as a ticket of its own`);
  const renamed = rest.target !== undefined || affected_resources !== undefined;
  const resources = renamed ? texts.map((one) => resourceNamed(one, ticket.namespace, engine)) : undefined;
  const given = Object.fromEntries(Object.entries({ ...rest, affected: affected_resources, resources }).filter(([, value]) => value !== undefined));
  const incidents = resources === undefined ? {} : { incidents: incidentsFor(resources, aliveIn(engine.incidents())) };
  const { text: said } = await command(engine, { type: "ticket-change", ticket: ticket.id, change: { ...given, ...incidents } }, callerOf(request));
  return { said };
}

function measured({ id }: Incident, what: string): ContractRefusal {
  return new ContractRefusal(409, "CONFLICT", `${id} is what the engine sees, and ${what}; a ticket (tic-N) is. To end it: POST /api/v1/incidents/${id}/close`);
}
