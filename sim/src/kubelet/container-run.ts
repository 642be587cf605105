/**
 * One container's life on a node, as a machine with one next moment (`until`). Every stage is derived from absolute times, so that a
 * kubelet that was away finds the right state when it looks again.
 */
import { type Container, type ContainerState, type ContainerStatus, type Pod, parseQuantity } from "@kintsugi/core";
import type { Random } from "../random.ts";
import type { EventText } from "../world/events.ts";
import { behaviour, type ImageBehaviour } from "../world/images.ts";
import { isoTime } from "../world/time.ts";
import type { World } from "../world/world.ts";
import { type BackOff, nextBackOff, waitUntil } from "./back-off.ts";
import { type PlannedExit, planExit, type RunFacts } from "./exit-plan.ts";
import { ask, count, type ProbeRun, startProbe, wake } from "./probes.ts";
import { pullFailure } from "./pull.ts";
import { missingForContainer } from "./references.ts";
import { commandNotFound, crashBackOff, INIT_OOM_KILLED, probeFailed, pullBackOff, pulled, restartingFailed } from "./words.ts";

/** What a container sees of its surroundings. */
export interface Surroundings {
  readonly world: World;
  readonly pod: Pod;
  readonly ip: string;
  readonly random: Random;
  /** Images on the node. */
  readonly images: Set<string>;
  /** Counts a start under the pod's owner; returns how many there were before. */
  countRun(container: string): number;
  emit(text: EventText): void;
}

type Stage = "begin" | "pulling" | "pull-failed" | "pull-back-off" | "config-error" | "running" | "exited" | "back-off" | "ended";

const MIB = 2 ** 20;
/** PLEG's relist period: how long the kubelet takes to see that a container has ended. */
const PLEG_MS = 1_000;
/** Between two looks at a pod that cannot go on. */
const RESYNC_MS = 12_000;
/** A start that failed has no start time. */
const NEVER = "1970-01-01T00:00:00Z";
/** Below this, runc itself does not fit. */
const INIT_NEEDS_BYTES = 6 * MIB;

export class ContainerRun {
  readonly spec: Container;
  until: number;
  stage: Stage = "begin";
  restartCount = 0;
  ready = false;
  log = "";
  isDirty = true;
  startedAt = 0;
  #waiting = { reason: "ContainerCreating", message: "" };
  #ended: ContainerState["terminated"];
  #pullStarted = 0;
  #pull: BackOff | undefined;
  #pullFailure = "";
  #crash: BackOff | undefined;
  #exit: PlannedExit | undefined;
  #facts: RunFacts | undefined;
  #endedAt = 0;
  #readiness: ProbeRun | undefined;
  #liveness: ProbeRun | undefined;
  #startup: ProbeRun | undefined;

  constructor(spec: Container, waitingReason: "ContainerCreating" | "PodInitializing") {
    this.spec = spec;
    this.until = Number.POSITIVE_INFINITY;
    this.#waiting = { reason: waitingReason, message: "" };
  }

  /** The last state that ended, if any. */
  get ended(): ContainerState["terminated"] {
    return this.#ended;
  }

  get isRunning(): boolean {
    return this.stage === "running";
  }

  begin(now: number): void {
    this.stage = "begin";
    this.until = now;
  }

  /** Does everything that is due. */
  advance(around: Surroundings, now: number): void {
    while (this.until <= now) this.#step(around, now);
  }

