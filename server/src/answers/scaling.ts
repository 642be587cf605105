/** What scaling a Deployment would mean: by requests, quotas and what workers have free. What it would use is a metric. */
import { type Deployment, type Ownership, requestsOf, type View } from "@kintsugi/core";
import { z } from "zod";
import { NO_METRICS } from "./capacity.ts";
import { ASKED, exactCores, fitting, quotaOf, workersOf } from "./room.ts";

const Amounts = z.object({ cpu: z.number().describe("cores"), memory: z.number().describe("bytes") });

export const ScalingImpact = z
  .object({
    namespace: z.string(),
    deployment: z.string(),
    perPod: Amounts.describe("requests of one pod"),
    current: z.object({ replicas: z.int(), ready: z.int(), requested: Amounts }),
    projected: z.object({ replicas: z.int(), requested: Amounts }),
    usage: z.null(),
    usageReason: z.string(),
    namespaceImpact: z.object({
      hasQuota: z.boolean().nullable(),
      morePodsByQuota: z.int().nullable().describe("null: no quota limits it, or quotas are not seen"),
      fits: z.boolean().nullable(),
    }),
    nodeImpact: z.object({ morePodsByNodes: z.int().nullable().describe("null: nodes or pods are not seen"), fits: z.boolean().nullable() }),
    warnings: z.array(z.string()),
    recommendation: z.enum(["fits", "does-not-fit", "not-known"]),
    alternatives: z.array(z.object({ replicas: z.int(), why: z.string() })),
  })
  .meta({ id: "ScalingImpact" });
export type ScalingImpact = z.infer<typeof ScalingImpact>;

export function scalingImpact(view: View, deployment: Deployment, targetReplicas: number, ownership: Ownership): ScalingImpact {
  const { namespace, name } = deployment.metadata;
  const { cpu, memory } = requestsOf(deployment.spec.template.spec);
  const more = targetReplicas - deployment.spec.replicas;
  const requested = (replicas: number) => ({ cpu: exactCores(cpu * replicas), memory: memory * replicas });
  const quota = quotaOf(view, namespace);
  const byQuota = quota === undefined || Object.keys(quota).length === 0 ? undefined : morePodsByQuota(quota, { cpu, memory });
  const byNodes = workersOf(view)
    ?.filter(({ open }) => open)
    .reduce((sum, { free }) => sum + fitting(free, { cpu, memory }), 0);
  const fitsQuota = more <= 0 ? true : quota === undefined ? null : byQuota === undefined || more <= byQuota;
  const fitsNodes = more <= 0 ? true : byNodes === undefined ? null : more <= byNodes;
  const fits = fitsQuota === false || fitsNodes === false ? false : fitsQuota === null || fitsNodes === null ? null : true;
  const most = Math.min(byQuota ?? Number.POSITIVE_INFINITY, byNodes ?? Number.POSITIVE_INFINITY);
  return {
    ...{ namespace, deployment: name, perPod: { cpu, memory }, usage: null, usageReason: NO_METRICS },
    current: { replicas: deployment.spec.replicas, ready: deployment.status.readyReplicas, requested: requested(deployment.spec.replicas) },
    projected: { replicas: targetReplicas, requested: requested(targetReplicas) },
    namespaceImpact: {
      hasQuota: quota === undefined ? null : Object.keys(quota).length > 0,
      morePodsByQuota: byQuota === undefined || !Number.isFinite(byQuota) ? null : byQuota,
      fits: fitsQuota,
    },
    nodeImpact: { morePodsByNodes: byNodes ?? null, fits: fitsNodes },
    warnings: warningsFor(view, deployment, { more, targetReplicas, cpu, memory, fitsQuota, fitsNodes, ownership }),
    recommendation: fits === null ? "not-known" : fits ? "fits" : "does-not-fit",
    alternatives:
      fits === false && Number.isFinite(most) && most > 0
        ? [{ replicas: deployment.spec.replicas + most, why: `${most} more ${most === 1 ? "pod fits" : "pods fit"} by quota and free room` }]
        : [],
  };
}

function morePodsByQuota(quota: NonNullable<ReturnType<typeof quotaOf>>, perPod: { readonly cpu: number; readonly memory: number }): number {
  const counts = ASKED.flatMap((asking) => {
    const allowed = quota[asking];
    if (allowed === undefined) return [];
    const left = Math.max(0, allowed.hard - allowed.used);
    return [fitting({ cpu: left, memory: left, pods: left }, perPod, [asking])];
  });
  return Math.min(...counts);
}

interface Scaling {
  readonly more: number;
  readonly targetReplicas: number;
  readonly cpu: number;
  readonly memory: number;
  readonly fitsQuota: boolean | null;
  readonly fitsNodes: boolean | null;
  readonly ownership: Ownership;
}

function warningsFor(view: View, { metadata }: Deployment, { more, targetReplicas, cpu, memory, fitsQuota, fitsNodes, ownership }: Scaling): string[] {
  const scaler = view
    .inNamespace("HorizontalPodAutoscaler", metadata.namespace)
    .find(({ spec }) => spec.target.kind === "Deployment" && spec.target.name === metadata.name);
  const budget = view.inNamespace("PodDisruptionBudget", metadata.namespace).length;
  return [
    ...(scaler === undefined
      ? []
      : [
          `HorizontalPodAutoscaler ${scaler.metadata.name} sets its replicas between ${scaler.spec.minReplicas} and ${scaler.spec.maxReplicas}: a number set by hand does not last`,
        ]),
    ...(ownership.type === "gitops" || ownership.type === "operator"
      ? [`it is managed by ${ownership.type === "gitops" ? ownership.tool : "an operator"} (${ownership.name}): change the number there`]
      : []),
    ...(cpu === 0 || memory === 0
      ? [`its pods ask for no ${cpu === 0 ? (memory === 0 ? "cpu and no memory" : "cpu") : "memory"}: what they will take is not counted`]
      : []),
    ...(fitsQuota === false ? [`the quota of namespace ${metadata.namespace} does not leave room for ${more} more pods`] : []),
    ...(fitsNodes === false ? [`workers do not have room for ${more} more pods: some would stay Pending`] : []),
    ...(targetReplicas === 0 ? ["nothing of it would run"] : []),
    ...(more < 0 && targetReplicas > 0 && budget > 0 ? ["disruption budgets do not hold pods that are scaled away"] : []),
  ];
}
