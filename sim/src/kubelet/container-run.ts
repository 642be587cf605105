/**
 * One container's life on a node, as a machine with one next moment (`until`). Every stage is derived from absolute times, so that a
 * kubelet that was away finds the right state when it looks again.
 */
import { type Container, type ContainerState, type ContainerStatus, type Pod, type Probe, parseQuantity } from "@kintsugi/core";
import type { Random } from "../random.ts";
import type { EventText } from "../world/events.ts";
import { type ImageBehaviour, isInvalidName, stopCode } from "../world/images.ts";
import { isoTime } from "../world/time.ts";
import type { World } from "../world/world.ts";
import { type BackOff, nextBackOff, waitUntil } from "./back-off.ts";
import { type PlannedExit, planExit, type RunFacts } from "./exit-plan.ts";
import { ask, count, type ProbeRun, startProbe, wake } from "./probes.ts";
import { pullFailure } from "./pull.ts";
import { missingForContainer } from "./references.ts";
import { NEVER, ShownState } from "./shown-state.ts";
import { commandNotFound, crashBackOff, INIT_OOM_KILLED, nameRefused, probeFailed, pullBackOff, pulled, restartingFailed } from "./words.ts";

/** What a container sees of its surroundings. */
export interface Surroundings {
  readonly world: World;
  readonly pod: Pod;
  readonly ip: string;
  readonly random: Random;
  /** Images on the node. */
  readonly images: Set<string>;
  /** The first moment after `time` at which the kubelet lists what its containers do. */
  relistAfter(time: number): number;
  /** Counts a start under the pod's owner; returns how many there were before. */
  countRun(container: string): number;
  emit(text: EventText): void;
}

type Stage = "begin" | "pulling" | "pull-failed" | "config-error" | "running" | "exited" | "back-off" | "ended";

const MIB = 2 ** 20;
/** Until the next pass over a pod that could not go on (backOffPeriod with workerBackOffPeriodJitterFactor, pkg/kubelet/pod_workers.go). */
const RETRY_MS = [10_000, 15_000] as const;
/** Below this, runc itself does not fit. */
const INIT_NEEDS_BYTES = 6 * MIB;

export class ContainerRun {
  readonly spec: Container;
  until: number;
  stage: Stage = "begin";
  restartCount = 0;
  ready = false;
  log = "";
  startedAt = 0;
  readonly shown: ShownState;
  readonly #isInit: boolean;
  /** It has come into its sandbox and no pass has looked since. */
  #isNew = false;
  /** When the kubelet sees that it runs; infinite once it has. */
  #seenAt = Number.POSITIVE_INFINITY;
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

  constructor(spec: Container, waitingReason: "ContainerCreating" | "PodInitializing", isInit: boolean) {
    this.spec = spec;
    this.until = Number.POSITIVE_INFINITY;
    this.shown = new ShownState(spec, waitingReason);
    this.#isInit = isInit;
  }

  /** The last state that ended, if any. */
  get ended(): ContainerState["terminated"] {
    return this.shown.ended;
  }

  get isRunning(): boolean {
    return this.stage === "running";
  }

  begin(now: number): void {
    this.stage = "begin";
    this.until = now;
    this.#isNew = this.ended === undefined;
  }

  /** Does everything that is due. */
  advance(around: Surroundings, now: number): void {
    while (this.until <= now) this.#step(around, now);
  }