  #step(around: Surroundings, now: number): void {
    switch (this.stage) {
      case "begin":
      case "config-error":
        this.#prepare(around, now);
        break;
      case "pulling":
        this.#pulled(around, now);
        break;
      case "pull-failed":
      case "pull-back-off":
        this.#waitForPull(around, now);
        break;
      case "running":
        this.#run(around, now);
        break;
      case "exited":
      case "back-off":
        this.#restart(around, now);
        break;
      case "ended":
        this.until = Number.POSITIVE_INFINITY;
    }
  }

  #does(around: Surroundings): ImageBehaviour {
    return around.world.images.get(this.spec.image) ?? behaviour();
  }

  #wait(reason: string, message: string): void {
    if (this.#waiting.reason === reason && this.#waiting.message === message) return;
    this.#waiting = { reason, message };
    this.isDirty = true;
  }

  #prepare(around: Surroundings, now: number): void {
    const { image } = this.spec;
    const isHere = around.images.has(image) && this.spec["imagePullPolicy"] !== "Always";
    if (!isHere) {
      this.#startPull(around, now);
      return;
    }
    this.#emit(around, "Normal", "Pulled", `Container image "${image}" already present on machine`);
    this.#create(around, now);
  }

  #startPull(around: Surroundings, now: number): void {
    const does = around.world.images.get(this.spec.image);
    this.#emit(around, "Normal", "Pulling", `Pulling image "${this.spec.image}"`);
    const isHere = around.images.has(this.spec.image);
    const tookMs = does === undefined ? 700 : isHere ? 400 : Math.round(does.pullMs * (0.8 + 0.4 * around.random.next()));
    this.#pullStarted = now;
    this.stage = "pulling";
    this.until = now + tookMs;
  }

  #pulled(around: Surroundings, now: number): void {
    const { image } = this.spec;
    const message = pullFailure(around.world, image);
    if (message === undefined) {
      around.images.add(image);
      this.#pull = undefined;
      this.#emit(around, "Normal", "Pulled", pulled(image, now - this.#pullStarted, this.#does(around).sizeBytes));
      this.#create(around, now);
      return;
    }
    this.#pullFailure = message;
    this.#emit(around, "Warning", "Failed", `Failed to pull image "${image}": ${message}`);
    this.#emit(around, "Warning", "Failed", "Error: ErrImagePull");
    this.#wait("ErrImagePull", message);
    this.#pull = nextBackOff(this.#pull, now, now);
    this.stage = "pull-failed";
    this.until = now + around.random.between(1_000, 3_000);
  }

  #waitForPull(around: Surroundings, now: number): void {
    const end = waitUntil(this.#pull, this.#pull?.updatedAt ?? now, now);
    if (end === undefined) {
      this.#startPull(around, now);
      return;
    }
    this.#emit(around, "Normal", "BackOff", `Back-off pulling image "${this.spec.image}"`);
    this.#emit(around, "Warning", "Failed", "Error: ImagePullBackOff");
    this.#wait("ImagePullBackOff", pullBackOff(this.spec.image, this.#pullFailure));
    this.stage = "pull-back-off";
    this.until = Math.min(end, now + RESYNC_MS);
  }

  #create(around: Surroundings, now: number): void {
    const missing = missingForContainer(around.world, around.pod, this.spec);
    if (missing !== undefined) {
      this.#emit(around, "Warning", "Failed", `Error: ${missing}`);
      this.#wait("CreateContainerConfigError", missing);
      this.stage = "config-error";
      this.until = now + around.random.between(RESYNC_MS - 2_000, RESYNC_MS + 2_000);
      return;
    }
    this.#emit(around, "Normal", "Created", `Created container: ${this.spec.name}`);
    const failure = this.#startFailure(around);
    if (failure !== undefined) {
      this.#failStart(around, failure, now);
      return;
    }
    this.#emit(around, "Normal", "Started", `Started container ${this.spec.name}`);
    this.#started(around, now);
  }

  #startFailure(around: Surroundings): string | undefined {
    const command = this.spec["command"];
    const executable = Array.isArray(command) ? String(command[0] ?? "") : undefined;
    if (executable !== undefined && !this.#does(around).executables.includes(executable)) return commandNotFound(executable);
    const limit = parseQuantity(this.spec.resources?.limits?.["memory"]);
    return limit !== undefined && limit < INIT_NEEDS_BYTES ? INIT_OOM_KILLED : undefined;
  }

  #failStart(around: Surroundings, message: string, now: number): void {
    this.#emit(around, "Warning", "Failed", `Error: ${message}`);
    this.#ended = { reason: "StartError", exitCode: 128, message, startedAt: NEVER, finishedAt: isoTime(now) };
    this.#endedAt = now;
    this.#wait("RunContainerError", message);
    this.isDirty = true;
    this.stage = "exited";
    this.until = now + PLEG_MS;
  }

  #started(around: Surroundings, now: number): void {
    this.startedAt = now;
    this.stage = "running";
    this.#facts = {
      facts: around.world.facts,
      startedAt: now,
      earlierRuns: around.countRun(this.spec.name),
      pod: `${around.pod.metadata.namespace}/${around.pod.metadata.name}`,
    };
    this.#exit = planExit(this.#does(around), this.spec, this.#facts);
    const { startupProbe, livenessProbe, readinessProbe } = this.spec;
    const jitter = () => around.random.between(0, 900);
    this.#startup = startupProbe === undefined ? undefined : startProbe(startupProbe, now, jitter());
    this.#liveness = livenessProbe === undefined ? undefined : startProbe(livenessProbe, now, jitter());
    this.#readiness = readinessProbe === undefined ? undefined : startProbe(readinessProbe, now, jitter());
    this.ready = this.#readiness === undefined && this.#startup === undefined;
    this.isDirty = true;
    this.#plan();
  }

  #plan(): void {
    const probes = this.#startup?.passed === false ? [this.#startup] : [this.#liveness, this.#readiness];
    this.until = Math.min(this.#exit?.at ?? Number.POSITIVE_INFINITY, ...probes.map((probe) => probe?.nextAt ?? Number.POSITIVE_INFINITY));
  }

  /** Something outside has changed: exits are planned anew, resting probes run again. */
  reconsider(around: Surroundings, now: number): void {
    if (this.stage === "config-error") this.until = Math.min(this.until, now + 2_000);
    if (this.stage !== "running" || this.#facts === undefined) return;
    this.#exit = planExit(this.#does(around), this.spec, this.#facts);
    for (const probe of [this.#liveness, this.#readiness]) if (probe !== undefined) wake(probe, this.startedAt, now);
    this.#plan();
  }

  #run(around: Surroundings, now: number): void {
    if (this.#exit !== undefined && this.#exit.at <= now) {
      this.#end(this.#exit, now);
      return;
    }
    const startup = this.#startup;
    if (startup !== undefined && !startup.passed) {
      if (startup.nextAt <= now) this.#probe(around, startup, "Startup", now);
      if (startup.passed && this.#readiness === undefined) this.#setReady(true);
    } else {
      if (this.#liveness !== undefined && this.#liveness.nextAt <= now) this.#probe(around, this.#liveness, "Liveness", now);
      if (this.stage === "running" && this.#readiness !== undefined && this.#readiness.nextAt <= now) this.#probe(around, this.#readiness, "Readiness", now);
    }
    if (this.stage === "running") this.#plan();
  }

  #probe(around: Surroundings, run: ProbeRun, kind: "Startup" | "Liveness" | "Readiness", now: number): void {
    if (this.#facts === undefined) return;
    const failure = ask(run.probe, this.spec, this.#does(around), this.#facts, around.ip, now);
    if (failure !== undefined) this.#emit(around, "Warning", "Unhealthy", `${kind} probe failed: ${probeFailed(failure)}`);
    const news = count(run, failure === undefined, now);
    if (kind === "Readiness" && news !== undefined) {
      this.#setReady(news === "passed");
      return;
    }
    if (kind === "Readiness" || news !== "failed") return;
    this.#emit(around, "Normal", "Killing", `Container ${this.spec.name} failed ${kind.toLowerCase()} probe, will be restarted`);
    const does = this.#does(around);
    const graceMs = (around.pod.spec.terminationGracePeriodSeconds ?? 30) * 1000;
    const code = does.stopMs > graceMs ? 137 : 143;
    this.#exit = { at: now + Math.min(does.stopMs, graceMs), code, reason: "Error", log: "" };
    for (const probe of [this.#startup, this.#liveness, this.#readiness]) if (probe !== undefined) probe.nextAt = Number.POSITIVE_INFINITY;
  }

  #setReady(ready: boolean): void {
    if (this.ready === ready) return;
    this.ready = ready;
    this.isDirty = true;
  }

  /** The process is killed from outside: a crash that its image does not explain. */
  kill(exit: Omit<PlannedExit, "at">, now: number): void {
    if (this.stage === "running") this.#end({ ...exit, at: now }, now);
  }

  #end(exit: PlannedExit, now: number): void {
    this.#ended = { reason: exit.reason, exitCode: exit.code, message: "", startedAt: isoTime(this.startedAt), finishedAt: isoTime(exit.at) };
    this.#endedAt = exit.at;
    this.log = exit.log;
    this.ready = false;
    this.isDirty = true;
    this.#waiting = { reason: "", message: "" };
    this.stage = "exited";
    this.until = now + PLEG_MS;
  }

  #restart(around: Surroundings, now: number): void {
    const policy = around.pod.spec.restartPolicy ?? "Always";
    const code = this.#ended?.exitCode ?? 0;
    if (policy === "Never" || (policy === "OnFailure" && code === 0)) {
      this.stage = "ended";
      this.until = Number.POSITIVE_INFINITY;
      this.isDirty = true;
      return;
    }
    const end = waitUntil(this.#crash, this.#endedAt, now);
    if (end !== undefined) {
      this.#emit(around, "Warning", "BackOff", restartingFailed(this.spec.name, around.pod));
      this.#wait("CrashLoopBackOff", crashBackOff(this.#crash?.delayMs ?? 0, this.spec.name, around.pod));
      this.stage = "back-off";
      this.until = Math.min(end, now + RESYNC_MS);
      return;
    }
    this.#crash = nextBackOff(this.#crash, this.#endedAt, now);
    this.restartCount += 1;
    this.isDirty = true;
    this.begin(now);
  }

  /** What the pod's status says about it. `image` and the last state are those of the process that runs or ran last. */
  status(): ContainerStatus {
    const { name, image } = this.spec;
    const isRunning = this.stage === "running";
    const started = isRunning && (this.#startup === undefined || this.#startup.passed);
    return { name, ready: this.ready, started, restartCount: this.restartCount, image, ...this.#states(isRunning) };
  }

  #states(isRunning: boolean): { readonly state: ContainerState; readonly lastState: ContainerState } {
    const last: ContainerState = this.#ended === undefined ? {} : { terminated: this.#ended };
    if (isRunning) return { state: { running: { startedAt: isoTime(this.startedAt) } }, lastState: last };
    const isShown = this.#waiting.reason === "" || this.stage === "ended";
    if (isShown && this.#ended !== undefined) return { state: last, lastState: {} };
    return { state: { waiting: this.#waiting }, lastState: last };
  }

  #emit(around: Surroundings, type: "Normal" | "Warning", reason: string, message: string): void {
    around.emit({ type, reason, message, fieldPath: `spec.containers{${this.spec.name}}` });
  }
}
