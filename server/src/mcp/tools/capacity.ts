/** Room and sizes: what fits, what a change of scale would need, what is too large or too small, what runs full. */
import { z } from "zod";
import { READS, type Tool, tool } from "../tool.ts";
import { counted, namespace, objectName, Row, rows } from "./arguments.ts";

const quantity = z.string().regex(/^\d+(\.\d+)?(m|k|M|G|T|Ki|Mi|Gi|Ti)?$/, "is not a quantity: write for example 250m or 512Mi");

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
    output: z.looseObject({ pod_estimates: Row.optional(), recommended_limit: Row.optional() }),
    run: async (args, { backend }) => {
      const found = await backend.get("/api/v2/capacity/pods", {
        ...{ profile: args.pod_profile, cpu: args.custom?.cpu, memory: args.custom?.memory, safetyMargin: args.safety_margin },
        ...(args.namespace === "cluster" ? {} : { namespace: args.namespace }),
      });
      const { trending, ...rest } = Row.parse(found) as { readonly trending?: unknown };
      return { data: args.include_trending ? { ...rest, trending } : rest, says: "Room for pods, by what is requested and allowed." };
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
    output: z.looseObject({ current_state: Row.optional(), projected_state: Row.optional(), warnings: z.array(z.unknown()).optional() }),
    run: async (args, { backend }) => {
      const query = { namespace: args.namespace, deployment: args.deployment, targetReplicas: args.target_replicas };
      const found = Row.parse(await backend.get("/api/v2/capacity/scaling", query));
      return { data: found, says: `What ${counted(args.target_replicas, "replica")} would need.` };
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
