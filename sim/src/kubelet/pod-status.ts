/** A pod's status as the kubelet derives it from its containers (kubelet_pods.go getPhase, status/generate.go). */
import type { Condition, ContainerStatus, Pod } from "@kintsugi/core";
import { type ConditionText, replaceCondition } from "../controllers/conditions.ts";
import { isoTime } from "../world/time.ts";
import type { ContainerRun } from "./container-run.ts";
import { unready } from "./words.ts";

export interface PodLife {
  readonly startedAt: number;
  readonly ip: string;
  readonly hasSandbox: boolean;
  readonly initsDone: boolean;
  readonly inits: readonly ContainerRun[];
  readonly containers: readonly ContainerRun[];
}

export function phaseOf(pod: Pod, life: PodLife): string {
  if (!life.initsDone) return life.inits.some((run) => run.stage === "ended" && run.ended?.exitCode !== 0) ? "Failed" : "Pending";
  const runs = life.containers;
  if (runs.every((run) => run.stage === "ended")) return runs.every((run) => run.ended?.exitCode === 0) ? "Succeeded" : "Failed";
  if (runs.some((run) => !run.isRunning && run.ended === undefined)) return "Pending";
  return runs.some((run) => run.isRunning) || pod.spec.restartPolicy !== "Never" ? "Running" : "Pending";
}

export function statusOf(pod: Pod, life: PodLife, now: number): Pod["status"] {
  const phase = phaseOf(pod, life);
  const containerStatuses = life.containers.map((run) => run.status());
  return {
    phase,
    reason: "",
    message: "",
    startTime: isoTime(life.startedAt),
    podIP: life.ip,
    conditions: conditionsOf(pod.status.conditions, phase, life, containerStatuses, now),
    containerStatuses,
    initContainerStatuses: life.inits.map((run) => {
      const status = run.status();
      return run.ended?.exitCode === 0 ? { ...status, ready: true } : status;
    }),
  };
}

function conditionsOf(current: readonly Condition[], phase: string, life: PodLife, statuses: readonly ContainerStatus[], now: number): readonly Condition[] {
  const isOver = phase === "Succeeded" || phase === "Failed";
  const notReady = statuses.filter((status) => !status.ready).map((status) => status.name);
  const waitingInits = life.inits.filter((run) => run.ended?.exitCode !== 0).map((run) => run.spec.name);
  const ready = readiness(phase, notReady);
  const texts: ConditionText[] = [
    { type: "PodReadyToStartContainers", status: life.hasSandbox && !isOver ? "True" : "False", reason: "", message: "" },
    life.initsDone
      ? { type: "Initialized", status: "True", reason: phase === "Succeeded" ? "PodCompleted" : "", message: "" }
      : { type: "Initialized", status: "False", reason: "ContainersNotInitialized", message: `containers with incomplete status: [${waitingInits.join(" ")}]` },
    { type: "Ready", ...ready },
    { type: "ContainersReady", ...ready },
  ];
  let conditions = current;
  for (const text of texts) conditions = replaceCondition(conditions, text, now);
  return conditions;
}

function readiness(phase: string, notReady: readonly string[]): Omit<ConditionText, "type"> {
  if (phase === "Succeeded") return { status: "False", reason: "PodCompleted", message: "" };
  if (phase === "Failed") return { status: "False", reason: "PodFailed", message: "" };
  if (notReady.length === 0) return { status: "True", reason: "", message: "" };
  return { status: "False", reason: "ContainersNotReady", message: unready(notReady) };
}
