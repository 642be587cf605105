/** The incident that a path names. */
import type { Incident } from "@kintsugi/core";
import { z } from "zod";
import type { ApiResource, VerbOf } from "../access/right.ts";
import type { ApiContext } from "./context.ts";
import { HttpProblem } from "./problem.ts";
import { type RightOf, where } from "./rights.ts";
import { incidentId } from "./schemas.ts";

export const IncidentParams = z.object({ id: incidentId });

/** From memory, or its last snapshot in the ledger. `find` throws HttpProblem 404 where there is none. */
export function incidentsOf({ engine, ledger }: Pick<ApiContext, "engine" | "ledger">) {
  const known = async (id: string): Promise<Incident | undefined> => {
    const live = engine.incident(id);
    if (live !== undefined) return live;
    const [last] = await ledger.find({ incident: id, types: ["incident"], order: "newest-first", limit: 1 });
    return last?.body.type === "incident" ? last.body.incident : undefined;
  };
  const find = async (id: string): Promise<Incident> => {
    const incident = await known(id);
    if (incident !== undefined) return incident;
    throw new HttpProblem(404, `there is no incident ${id}; list them with: kintsugi incidents, or GET /api/v2/incidents`);
  };
  return { known, find };
}

/** Rights in the namespace of the incident that the path names as `id`; in the whole cluster where there is none, so that only who may see all learns that. */
export function aboutIncident(context: ApiContext): <R extends ApiResource>(resource: R, verb: VerbOf<R>) => { readonly right: RightOf } {
  const { known } = incidentsOf(context);
  return (resource, verb) => where(resource, verb, async (request) => (await known((request.params as z.infer<typeof IncidentParams>).id))?.subject.namespace);
}
