/** What hangs together. */
import { RESOURCES, type Ref } from "@kintsugi/core";
import { z } from "zod";
import { TOPOLOGY_KINDS, Topology, topology } from "../../answers/topology.ts";
import type { ApiContext, App } from "../context.ts";
import { callerOf } from "../guard.ts";
import { NOUN_EXAMPLES } from "../noun-examples.ts";
import { HttpProblem } from "../problem.ts";
import { FILTERED, visibleNamespaces } from "../rights.ts";
import { objectName } from "../schemas.ts";

const Wanted = z
  .strictObject({
    namespace: objectName.optional(),
    kind: z.enum(TOPOLOGY_KINDS).optional().describe("with `name`: begin with this object"),
    name: objectName.optional(),
    depth: z.coerce.number().int().min(0).max(6).optional().describe("how many edges away from where it begins; default 3 from an object, 1 from a namespace"),
    limit: z.coerce.number().int().min(1).max(2_000).default(500).describe("nodes at most; the nearest come first"),
  })
  .refine(({ kind, name }) => (kind === undefined) === (name === undefined), { message: "kind and name go together" });

export function topologyRoutes(app: App, { engine, access }: ApiContext): void {
  app.get(
    "/topology",
    {
      schema: {
        summary: "Owners, Services, pods, nodes, claims, callers, and what explains what",
        description: "From one object, from a namespace, or of the whole cluster. Shows namespaces in which the caller may list signals.",
        tags: ["cluster"],
        querystring: Wanted,
        response: { 200: Topology },
        example: NOUN_EXAMPLES.topology,
      },
      config: FILTERED,
    },
    async (request) => {
      const { query } = request;
      const view = engine.view();
      const from = startOf(query);
      const namespaces = view.all("Namespace").map(({ metadata }) => metadata.name);
      const named = query.namespace === undefined ? [] : [query.namespace];
      const right = { resource: "signals", verb: "list" } as const;
      const visible = await visibleNamespaces(access, callerOf(request), right, ["", ...named, ...namespaces]);
      // Whoever may see the whole cluster sees namespaces too that the engine itself may not list.
      const isVisible = (namespace: string): boolean => visible.has("") || visible.has(namespace);
      if (from !== undefined && (view.find(from) === undefined || !isVisible(from.namespace)))
        throw new HttpProblem(404, `${from.kind} ${from.namespace === "" ? "" : `${from.namespace}/`}${from.name} is not seen in the cluster`);
      return topology(
        { view, explained: engine.explained(), incidents: engine.incidents(), status: engine.status() },
        {
          ...(from === undefined ? {} : { from }),
          ...(query.namespace === undefined ? {} : { namespace: query.namespace }),
          depth: query.depth ?? (from === undefined ? (query.namespace === undefined ? 0 : 1) : 3),
          maxNodes: query.limit,
          isVisible,
        },
      );
    },
  );
}

/** Throws HttpProblem 400 where the kind needs a namespace. */
function startOf({ kind, name, namespace }: z.infer<typeof Wanted>): Ref | undefined {
  if (kind === undefined || name === undefined) return undefined;
  if (RESOURCES[kind].namespaced && namespace === undefined) throw new HttpProblem(400, `querystring/namespace: a ${kind} is in a namespace: name it`);
  return { kind, namespace: RESOURCES[kind].namespaced ? (namespace ?? "") : "", name };
}
