/** What a pod's own status says about it, without thresholds: detectors add the time, failure modes the meaning. */
import { type Container, type ContainerStatus, conditionOf, type Pod } from "./kube.ts";
import { timeOf } from "./time.ts";

export function isTerminating(pod: Pod): boolean {
  return pod.metadata.deletionTimestamp !== undefined;
}

/** Succeeded or Failed: its containers will not run again. */
export function isFinished(pod: Pod): boolean {
  return pod.status.phase === "Succeeded" || pod.status.phase === "Failed";
}

/** Neither finished nor on its way out. */
export function isActive(pod: Pod): boolean {
  return !isTerminating(pod) && !isFinished(pod);
}

export function isReady(pod: Pod): boolean {
  return conditionOf(pod.status.conditions, "Ready")?.status === "True";
}

export function isEvicted(pod: Pod): boolean {
  return pod.status.phase === "Failed" && pod.status.reason === "Evicted";
}

export function createdAt(pod: Pod): number {
  return timeOf(pod.metadata.creationTimestamp) ?? 0;
}

/** When Ready last changed; the creation where the pod was never ready. */
export function readyChangedAt(pod: Pod): number {
  return timeOf(conditionOf(pod.status.conditions, "Ready")?.lastTransitionTime) ?? createdAt(pod);
}

export type TroubleType = "image-pull" | "container-config" | "container-start" | "oom-killed" | "container-crashing";

/** One container that does not run, or that ended and was started again. */
export interface Trouble {
  readonly type: TroubleType;
  readonly container: string;
  readonly init: boolean;
  /** The kubelet's reason (`ErrImagePull`, `CreateContainerConfigError`, `StartError`, `OOMKilled`, `Error`). */
  readonly reason: string;
  /** The kubelet's message: untrusted text. */
  readonly message: string;
  /** How the last run ended; undefined when it never ran. */
  readonly exitCode?: number;
  /** How often it has ended. Zero when it never ran. */
  readonly ends: number;
  /** How long its last finished run took, ms. Undefined when it never ran or the status does not say. */
  readonly lastRunMs?: number;
  /** When its last run ended, ms. */
  readonly endedAt?: number;
  /** True while it does not run (back-off, or just ended); false when it has been started again. */
  readonly down: boolean;
  /** When it was started again, ms; undefined while it is down. */
  readonly runningSince?: number;
}

const IMAGE_REASONS: ReadonlySet<string> = new Set([
  "ErrImagePull",
  "ImagePullBackOff",
  "InvalidImageName",
  "ErrImageNeverPull",
  "ImageInspectError",
  "RegistryUnavailable",
  "SignatureValidationFailed",
]);
const START_REASONS: ReadonlySet<string> = new Set(["RunContainerError", "CreateContainerError", "StartError", "ContainerCannotRun"]);
/** runc, when the limit is too small for its own start: a StartError whose cause is memory. */
const INIT_OOM = /oom-killed/i;

/** Every container of the pod that is in trouble, init containers first. A finished pod has none: its owner deals with that. */
export function containerTroubles(pod: Pod): readonly Trouble[] {
  if (isFinished(pod)) return [];
  const found: Trouble[] = [];
  const restarts = pod.spec.restartPolicy ?? "Always";
  for (const status of pod.status.initContainerStatuses) add(found, troubleOf(status, true, false));
  for (const status of pod.status.containerStatuses) add(found, troubleOf(status, false, restarts === "Always"));
  return found;
}

function add(found: Trouble[], trouble: Trouble | undefined): void {
  if (trouble !== undefined) found.push(trouble);
}

/** `mustRun`: ending with exit code 0 is trouble as well, since the container is meant to run for ever. */
function troubleOf(status: ContainerStatus, init: boolean, mustRun: boolean): Trouble | undefined {
  const { waiting, terminated, running } = status.state;
  const base = { container: status.name, init };
  if (waiting !== undefined && IMAGE_REASONS.has(waiting.reason)) return { ...base, type: "image-pull", ...waiting, ends: 0, down: true };
  if (waiting?.reason === "CreateContainerConfigError") return { ...base, type: "container-config", ...waiting, ends: 0, down: true };
  const last = terminated ?? status.lastState.terminated;
  if (last === undefined) return withoutEnd(status, base);
  // An init container that did its work, and a container that ended for good in a pod that goes on, are no trouble.
  if (terminated?.exitCode === 0 && !mustRun) return undefined;
  const started = timeOf(last.startedAt);
  const ended = timeOf(last.finishedAt);
  const since = timeOf(running?.startedAt);
  return {
    ...base,
    ...kindOfEnd(last.reason, last.message, waiting),
    exitCode: last.exitCode,
    ends: status.restartCount + (running === undefined ? 1 : 0),
    ...(started === undefined || ended === undefined ? {} : { lastRunMs: runMs(started, ended) }),
    ...(ended === undefined ? {} : { endedAt: ended }),
    down: running === undefined,
    ...(since === undefined ? {} : { runningSince: since }),
  };
}

/** A container that the runtime could not start began in 1970, says the kubelet: it did not run at all. */
function runMs(started: number, ended: number): number {
  return started <= 0 ? 0 : Math.max(0, ended - started);
}

/** The kubelet has forgotten how the last run ended, or there was none. */
function withoutEnd({ state: { waiting }, restartCount }: ContainerStatus, base: Pick<Trouble, "container" | "init">): Trouble | undefined {
  if (waiting?.reason === "CrashLoopBackOff") return { ...base, type: "container-crashing", ...waiting, ends: restartCount + 1, down: true };
  if (waiting !== undefined && START_REASONS.has(waiting.reason)) return { ...base, type: "container-start", ...waiting, ends: 0, down: true };
  return undefined;
}

function kindOfEnd(reason: string, message: string, waiting: { readonly reason: string; readonly message: string } | undefined) {
  const text = message !== "" || waiting === undefined ? message : waiting.message;
  if (reason === "OOMKilled" || INIT_OOM.test(text)) return { type: "oom-killed" as const, reason, message: text };
  const start = START_REASONS.has(reason) || (waiting !== undefined && START_REASONS.has(waiting.reason));
  return { type: start ? ("container-start" as const) : ("container-crashing" as const), reason, message: text };
}

/** The container's spec by name, init containers too. */
export function containerNamed(pod: { readonly spec: Pod["spec"] }, name: string): Container | undefined {
  return pod.spec.containers.find((c) => c.name === name) ?? pod.spec.initContainers?.find((c) => c.name === name);
}
