/** Routes 23 and 24: capacity of a namespace and of the cluster. */
import { z } from "zod";
import { ClusterCapacity, clusterCapacity, NamespaceCapacity, namespaceCapacity } from "../../answers/capacity.ts";
import type { ApiContext, App } from "../context.ts";
import { clusterWide, within } from "../rights.ts";
import { EXAMPLES } from "./examples.ts";
import { flag, namespaceName } from "./names.ts";
import { ContractRefusal } from "./refusal.ts";
import { window } from "./windows.ts";

const TAGS = ["v1: capacity"];

export function capacityRoutes(app: App, { engine }: ApiContext): void {
  const Params = z.object({ namespace: namespaceName });
  const Query = z.object({ include_trending: flag.default(true), include_infrastructure: flag.default(false), window: window("7d") });
  app.get(
    "/capacity/namespace/:namespace",
    {
      schema: {
        summary: "What a namespace may ask for, asks for, and has left",
        tags: TAGS,
        params: Params,
        querystring: Query,
        response: { 200: NamespaceCapacity },
        example: EXAMPLES.namespaceCapacity,
      },
      config: within("signals", "get", ({ params }) => (params as z.infer<typeof Params>).namespace),
    },
    async ({ params: { namespace }, query }) => {
      const view = engine.view();
      if (view.health("Namespace") === "live" && view.get("Namespace", "", namespace) === undefined)
        throw new ContractRefusal(404, "NOT_FOUND", `there is no namespace ${namespace}`);
      const { now } = engine.status();
      return namespaceCapacity(view, { namespace, window: query.window, trending: query.include_trending, infrastructure: query.include_infrastructure, now });
    },
  );

  app.get(
    "/capacity/cluster",
    {
      schema: {
        summary: "What workers have, and what is asked of them",
        tags: TAGS,
        response: { 200: ClusterCapacity },
        example: EXAMPLES.clusterCapacity,
        unavailable: ["KUBERNETES_UNAVAILABLE"],
      },
      config: clusterWide("signals", "get"),
    },
    async () => {
      const capacity = clusterCapacity(engine.view(), engine.status().now);
      if (capacity !== undefined) return capacity;
      throw new ContractRefusal(503, "KUBERNETES_UNAVAILABLE", "nodes or pods are not seen now: nothing can be counted; GET /api/v1/health says why");
    },
  );
}
