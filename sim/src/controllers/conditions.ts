/** Conditions as controllers keep them: the time of the last transition changes with the status only. */
import type { Condition } from "@kintsugi/core";
import { isoTime } from "../world/time.ts";

export interface ConditionText {
  readonly type: string;
  readonly status: "True" | "False" | "Unknown";
  readonly reason: string;
  readonly message: string;
}

/** Deployment and ReplicaSet: nothing changes where status and reason are the same (deploymentutil.SetDeploymentCondition). */
export function setCondition(conditions: readonly Condition[], text: ConditionText, now: number, updates = true): readonly Condition[] {
  const current = conditions.find((condition) => condition.type === text.type);
  if (current !== undefined && current.status === text.status && current.reason === text.reason) return conditions;
  return [...conditions.filter((condition) => condition !== current), made(text, current, now, updates)];
}

/** As `setCondition`, in place and whenever anything differs: what the kubelet and the node controller do. */
export function replaceCondition(conditions: readonly Condition[], text: ConditionText, now: number): readonly Condition[] {
  const index = conditions.findIndex((condition) => condition.type === text.type);
  const current = conditions[index];
  if (current !== undefined && current.status === text.status && current.reason === text.reason && current.message === text.message) return conditions;
  const next = made(text, current, now, false);
  return index < 0 ? [...conditions, next] : conditions.with(index, next);
}

export function withoutCondition(conditions: readonly Condition[], type: string): readonly Condition[] {
  return conditions.some((condition) => condition.type === type) ? conditions.filter((condition) => condition.type !== type) : conditions;
}

function made(text: ConditionText, current: Condition | undefined, now: number, updates: boolean): Condition {
  const time = isoTime(now);
  const lastTransitionTime = current?.status === text.status ? current.lastTransitionTime : time;
  return { ...text, lastTransitionTime, ...(updates ? { lastUpdateTime: time } : {}) };
}

/** What the kubelet of a node that is well says about it. */
export const HEALTHY_NODE: readonly ConditionText[] = [
  { type: "MemoryPressure", status: "False", reason: "KubeletHasSufficientMemory", message: "kubelet has sufficient memory available" },
  { type: "DiskPressure", status: "False", reason: "KubeletHasNoDiskPressure", message: "kubelet has no disk pressure" },
  { type: "PIDPressure", status: "False", reason: "KubeletHasSufficientPID", message: "kubelet has sufficient PID available" },
  { type: "Ready", status: "True", reason: "KubeletReady", message: "kubelet is posting ready status" },
];
