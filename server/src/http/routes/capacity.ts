/** How many pods of a size still fit, and what scaling would mean. */
import { parseQuantity } from "@kintsugi/core";
import { z } from "zod";
import { PodCapacity, PROFILES, podCapacity } from "../../answers/pod-capacity.ts";
import { ScalingImpact, scalingImpact } from "../../answers/scaling.ts";
import type { ApiContext, App } from "../context.ts";
import type { Example } from "../example.ts";
import { HttpProblem } from "../problem.ts";
import { within } from "../rights.ts";
import { objectName } from "../schemas.ts";

const TAGS = ["capacity"];
const UNSEEN = "CLUSTER_UNSEEN";
const quantity = z
  .string()
  .max(32)
  .refine((text) => (parseQuantity(text) ?? 0) > 0, "is not a quantity above zero: write for example 250m or 512Mi");

const Size = z
  .strictObject({
    namespace: objectName.optional().describe("missing: the whole cluster, without quotas"),
    profile: z.enum(["small", "medium", "large", "custom"]).default("medium"),
    cpu: quantity.optional().describe("of one pod; with profile custom"),
    memory: quantity.optional(),
    safetyMargin: z.coerce.number().min(0).max(90).default(15).describe("percent of the room that is left free"),
  })
  .superRefine(({ profile, cpu, memory }, context) => {
    const isCustom = profile === "custom";
    for (const [name, value] of Object.entries({ cpu, memory }))
      if ((value !== undefined) !== isCustom)
        context.addIssue({ code: "custom", path: [name], message: isCustom ? "is missing: profile custom needs both" : "goes with profile custom alone" });
  });
const Scaling = z.strictObject({ namespace: objectName, deployment: objectName, targetReplicas: z.coerce.number().int().min(0).max(10_000) });

export function capacityRoutes(app: App, { engine }: Pick<ApiContext, "engine">): void {
  app.get(
    "/capacity/pods",
    {
      schema: {
        summary: "How many more pods of a size fit, and what limits them",
        ...{ tags: TAGS, querystring: Size, response: { 200: PodCapacity }, unavailable: [UNSEEN], example: PODS_EXAMPLE },
      },
      config: within("signals", "get", ({ query }) => (query as { namespace?: string }).namespace ?? ""),
    },
    async ({ query: { namespace, profile, cpu = "", memory = "", safetyMargin } }) => {
      const view = engine.view();
      if (namespace !== undefined && view.health("Namespace") === "live" && view.get("Namespace", "", namespace) === undefined)
        throw new HttpProblem(404, `there is no namespace ${namespace}`);
      const perPod = { profile, ...(profile === "custom" ? { cpu, memory } : PROFILES[profile]) };
      const found = podCapacity(view, { namespace, perPod, safetyMargin });
      if (found !== undefined) return found;
      throw new HttpProblem(503, "nodes, pods or quotas are not seen now: what fits cannot be told; GET /api/v2/status says why", { code: UNSEEN });
    },
  );

  app.get(
    "/capacity/scaling",
    {
      schema: {
        summary: "What scaling a Deployment would mean for its quota and for workers",
        ...{ tags: TAGS, querystring: Scaling, response: { 200: ScalingImpact }, unavailable: [UNSEEN], example: SCALING_EXAMPLE },
      },
      config: within("signals", "get", ({ query }) => (query as { namespace: string }).namespace),
    },
    async ({ query: { namespace, deployment: name, targetReplicas } }) => {
      const view = engine.view();
      const ref = { kind: "Deployment", namespace, name } as const;
      const deployment = view.get("Deployment", namespace, name);
      if (deployment !== undefined) return scalingImpact(view, deployment, targetReplicas, engine.ownership(ref));
      if (view.health("Deployment") !== "live") throw new HttpProblem(503, "Deployments are not seen now; GET /api/v2/status says why", { code: UNSEEN });
      throw new HttpProblem(404, `there is no Deployment ${namespace}/${name}`);
    },
  );
}

const NO_METRICS = "no metrics source is configured: what is used, and how it grows, is not known";
const GIB = 2 ** 30;

const PODS_EXAMPLE: Example = {
  query: { namespace: "shop", profile: "small", safetyMargin: 15 },
  answer: {
    ...{ namespace: "shop", perPod: { profile: "small", cpu: "50m", memory: "128Mi" }, safetyMargin: 15 },
    ...{ quota: { cpu: 8, memory: null, pods: 50 }, quotaUsed: { cpu: 2.4, memory: null, pods: 12 } },
    ...{ usage: null, usageReason: NO_METRICS, trending: null, trendingReason: NO_METRICS, free: { cpu: 30, memory: 120 * GIB, pods: 900 } },
    ...{ estimates: { byQuota: 38, byNodes: 600 }, recommended: { maxCount: 38, safeCount: 32, limitingFactor: "quota pods" } },
  },
};
const SCALING_EXAMPLE: Example = {
  query: { namespace: "shop", deployment: "cart", targetReplicas: 6 },
  answer: {
    ...{ namespace: "shop", deployment: "cart", perPod: { cpu: 0.5, memory: GIB }, usage: null, usageReason: NO_METRICS },
    current: { replicas: 2, ready: 2, requested: { cpu: 1, memory: 2 * GIB } },
    projected: { replicas: 6, requested: { cpu: 3, memory: 6 * GIB } },
    namespaceImpact: { hasQuota: true, morePodsByQuota: 11, fits: true },
    nodeImpact: { morePodsByNodes: 60, fits: true },
    ...{ warnings: [], recommendation: "fits", alternatives: [] },
  },
};
