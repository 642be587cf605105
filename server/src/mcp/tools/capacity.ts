/** Room and sizes: what fits, what a change of scale would need, what is too large or too small, what runs full. */
import { z } from "zod";
import { READS, type Tool, tool } from "../tool.ts";
import { counted, namespace, objectName, Row, rows } from "./arguments.ts";

const quantity = z.string().regex(/^\d+(\.\d+)?(m|k|M|G|T|Ki|Mi|Gi|Ti)?$/, "is not a quantity: write for example 250m or 512Mi");

const Room = z.looseObject({
  ...{ namespace: z.string().nullable(), perPod: Row, safetyMargin: z.number(), quota: Row, quotaUsed: Row, free: Row },
  ...{ usage: z.null(), usageReason: z.string(), trending: z.null(), trendingReason: z.string() },
  estimates: z.object({ byQuota: z.number().nullable(), byNodes: z.number().nullable() }),
  recommended: z.object({ maxCount: z.number(), safeCount: z.number(), limitingFactor: z.string() }),
});
const Impact = z.looseObject({
  current: z.looseObject({ replicas: z.number() }),
  ...{ projected: Row, namespaceImpact: Row, nodeImpact: Row, perPod: Row, usage: z.null(), usageReason: z.string() },
  ...{ warnings: z.array(z.string()), recommendation: z.string(), alternatives: rows },
});

export const CAPACITY: readonly Tool[] = [
  tool({
    name: "calculate-pod-capacity",
    description: "How many pods of a size fit: small 50m/128Mi, medium 100m/256Mi, large 500m/1Gi, or custom. From requests, quotas and allocatable",
    hints: READS,
    input: z
      .strictObject({
        namespace: z.union([namespace, z.literal("cluster")]).default("cluster"),
        pod_profile: z.enum(["small", "medium", "large", "custom"]).default("medium"),
        custom: z.strictObject({ cpu: quantity, memory: quantity }).optional(),
        safety_margin: z.number().min(0).max(90).default(15),
        include_trending: z.boolean().default(true),
      })
      .refine((given) => (given.pod_profile === "custom") === (given.custom !== undefined), {
        path: ["custom"],
        message: "custom {cpu, memory} belongs to pod_profile custom, and only to it",
      }),
    output: z.looseObject({ quota: Row, available: Row, pod_estimates: Row, recommended_limit: Row }),
    run: async (args, { backend }) => {
      const found = Room.parse(
        await backend.get("/api/v2/capacity/pods", {
          ...{ profile: args.pod_profile, cpu: args.custom?.cpu, memory: args.custom?.memory, safetyMargin: args.safety_margin },
          ...(args.namespace === "cluster" ? {} : { namespace: args.namespace }),
        }),
      );
      const { estimates, recommended } = found;
      const { maxCount: max_count, safeCount: safe_count, limitingFactor: limiting_factor } = recommended;
      return {
        data: {
          ...{ namespace: found.namespace, per_pod: found.perPod, safety_margin: found.safetyMargin, quota: found.quota, quota_used: found.quotaUsed },
          ...{ usage: found.usage, usage_reason: found.usageReason, available: found.free },
          pod_estimates: { by_quota: estimates.byQuota, by_nodes: estimates.byNodes },
          recommended_limit: { max_count, safe_count, limiting_factor },
          ...(args.include_trending ? { trending: found.trending, trending_reason: found.trendingReason } : {}),
        },
        says: `${counted(safe_count, "pod")} fit with the margin left free, ${max_count} without; what limits it: ${limiting_factor}.`,
      };
    },
  }),
  tool({
    name: "analyze-scaling-impact",
    description: "What other replicas of a Deployment would need of quota and nodes. Changes nothing",
    hints: READS,
    input: z.strictObject({
      deployment: objectName,
      namespace,
      target_replicas: z.int().min(0).max(10_000),
      current_replicas: z.int().min(0).max(10_000).optional(),
      predict_at: z.string().max(40).optional(),
      include_infrastructure: z.boolean().default(false),
    }),
    output: z.looseObject({ current_state: Row, projected_state: Row, namespace_impact: Row, warnings: z.array(z.string()), recommendation: z.string() }),
    run: async (args, { backend }) => {
      const query = { namespace: args.namespace, deployment: args.deployment, targetReplicas: args.target_replicas };
      const found = Impact.parse(await backend.get("/api/v2/capacity/scaling", query));
      const { replicas } = found.current;
      const isOther = args.current_replicas !== undefined && args.current_replicas !== replicas;
      return {
        data: {
          ...{ current_state: found.current, projected_state: found.projected, per_pod: found.perPod, namespace_impact: found.namespaceImpact },
          ...(args.include_infrastructure ? { infrastructure_impact: found.nodeImpact } : {}),
          ...{ usage: found.usage, usage_reason: found.usageReason },
          warnings: isOther ? [`it has ${replicas} replicas and not ${args.current_replicas}: reckoned from what it has`, ...found.warnings] : found.warnings,
          ...{ recommendation: found.recommendation, alternatives: found.alternatives },
        },
        says: `${counted(args.target_replicas, "replica")}: ${found.recommendation}.`,
      };
    },
  }),
  tool({
    name: "get-rightsizing-recommendations",
    description: "Requests and limits beside what is used. Needs metrics",
    hints: READS,
    input: z.strictObject({ namespace: namespace.optional(), pod: objectName.optional(), window: z.enum(["7d", "14d", "30d", "90d"]).default("30d") }),
    output: z.looseObject({ recommendations: rows }),
    run: async (args, { backend }) => {
      const found = z.looseObject({ recommendations: rows }).parse(await backend.get("/api/v1/recommendations/rightsizing", args));
      return { data: found, says: `${counted(found.recommendations.length, "recommendation")}.` };
    },
  }),
  tool({
    name: "get-throttled-pods",
    description: "Pods that wait for CPU because of their limit. Needs metrics",
    hints: READS,
    input: z.strictObject({
      namespace: namespace.optional(),
      deployment: objectName.optional(),
      pod: objectName.optional(),
      threshold_pct: z.number().min(0).max(100).default(25),
    }),
    output: z.looseObject({ throttled_pods: rows, total: z.int() }),
    run: async (args, { backend }) => {
      const named =
        args.pod !== undefined ? { kind: "Pod", name: args.pod } : args.deployment !== undefined ? { kind: "Deployment", name: args.deployment } : {};
      const found = z
        .looseObject({ items: z.array(z.looseObject({ rate: z.number() })) })
        .parse(await backend.get("/api/v2/signals/cpu-throttling", { namespace: args.namespace, ...named }));
      const throttled = found.items
        .filter(({ rate }) => rate >= args.threshold_pct)
        .map((pod) => ({ ...pod, severity: pod.rate >= 75 ? "critical" : pod.rate >= 50 ? "high" : "medium" }));
      return { data: { throttled_pods: throttled, total: throttled.length }, says: `${counted(throttled.length, "throttled pod")}.` };
    },
  }),
  tool({
    name: "predict-disk-exhaustion",
    description: "When a mount of a node runs full. Needs metrics",
    hints: READS,
    input: z.strictObject({ node: objectName.optional(), mountpoint: z.string().startsWith("/").max(300).optional() }),
    output: z.looseObject({ results: rows }),
    run: async (args, { backend }) => {
      const found = z.looseObject({ results: rows }).parse(await backend.get("/api/v1/predict/disk-exhaustion", args));
      return { data: found, says: `${counted(found.results.length, "mount")}.` };
    },
  }),
];
