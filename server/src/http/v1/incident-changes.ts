/** What the contract lacked: a ticket is changed and correlated, a ticket or an incident of the engine closed. */
import type { Incident, Ticket } from "@kintsugi/core";
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { aliveIn, incidentsFor, namespaceOfReport, resourceNamed } from "../../answers/named-objects.ts";
import { type ApiContext, type App, command } from "../context.ts";
import { callerOf, demand } from "../guard.ts";
import { contractIncidentsOf, Done, isTicket, Params } from "./contract-incident-of.ts";
import { EXAMPLES } from "./examples.ts";
import { IncidentChange } from "./incident-schemas.ts";
import { text } from "./names.ts";
import { ContractRefusal } from "./refusal.ts";

const TAGS = ["v1: incidents"];

export function incidentChangeRoutes(app: App, context: ApiContext): void {
  changeRoute(app, context);
  closeRoute(app, context);
  correlateRoute(app, context);
}

function changeRoute(app: App, context: ApiContext): void {
  const { about, done, findIncident, findTicket } = contractIncidentsOf(context);
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
      if (!isTicket(id)) throw measured(await findIncident(id), "is not edited");
      const ticket = await findTicket(id);
      const { said } = await change(context, request, ticket);
      return done(id, said);
    },
  );
}

const Closing = z.strictObject({ why: text(500).default("closed through the API") });

function closeRoute(app: App, context: ApiContext): void {
  const { about, done, findIncident, findTicket } = contractIncidentsOf(context);
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
      if (isTicket(id)) await findTicket(id);
      else await findIncident(id);
      const { text: said } = await command(
        context.engine,
        isTicket(id) ? { type: "ticket-close", ticket: id, why } : { type: "close", incident: id, why },
        callerOf(request),
      );
      return done(id, said);
    },
  );
}

function correlateRoute(app: App, context: ApiContext): void {
  const { engine, access } = context;
  const { about, done, findIncident, findTicket, rightTo } = contractIncidentsOf(context);
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
      if (!isTicket(id)) throw measured(await findIncident(id), "is correlated by the engine itself");
      const ticket = await findTicket(id);
      const wanted = request.body?.incident_id;
      if (wanted !== undefined) {
        await demand(access, callerOf(request), await rightTo("get", wanted));
        await findIncident(wanted);
      }
      const resources = [...new Set([ticket.target, ...ticket.affected])].map((one) => resourceNamed(one, ticket.namespace, engine));
      const incidents = wanted === undefined ? incidentsFor(resources, aliveIn(engine.incidents())) : [...new Set([...ticket.incidents, wanted])];
      await command(engine, { type: "ticket-change", ticket: id, change: { resources, incidents } }, callerOf(request));
      return done(id, incidents.length === 0 ? `nothing that ${id} names has an incident of the engine now` : `${id} is about ${incidents.join(", ")}`);
    },
  );
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
