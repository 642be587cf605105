/**
 * What can be wrong with one pod at one moment. Each symptom is a pure function of the pod, what it refers to, and the time; the detectors and
 * the test for a stalled rollout share them.
 */

import { claimInMounting, claimInScheduling } from "../model/claim-trouble.ts";
import { missingInMessage, missingVolumeSource, referenceText } from "../model/config-reference.ts";
import type { Cause, DetectWindows } from "../model/finding.ts";
import { type Container, conditionOf, controllerOf, type Pod } from "../model/kube.ts";
import { containerNamed, containerTroubles, createdAt, isReady, readyChangedAt, type Trouble } from "../model/pod-state.ts";
import { sandboxKilledForMemory } from "../model/sandbox-memory.ts";
import { spanText, timeOf } from "../model/time.ts";
import type { View } from "../model/view.ts";

export interface Symptom {
  readonly since: number;
  readonly text: string;
  readonly cause?: Cause;
}

/** `recheckAt`: when time alone would change the answer, ms. */
export interface Look {
  readonly symptom?: Symptom;
  readonly recheckAt?: number;
}

export type PodSymptom = (pod: Pod, view: View, now: number, windows: DetectWindows) => Look;

const NOTHING: Look = {};
/** The kubelet's first back-off of pulls and restarts (MaxContainerBackOff doubles from it): a failure that outlives it has happened twice. */
const FIRST_BACKOFF_MS = 10_000;
const MAX_BACKOFF_MS = 300_000;
/** Reasons that no retry changes. */
const FINAL_PULL: ReadonlySet<string> = new Set(["InvalidImageName", "ErrImageNeverPull", "ImagePullBackOff"]);

/** The claim once `due` has passed, a look at that moment before. */
function from(due: number, now: number, symptom: Symptom): Look {
  return now >= due ? { symptom } : { recheckAt: due };
}

function words(trouble: Trouble): string {
  return trouble.message === "" ? trouble.reason : `${trouble.reason}: ${trouble.message.slice(0, 200)}`;
}

export function imagePull(pod: Pod, _view: View, now: number): Look {
  const trouble = containerTroubles(pod).find((t) => t.type === "image-pull");
  if (trouble === undefined) return NOTHING;
  const symptom = { since: createdAt(pod), text: `container ${trouble.container} cannot pull its image, ${words(trouble)}` };
  return FINAL_PULL.has(trouble.reason) ? { symptom } : from(createdAt(pod) + FIRST_BACKOFF_MS, now, symptom);
}

export function containerConfig(pod: Pod, view: View, now: number, windows: DetectWindows): Look {
  const trouble = containerTroubles(pod).find((t) => t.type === "container-config");
  const missing = trouble === undefined ? missingWhileCreating(pod, view) : missingInMessage(trouble.message);
  if (trouble === undefined && missing === undefined) return NOTHING;
  const named = missing === undefined ? words(trouble as Trouble) : `${referenceText(missing)} is missing`;
  const cause: Cause | undefined = missing === undefined ? undefined : { kind: missing.kind, namespace: pod.metadata.namespace, name: missing.name };
  const symptom = { since: createdAt(pod), text: `${pod.metadata.name} cannot start: ${named}`, ...(cause === undefined ? {} : { cause }) };
  return from(createdAt(pod) + windows.notReadyMs, now, symptom);
}

/** On a node, not one container made yet, and a volume's source is not there. */
function missingWhileCreating(pod: Pod, view: View) {
  return isBeingCreated(pod) ? missingVolumeSource(pod, view) : undefined;
}

function isBeingCreated(pod: Pod): boolean {
  if (pod.status.phase !== "Pending" || pod.spec.nodeName === undefined) return false;
  const statuses = [...pod.status.initContainerStatuses, ...pod.status.containerStatuses];
  return statuses.every((s) => s.state.waiting?.reason === "ContainerCreating" || s.state.waiting?.reason === "PodInitializing");
}

/** On a node, not one container made yet, and the last word about its volumes is that a claim's cannot be attached or mounted. */
export function volumeUnavailable(pod: Pod, view: View, now: number, windows: DetectWindows): Look {
  const trouble = isBeingCreated(pod) ? claimInMounting(pod, view) : undefined;
  if (trouble === undefined) return NOTHING;
  const since = timeOf(pod.status.startTime) ?? createdAt(pod);
  const text = `${pod.metadata.name} waits for its volume of PersistentVolumeClaim ${trouble.claim}: ${trouble.message.slice(0, 300)}`;
  return from(since + windows.unschedulableMs, now, { since, text, cause: claimCause(pod, trouble.claim) });
}