  #step(around: Surroundings, now: number): void {
    switch (this.stage) {
      case "begin":
        this.#prepare(around, now);
        break;
      case "config-error":
        this.#show();
        this.#prepare(around, now);
        break;
      case "pulling":
        this.#pulled(around, now);
        break;
      case "pull-failed":
        this.#show();
        this.#waitForPull(around, now);
        break;
      case "running":
        this.#run(around, now);
        break;
      case "exited":
      case "back-off":
        this.#show();
        this.#restart(around, now);
        break;
      case "ended":
        this.until = Number.POSITIVE_INFINITY;
    }
  }

  #does(around: Surroundings): ImageBehaviour {
    return around.world.images.does(this.spec);
  }

  /** The pass cannot go on. The first one in a new sandbox is followed by another as soon as the kubelet sees the sandbox. */
  #giveUp(around: Surroundings, stage: Stage, reason: string, message: string, now: number): void {
    this.stage = stage;
    this.shown.waitsFor(reason, message);
    this.until = this.#isNew ? around.relistAfter(now) : now + around.random.between(...RETRY_MS);
    this.#isNew = false;
  }

  #prepare(around: Surroundings, now: number): void {
    const { image } = this.spec;
    if (isInvalidName(image)) {
      this.#emit(around, "Warning", "InspectFailed", nameRefused(image));
      this.#emit(around, "Warning", "Failed", "Error: InvalidImageName");
      this.#giveUp(around, "config-error", "InvalidImageName", nameRefused(image), now);
      return;
    }
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
    this.#pull = nextBackOff(this.#pull, now, now);
    this.#giveUp(around, "pull-failed", "ErrImagePull", message, now);
  }

  #waitForPull(around: Surroundings, now: number): void {
    if (waitUntil(this.#pull, this.#pull?.updatedAt ?? now, now) === undefined) {
      this.#startPull(around, now);
      return;
    }
    this.#emit(around, "Normal", "BackOff", `Back-off pulling image "${this.spec.image}"`);
    this.#emit(around, "Warning", "Failed", "Error: ImagePullBackOff");
    this.#giveUp(around, "pull-failed", "ImagePullBackOff", pullBackOff(this.spec.image, this.#pullFailure), now);
  }

  #create(around: Surroundings, now: number): void {
    const missing = missingForContainer(around.world, around.pod, this.spec);
    if (missing !== undefined) {
      this.#emit(around, "Warning", "Failed", `Error: ${missing}`);
      this.#giveUp(around, "config-error", "CreateContainerConfigError", missing, now);
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
    this.shown.end({ reason: "StartError", exitCode: 128, message, startedAt: NEVER, finishedAt: isoTime(now) });
    this.#endedAt = now;
    this.shown.waitsFor("RunContainerError", message);
    this.stage = "exited";
    this.until = around.relistAfter(now);
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
    this.#seenAt = around.relistAfter(now);
    // Nothing is asked before the kubelet has seen the process.
    const first = ({ initialDelaySeconds = 0 }: Probe) => Math.max(now + initialDelaySeconds * 1_000, this.#seenAt) + around.random.between(0, 900);
    this.#startup = startupProbe === undefined ? undefined : startProbe(startupProbe, first(startupProbe));
    this.#liveness = livenessProbe === undefined ? undefined : startProbe(livenessProbe, first(livenessProbe));
    this.#readiness = readinessProbe === undefined ? undefined : startProbe(readinessProbe, first(readinessProbe));
    this.ready = this.#readiness === undefined && this.#startup === undefined;
    this.#plan(around);
  }

  #plan(around: Surroundings): void {
    const probes = this.#startup?.passed === false ? [this.#startup] : [this.#liveness, this.#readiness];
    const asked = Math.min(...probes.map((probe) => probe?.nextAt ?? Number.POSITIVE_INFINITY));
    const gone = this.#exit?.at ?? Number.POSITIVE_INFINITY;
    // A process that is gone is asked nothing any more.
    this.until = Math.min(this.#seenAt, Number.isFinite(gone) ? around.relistAfter(gone) : gone, asked < gone ? asked : Number.POSITIVE_INFINITY);
  }

  /** Something outside has changed: exits are planned anew, resting probes run again. */
  reconsider(around: Surroundings, now: number): void {
    if (this.stage !== "running" || this.#facts === undefined) return;
    this.#exit = planExit(this.#does(around), this.spec, this.#facts);
    for (const probe of [this.#liveness, this.#readiness]) if (probe !== undefined) wake(probe, this.startedAt, now);
    this.#plan(around);
  }

  #run(around: Surroundings, now: number): void {
    if (this.#exit !== undefined && around.relistAfter(this.#exit.at) <= now) {
      this.#end(this.#exit, now);
      return;
    }
    if (this.#seenAt <= now) {
      this.#seenAt = Number.POSITIVE_INFINITY;
      this.#show();
    }
    if ((this.#exit?.at ?? Number.POSITIVE_INFINITY) > now) this.#askProbes(around, now);
    this.#plan(around);
  }

  #askProbes(around: Surroundings, now: number): void {
    const startup = this.#startup;
    if (startup !== undefined && !startup.passed) {
      if (startup.nextAt <= now) this.#probe(around, startup, "Startup", now);
      if (startup.passed && this.#readiness === undefined) this.#setReady(true);
    } else {
      if (this.#liveness !== undefined && this.#liveness.nextAt <= now) this.#probe(around, this.#liveness, "Liveness", now);
      if (this.#readiness !== undefined && this.#readiness.nextAt <= now) this.#probe(around, this.#readiness, "Readiness", now);
    }
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
    const code = stopCode(does, graceMs);
    this.#exit = { at: now + Math.min(does.stopMs, graceMs), code, reason: "Error", log: "" };
    for (const probe of [this.#startup, this.#liveness, this.#readiness]) if (probe !== undefined) probe.nextAt = Number.POSITIVE_INFINITY;
  }

  #setReady(ready: boolean): void {
    if (this.ready === ready) return;
    this.ready = ready;
    this.#show();
  }

  /** The process is killed from outside: a crash that its image does not explain. */
  kill(exit: Omit<PlannedExit, "at">, now: number): void {
    if (this.stage !== "running") return;
    this.#exit = { ...exit, at: now };
    this.until = now;
  }

  /** The pod ends: what still runs has ended so, what never ran is not to be found. */
  finish(does: ImageBehaviour, graceMs: number, now: number): void {
    if (this.stage === "running") {
      const code = stopCode(does, graceMs);
      this.#end({ at: now, code, reason: code === 0 ? "Completed" : "Error", log: this.log }, now);
    }
    this.shown.close();
  }

  #end(exit: PlannedExit, now: number): void {
    this.shown.end({ reason: exit.reason, exitCode: exit.code, message: "", startedAt: isoTime(this.startedAt), finishedAt: isoTime(exit.at) });
    this.#endedAt = exit.at;
    this.log = exit.log;
    this.ready = false;
    this.#seenAt = Number.POSITIVE_INFINITY;
    this.stage = "exited";
    this.until = now;
  }

  #restart(around: Surroundings, now: number): void {
    const policy = around.pod.spec.restartPolicy ?? "Always";
    const code = this.ended?.exitCode ?? 0;
    // A finished init container is not run again, whatever the policy says.
    if (policy === "Never" || ((policy === "OnFailure" || this.#isInit) && code === 0)) {
      this.stage = "ended";
      this.until = Number.POSITIVE_INFINITY;
      return;
    }
    if (waitUntil(this.#crash, this.#endedAt, now) !== undefined) {
      this.#emit(around, "Warning", "BackOff", restartingFailed(this.spec.name, around.pod));
      this.#giveUp(around, "back-off", "CrashLoopBackOff", crashBackOff(this.#crash?.delayMs ?? 0, this.spec.name, around.pod), now);
      return;
    }
    this.#crash = nextBackOff(this.#crash, this.#endedAt, now);
    this.restartCount += 1;
    this.begin(now);
  }

  /** What the pod's status says about it. */
  status(): ContainerStatus {
    return this.shown.status;
  }

  #show(): void {
    const isRunning = this.stage === "running";
    const hasStarted = isRunning && (this.#startup === undefined || this.#startup.passed);
    this.shown.pass({ ready: this.ready, restartCount: this.restartCount, isRunning, hasStarted, startedAt: isoTime(this.startedAt) });
  }

  #emit(around: Surroundings, type: "Normal" | "Warning", reason: string, message: string): void {
    around.emit({ type, reason, message, fieldPath: `spec.containers{${this.spec.name}}` });
  }
}
