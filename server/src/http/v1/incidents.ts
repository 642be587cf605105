/** Routes 5 and 6, and one incident: the engine's incidents and what was reported stand side by side. */
import type { Severity } from "@kintsugi/core";
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
import { callerOf } from "../guard.ts";
import { FILTERED, within } from "../rights.ts";
import { visible } from "../visibility.ts";
import { contractIncidentsOf, Done, Params } from "./contract-incident-of.ts";
import { EXAMPLES } from "./examples.ts";
import { Filter, NewIncident } from "./incident-schemas.ts";

const TAGS = ["v1: incidents"];
const Created = Done.extend({ created_at: z.string() });

export function incidentRoutes(app: App, context: ApiContext): void {
  const { about, viewOf } = contractIncidentsOf(context);
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
      const found = (await listed(context, request)).filter(
        ({ namespace, severity, status }) =>
          (query.namespace === undefined || query.namespace === "" || namespace === query.namespace) &&
          (query.severity === undefined || query.severity === "all" || severity === query.severity) &&
          hasStatus(status, query.status),
      );
      const page = found.toSorted((a, b) => b.openedAt - a.openedAt || (a.id < b.id ? 1 : -1)).slice(query.offset, query.offset + query.limit);
      return { incidents: page.map(({ whole }) => whole()), total: found.length };
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
}

export function reportRoute(app: App, context: ApiContext): void {
  const { engine } = context;
  const { done } = contractIncidentsOf(context);
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
async function listed(context: ApiContext, request: FastifyRequest): Promise<readonly Listed[]> {
  const { engine } = context;
  const mine = await visible(context, request, { resource: "incidents", verb: "list" }, engine.incidents(), ({ subject }) => subject.namespace);
  const reported = engine.tickets().filter(({ purpose }) => purpose === "report");
  const myTickets = await visible(context, request, { resource: "tickets", verb: "list" }, reported, ({ namespace }) => namespace);
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

function reportedNamespace({ target, affected_resources, namespace }: Pick<NewIncident, "target" | "affected_resources" | "namespace">): string {
  return namespaceOfReport([target, ...affected_resources], namespace);
}

function onlyOne(values: readonly string[]): string | undefined {
  return new Set(values).size === 1 ? values[0] : undefined;
}