function claimCause(pod: Pod, claim: string): Cause {
  return { kind: "PersistentVolumeClaim", namespace: pod.metadata.namespace, name: claim };
}

export function containerStart(pod: Pod, _view: View, now: number, windows: DetectWindows): Look {
  const trouble = containerTroubles(pod).find((t) => t.type === "container-start");
  if (trouble === undefined) return NOTHING;
  const symptom = { since: createdAt(pod), text: `container ${trouble.container} cannot be started, ${words(trouble)}` };
  if (trouble.ends >= 2 && isInLoop(trouble, now, windows.crashWindowMs)) return { symptom };
  return trouble.down ? from(createdAt(pod) + windows.notReadyMs, now, symptom) : NOTHING;
}

/** A third end of runs shorter than the window, also while it runs between two back-offs. */
export function crashing(pod: Pod, _view: View, now: number, windows: DetectWindows): Look {
  for (const trouble of containerTroubles(pod)) {
    if (trouble.type !== "container-crashing" || trouble.ends < 3 || !isInLoop(trouble, now, windows.crashWindowMs)) continue;
    const text = `container ${trouble.container} has ended ${trouble.ends} times, the last time with exit code ${trouble.exitCode ?? "unknown"} (${trouble.reason})`;
    const symptom = { since: loopBegan(pod, trouble), text };
    return trouble.down || trouble.endedAt === undefined ? { symptom } : { symptom, recheckAt: trouble.endedAt + windows.crashWindowMs };
  }
  return NOTHING;
}

function isInLoop(trouble: Trouble, now: number, windowMs: number): boolean {
  if ((trouble.lastRunMs ?? 0) >= windowMs) return false;
  return trouble.down || trouble.endedAt === undefined || now - trouble.endedAt < windowMs;
}

/**
 * Killed for memory at least twice. A slow leak is killed seldom, so the claim outlives the last kill by twice the run before it:
 * by then another one was due.
 */
export function oomKilled(pod: Pod, view: View, now: number, windows: DetectWindows): Look {
  for (const trouble of containerTroubles(pod)) {
    if (trouble.type !== "oom-killed" || trouble.ends < 2) continue;
    const run = trouble.lastRunMs ?? 0;
    const until = (trouble.endedAt ?? now) + Math.max(windows.crashWindowMs, 2 * run);
    if (!trouble.down && now >= until) continue;
    const limit = containerNamed(pod, trouble.container)?.resources?.limits?.["memory"];
    const text = `container ${trouble.container} was killed for memory ${trouble.ends} times${limit === undefined ? "" : ` at its limit of ${limit}`}, the last time after ${spanText(run)}`;
    return { symptom: { since: loopBegan(pod, trouble), text }, ...(trouble.down ? {} : { recheckAt: until }) };
  }
  const kill = sandboxKilledForMemory(pod, view);
  if (kill === undefined) return NOTHING;
  const text = `${pod.metadata.name} cannot start within the memory limit of ${kill.limit}: ${kill.message.slice(0, 200)}`;
  return from(createdAt(pod) + windows.notReadyMs, now, { since: createdAt(pod), text });
}

/**
 * When a loop of restarts began: with the pod, where its age is no more than so many runs and back-offs take (10 s doubling to 5 min), else with
 * the last run, since an older pod's count also holds restarts of long ago.
 */
function loopBegan(pod: Pod, trouble: Trouble): number {
  const created = createdAt(pod);
  if (trouble.endedAt === undefined) return created;
  const run = trouble.lastRunMs ?? 0;
  const doubling = Math.min(trouble.ends, 6);
  const backoffs = FIRST_BACKOFF_MS * (2 ** doubling - 1) + MAX_BACKOFF_MS * Math.max(0, trouble.ends - doubling);
  const longest = 1.5 * (trouble.ends * run + backoffs) + 60_000;
  return trouble.endedAt - created <= longest ? created : trouble.endedAt - run;
}

