import type { ContainerState, ContainerStatus, Meta, Pod } from "../kube.ts";
import { redactText } from "../redact.ts";
import { projectConditions } from "./metadata.ts";
import { projectPodSpec } from "./pod-spec.ts";
import { count, flag, isRaw, type Raw, raw, rawList, text } from "./raw.ts";

const NO_STATE: ContainerState = Object.freeze({});

export function projectPod(metadata: Meta, object: Raw): Pod {
  const status = raw(object["status"]);
  return {
    kind: "Pod",
    metadata,
    spec: projectPodSpec(object["spec"]),
    status: {
      phase: text(status["phase"]),
      reason: text(status["reason"]),
      message: redactText(text(status["message"])),
      startTime: text(status["startTime"]),
      podIP: text(status["podIP"]),
      conditions: projectConditions(status["conditions"]),
      containerStatuses: projectStatuses(status["containerStatuses"]),
      initContainerStatuses: projectStatuses(status["initContainerStatuses"]),
    },
  };
}

function projectStatuses(value: unknown): readonly ContainerStatus[] {
  return rawList(value).map((status) => ({
    name: text(status["name"]),
    ready: flag(status["ready"]),
    started: flag(status["started"]),
    restartCount: count(status["restartCount"]),
    image: text(status["image"]),
    state: projectState(status["state"]),
    lastState: projectState(status["lastState"]),
  }));
}

function projectState(value: unknown): ContainerState {
  const state = raw(value);
  const { waiting, running, terminated } = state;
  if (isRaw(waiting)) return { waiting: { reason: text(waiting["reason"]), message: redactText(text(waiting["message"])) } };
  if (isRaw(running)) return { running: { startedAt: text(running["startedAt"]) } };
  if (!isRaw(terminated)) return NO_STATE;
  return {
    terminated: {
      reason: text(terminated["reason"]),
      exitCode: count(terminated["exitCode"]),
      message: redactText(text(terminated["message"])),
      startedAt: text(terminated["startedAt"]),
      finishedAt: text(terminated["finishedAt"]),
    },
  };
}
