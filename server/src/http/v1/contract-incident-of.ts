/** One incident of the contract, the engine's or a ticket, by the id that a path names. */
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { ContractIncident, fromIncident, fromTicket, reportsByIncident } from "../../answers/contract-incident.ts";
import { aliveIn } from "../../answers/named-objects.ts";
import type { ApiContext } from "../context.ts";
import { incidentsOf } from "../incident-of.ts";
import { contractIncidentId } from "./incident-schemas.ts";
import { ticketsOf } from "./ticket-of.ts";

export const Params = z.object({ id: contractIncidentId });
export const Done = z.object({ status: z.literal("success"), incident_id: z.string(), incident: ContractIncident, message: z.string() });

export function contractIncidentsOf(context: ApiContext) {
  const { engine } = context;
  const incidents = incidentsOf(context);
  const tickets = ticketsOf(context);
  /** Throws HttpProblem 404 where there is none. */
  const viewOf = async (id: string): Promise<ContractIncident> => {
    const alive = aliveIn(engine.incidents());
    if (isTicket(id)) return fromTicket(await tickets.find(id), alive);
    return fromIncident(await incidents.find(id), reportsByIncident(engine.tickets(), alive).get(id) ?? []);
  };
  const done = async (id: string, message: string) => ({ status: "success" as const, incident_id: id, incident: await viewOf(id), message });
  /** The right in the namespace of what the path names; in the whole cluster where there is none. */
  const rightTo = async (verb: "get" | "update", id: string) => {
    if (isTicket(id)) return { resource: "tickets", verb, namespace: (await tickets.known(id))?.namespace ?? "", untold: true } as const;
    return { resource: "incidents", verb, namespace: (await incidents.known(id))?.subject.namespace ?? "", untold: true } as const;
  };
  const about = (verb: "get" | "update") => ({ right: (request: FastifyRequest) => rightTo(verb, (request.params as z.infer<typeof Params>).id) });
  return { viewOf, done, about, rightTo, findIncident: incidents.find, findTicket: tickets.find };
}

export function isTicket(id: string): boolean {
  return id.startsWith("tic-");
}