/** Runs, but does not serve, for longer than its probes allow and the window more. What waits or crashes has its own symptom. */
export function notReady(pod: Pod, view: View, now: number, windows: DetectWindows): Look {
  if (pod.status.phase !== "Running" || isReady(pod)) return NOTHING;
  const node = pod.spec.nodeName === undefined ? undefined : view.get("Node", "", pod.spec.nodeName);
  const nodeDown = node !== undefined && conditionOf(node.status.conditions, "Ready")?.status !== "True";
  if (!nodeDown && containerTroubles(pod).some((t) => t.down || (t.endedAt !== undefined && t.ends >= 2 && now - t.endedAt < windows.crashWindowMs)))
    return NOTHING;
  const changed = readyChangedAt(pod);
  const patience = neverReady(pod, changed) && !answersWrongly(pod, view) ? startPatienceMs(pod, view) : 0;
  const since = Math.max(
    changed,
    ...pod.status.containerStatuses.map((s) => startDue(s.ready, s.started, timeOf(s.state.running?.startedAt), containerNamed(pod, s.name))),
  );
  if (nodeDown) {
    const cause: Cause = { kind: "Node", namespace: "", name: node.metadata.name };
    return from(changed + windows.notReadyMs, now, { since: changed, text: `${pod.metadata.name} is on ${node.metadata.name}, which is not ready`, cause });
  }
  const unready = pod.status.containerStatuses.filter((s) => !s.ready).map((s) => s.name);
  const what =
    unready.length > 0 ? `container ${unready.join(", ")} runs but is not ready` : (conditionOf(pod.status.conditions, "Ready")?.message ?? "is not ready");
  return from(since + Math.max(windows.notReadyMs, patience), now, { since: changed, text: `${pod.metadata.name}: ${what}` });
}

/** It became unready before its present containers ran: it is still on its first start. */
function neverReady(pod: Pod, changed: number): boolean {
  return pod.status.containerStatuses.every((s) => s.restartCount === 0 && changed <= (timeOf(s.state.running?.startedAt) ?? 0));
}

/** It is up and says 4xx to its probe: a wrong path or port of the probe, not a start that takes long (which refuses, times out or says 503). */
function answersWrongly(pod: Pod, view: View): boolean {
  return view.eventsOf(pod.metadata.uid).some((event) => event.reason === "Unhealthy" && /statuscode: 4\d\d/.test(event.message));
}

/** Kubernetes' own default for `progressDeadlineSeconds`. */
const START_PATIENCE_MS = 600_000;

/** How long a first start may take: what the owner says a rollout may take. A slow good start and a bad one look alike until then. */
function startPatienceMs(pod: Pod, view: View): number {
  const set = controllerOf(pod);
  const owner = set?.kind === "ReplicaSet" ? view.get("ReplicaSet", pod.metadata.namespace, set.name) : undefined;
  const root = owner === undefined ? undefined : controllerOf(owner);
  const deployment = root?.kind === "Deployment" ? view.get("Deployment", pod.metadata.namespace, root.name) : undefined;
  return deployment === undefined ? START_PATIENCE_MS : deployment.spec.progressDeadlineSeconds * 1_000;
}

/** The moment until which a container may still be starting by its own probes, ms; 0 when it is ready or does not run. */
function startDue(ready: boolean, started: boolean, runningSince: number | undefined, spec: Container | undefined): number {
  if (ready || runningSince === undefined || spec === undefined) return 0;
  const { startupProbe, readinessProbe } = spec;
  const startup =
    started || startupProbe === undefined
      ? 0
      : (startupProbe.initialDelaySeconds ?? 0) + (startupProbe.periodSeconds ?? 10) * (startupProbe.failureThreshold ?? 3);
  return runningSince + (startup + (readinessProbe?.initialDelaySeconds ?? 0)) * 1_000;
}

export function unschedulable(pod: Pod, view: View, now: number, windows: DetectWindows): Look {
  const scheduled = conditionOf(pod.status.conditions, "PodScheduled");
  if (pod.status.phase !== "Pending" || scheduled?.status !== "False" || scheduled.reason !== "Unschedulable") return NOTHING;
  const since = timeOf(scheduled.lastTransitionTime) ?? createdAt(pod);
  const claim = claimInScheduling(pod, scheduled.message, view);
  const text = `no node takes ${pod.metadata.name}: ${scheduled.message.slice(0, 300)}`;
  return from(since + windows.unschedulableMs, now, { since, text, ...(claim === undefined ? {} : { cause: claimCause(pod, claim) }) });
}

/** What a new revision may have brought. A volume that does not come is held by the old revision's pod more often than it is misnamed by the new one. */
export const SYMPTOMS: readonly PodSymptom[] = [imagePull, containerConfig, containerStart, oomKilled, crashing, notReady, unschedulable];
