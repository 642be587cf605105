/** Routes 16 to 20: who an object was deployed by. The view is live, so nothing is cached any more; the two cache routes say so. */
import type { Kind } from "@kintsugi/core";
import { z } from "zod";
import { deploymentMethod, METHODS } from "../../answers/deployment-method.ts";
import type { ApiContext, App } from "../context.ts";
import type { Example } from "../example.ts";
import { ANY, within } from "../rights.ts";
import { objectName } from "../schemas.ts";
import { EXAMPLES } from "./examples.ts";
import { namespaceName } from "./names.ts";
import { ContractRefusal } from "./refusal.ts";

const TAGS = ["v1: detection"];
const Params = z.object({ namespace: namespaceName, name: objectName });

const Detection = z.object({
  success: z.literal(true),
  data: z.object({
    method: z.enum(METHODS),
    confidence: z.number().describe("the contract's own constant for this kind of evidence; it is not measured"),
    source: z.string().describe("what told it"),
    details: z
      .record(z.string(), z.union([z.string(), z.array(z.string()), z.null()]))
      .describe("root owner, owner chain, every mark on it, names of release, application, operator"),
    detected_at: z.string(),
    namespace: z.string(),
    resource_name: z.string(),
    resource_kind: z.string(),
  }),
  message: z.string(),
});

export function detectionRoutes(app: App, { engine }: ApiContext): void {
  for (const [path, kind, example] of [
    ["deployment", "Deployment", EXAMPLES.detectDeployment],
    ["statefulset", "StatefulSet", EXAMPLES.detectStatefulset],
    ["daemonset", "DaemonSet", EXAMPLES.detectDaemonset],
  ] as const satisfies readonly (readonly [string, Kind, Example])[]) {
    app.get(
      `/detect/${path}/:namespace/:name`,
      {
        schema: {
          summary: `Who a ${kind} was deployed by, and who has to change it`,
          ...{ tags: TAGS, params: Params, response: { 200: Detection }, example, unavailable: ["KUBERNETES_UNAVAILABLE"] },
        },
        config: within("signals", "get", ({ params }) => (params as z.infer<typeof Params>).namespace),
      },
      async ({ params: { namespace, name } }) => {
        const ref = { kind, namespace, name };
        const view = engine.view();
        if (view.find(ref) === undefined) throw missing(engine.explain(ref).lines.join("; "), view.health(kind) === "live");
        const { details, ...found } = deploymentMethod(ref, view, engine.ownership(ref));
        const data = {
          ...found,
          details: { ...details } as Record<string, string | string[] | null>,
          detected_at: new Date(engine.status().now).toISOString(),
        };
        return {
          success: true as const,
          data: { ...data, namespace, resource_name: name, resource_kind: kind },
          message: `${kind} ${namespace}/${name}: ${found.method}, by ${found.source}`,
        };
      },
    );
  }

  const Cleared = z.object({ success: z.literal(true), message: z.string() });
  const message = "there is no cache: every answer is read from the live view";
  app.post(
    "/detect/cache/clear",
    {
      schema: {
        summary: "Kept for older clients: there is no cache to clear",
        tags: TAGS,
        response: { 200: Cleared },
        example: EXAMPLES.cacheClear,
      },
      config: ANY,
    },
    async () => ({ success: true as const, message }),
  );
  const zero = z.literal(0);
  const Stats = z.object({
    success: z.literal(true),
    data: z.object({ total_entries: zero, valid_entries: zero, expired_entries: zero, ttl_seconds: zero }),
    message: z.string(),
  });
  app.get(
    "/detect/cache/stats",
    {
      schema: { summary: "Kept for older clients: there is no cache, so it holds nothing", tags: TAGS, response: { 200: Stats }, example: EXAMPLES.cacheStats },
      config: ANY,
    },
    async () => ({
      success: true as const,
      data: { total_entries: 0 as const, valid_entries: 0 as const, expired_entries: 0 as const, ttl_seconds: 0 as const },
      message,
    }),
  );
}

function missing(why: string, isSeen: boolean): ContractRefusal {
  const more = { success: false, message: why } as const;
  return isSeen ? new ContractRefusal(404, "NOT_FOUND", why, more) : new ContractRefusal(503, "KUBERNETES_UNAVAILABLE", why, more);
}
