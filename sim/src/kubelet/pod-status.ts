/** A pod's status as the kubelet derives it from its containers (kubelet_pods.go getPhase, status/generate.go). */
import type { Condition, ContainerStatus, Pod } from "@kintsugi/core";
import { type ConditionText, replaceCondition } from "../controllers/conditions.ts";
import { isoTime } from "../world/time.ts";
import type { ContainerRun } from "./container-run.ts";
import { NEVER_FOUND } from "./shown-state.ts";
import { unready } from "./words.ts";

export interface PodLife {
  readonly startedAt: number;
  readonly ip: string;
  readonly hasSandbox: boolean;
  readonly initsDone: boolean;
  readonly inits: readonly ContainerRun[];
  readonly containers: readonly ContainerRun[];
  /** Nothing of it is left on the node but what its status says. */
  readonly isOver: boolean;
}

/** What the containers' states make of it. */
function phaseOf(pod: Pod, life: PodLife, statuses: readonly ContainerStatus[]): string {
  const policy = pod.spec.restartPolicy ?? "Always";
  if (!life.initsDone && !life.isOver) {
    return life.inits.some((run) => run.stage === "ended" && (run.ended?.exitCode ?? 0) !== 0) ? "Failed" : "Pending";
  }
  const states = statuses.map(({ state, lastState }) => ({ ...state, code: state.terminated?.exitCode, wasUp: lastState.terminated !== undefined }));
  if (states.some(({ waiting, wasUp }) => waiting !== undefined && !wasUp)) return "Pending";
  if (states.some(({ running }) => running !== undefined)) return "Running";
  const isGood = states.every(({ code }) => code === 0);
  if (life.isOver) return isGood ? "Succeeded" : "Failed";
  if (policy === "Always") return "Running";
  if (isGood) return "Succeeded";
  return policy === "Never" ? "Failed" : "Running";
}

function isTerminalPhase(phase: string): boolean {
  return phase === "Succeeded" || phase === "Failed";
}

/** True where its containers have all ended for good: the pod does, as soon as the kubelet has cleaned up behind it. */
export function isEnding(pod: Pod, life: PodLife): boolean {
  return isTerminalPhase(
    phaseOf(
      pod,
      life,
      life.containers.map((run) => run.status()),
    ),
  );
}

export function statusOf(pod: Pod, life: PodLife, now: number): Pod["status"] {
  const containerStatuses = life.containers.map((run) => run.status());
  const phase = phaseOf(pod, life, containerStatuses);
  return {
    // A pod is said to have ended only when nothing of it can run any more (status_manager.go mergePodStatus).
    phase: isTerminalPhase(phase) && !life.isOver ? pod.status.phase : phase,
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
  const notReady = statuses.filter((status) => !status.ready).map((status) => status.name);
  const waitingInits = life.inits.filter((run) => run.ended?.exitCode !== 0).map((run) => run.spec.name);
  // A pod that ends before its containers have begun is Failed, and its conditions are those of one that waits.
  const isLost = statuses.some(({ state }) => state.terminated?.reason === NEVER_FOUND);
  const ready = readiness(isLost ? "Pending" : phase, notReady);
  const texts: ConditionText[] = [
    { type: "PodReadyToStartContainers", status: life.hasSandbox && !life.isOver ? "True" : "False", reason: "", message: "" },
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
