/** How many more pods of a size fit: by quota, by what each worker has free, and by pod slots. */
import { parseQuantity, type View } from "@kintsugi/core";
import { z } from "zod";
import { NO_METRICS } from "./capacity.ts";
import { ASKED, type Asked, type Asking, fitting, quotaOf, sumOf, workersOf } from "./room.ts";

/** Sizes of the reference contract. */
export const PROFILES = {
  small: { cpu: "50m", memory: "128Mi" },
  medium: { cpu: "100m", memory: "256Mi" },
  large: { cpu: "500m", memory: "1Gi" },
} as const;

const count = z.int().nullable().describe("null: not limited by it, or not known");
const amounts = z.object({ cpu: z.number().nullable().describe("cores"), memory: z.number().nullable().describe("bytes"), pods: z.int().nullable() });

export const PodCapacity = z
  .object({
    namespace: z.string().nullable().describe("null: the whole cluster, without any quota"),
    perPod: z.object({ profile: z.enum(["small", "medium", "large", "custom"]), cpu: z.string(), memory: z.string() }),
    safetyMargin: z.number().describe("percent that is left free"),
    quota: amounts.describe("what quotas allow; null: no quota for it"),
    quotaUsed: amounts,
    usage: z.null(),
    usageReason: z.string(),
    trending: z.null(),
    trendingReason: z.string(),
    free: z.object({ cpu: z.number(), memory: z.number(), pods: z.int() }).describe("on workers that take pods: ready, not cordoned, not tainted"),
    estimates: z.object({ byQuota: count, byNodes: count.describe("summed over workers, each filled by itself") }),
    recommended: z.object({
      maxCount: z.int(),
      safeCount: z.int().describe("with the safety margin left free"),
      limitingFactor: z.enum(["quota cpu", "quota memory", "quota pods", "node cpu", "node memory", "node pods"]),
    }),
  })
  .meta({ id: "PodCapacity" });
export type PodCapacity = z.infer<typeof PodCapacity>;

export interface PodCapacityAsked {
  /** Undefined: the whole cluster. */
  readonly namespace?: string | undefined;
  readonly perPod: PodCapacity["perPod"];
  readonly safetyMargin: number;
}

/** Undefined while nodes, pods or quotas are not seen. */
export function podCapacity(view: View, { namespace, perPod, safetyMargin }: PodCapacityAsked): PodCapacity | undefined {
  const workers = workersOf(view)?.filter(({ open }) => open);
  const quota = namespace === undefined ? {} : quotaOf(view, namespace);
  if (workers === undefined || quota === undefined) return undefined;
  const size = { cpu: parseQuantity(perPod.cpu) ?? 0, memory: parseQuantity(perPod.memory) ?? 0 };
  const byQuota = ASKED.flatMap((asking) => {
    const allowed = quota[asking];
    return allowed === undefined
      ? []
      : [{ factor: `quota ${asking}` as const, fits: fitting(only(asking, Math.max(0, allowed.hard - allowed.used)), size, [asking]) }];
  });
  const byNodes = workers.reduce((sum, { free }) => sum + fitting(free, size), 0);
  const scarcest = ASKED.map((asking) => ({ asking, fits: workers.reduce((sum, { free }) => sum + fitting(free, size, [asking]), 0) })).reduce((a, b) =>
    b.fits < a.fits ? b : a,
  );
  const limits = [...byQuota, { factor: `node ${scarcest.asking}` as const, fits: byNodes }];
  const tightest = limits.reduce((a, b) => (b.fits < a.fits ? b : a));
  return {
    namespace: namespace ?? null,
    perPod,
    safetyMargin,
    quota: amountsOf((asking) => quota[asking]?.hard),
    quotaUsed: amountsOf((asking) => quota[asking]?.used),
    ...{ usage: null, usageReason: NO_METRICS, trending: null, trendingReason: NO_METRICS },
    free: sumOf(workers.map(({ free }) => free)),
    estimates: { byQuota: byQuota.length === 0 ? null : finite(Math.min(...byQuota.map(({ fits }) => fits))), byNodes },
    recommended: { maxCount: tightest.fits, safeCount: Math.floor(tightest.fits * (1 - safetyMargin / 100) + 1e-9), limitingFactor: tightest.factor },
  };
}

function only(asking: Asking, amount: number): Asked {
  return { cpu: 0, memory: 0, pods: 0, [asking]: amount };
}

function amountsOf(of: (asking: Asking) => number | undefined): z.infer<typeof amounts> {
  return { cpu: of("cpu") ?? null, memory: of("memory") ?? null, pods: of("pods") ?? null };
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
