/** One pod on one node: volumes, sandbox, init containers, containers, and its end. */
import { controllerOf, type Pod } from "@kintsugi/core";
import type { Actor } from "../api/actor.ts";
import { podResources } from "../api/pod-resources.ts";
import { isTerminal } from "../controllers/pods.ts";
import type { Random } from "../random.ts";
import type { EventText } from "../world/events.ts";
import { sameJson } from "../world/same.ts";
import type { World } from "../world/world.ts";
import { ContainerRun, type Surroundings } from "./container-run.ts";
import { isEnding, type PodLife, statusOf } from "./pod-status.ts";
import { evict } from "./pressure.ts";
import { missingForVolumes } from "./references.ts";
import { overfullVolume } from "./volumes.ts";
import { emptyDirFull, SANDBOX_OOM_KILLED } from "./words.ts";

/** The node's part of what a worker needs. */
export interface NodeLife {
  readonly name: string;
  readonly actor: Actor;
  /** False while the kubelet does not run or cannot be reached: it neither acts nor reports. */
  isUp: boolean;
  readonly images: Set<string>;
  /** Where in each second its kubelet lists its containers, ms. */
  readonly beatMs: number;
  nextIp(): string;
}

/** How long making a sandbox takes, ms. */
const SANDBOX_MS = [300, 900] as const;
/** Mounts are tried again after 0.5 s doubling to 122 s. */
const MOUNT_FIRST_MS = 500;
const MOUNT_MOST_MS = 122_000;

/** Between two lists of what containers do (genericPlegRelistPeriod). */
const RELIST_MS = 1_000;
/** Between two comparisons of what pods hold with what they may (evictionMonitoringPeriod). */
const MONITOR_MS = 10_000;
/** Until it is measured again what a pod holds: once a minute (volumeStatsAggPeriod). */
const MEASURE_MS = [2_000, 60_000] as const;
/** From the end of the last container until its sandbox is gone. */
const CLEAN_UP_MS = [500, 1_500] as const;
/** From the last word on a pod that is deleted until it is gone. */
const FORGET_MS = [50, 250] as const;

/** Between two tries to make a sandbox. */
const SANDBOX_RETRY_MS = 12_000;
/** The pause container and runc need this much of the pod's own limit, bytes. */
const SANDBOX_NEEDS_BYTES = 2 * 2 ** 20;

/** A pod is limited as a whole where each of its containers is. */
function isTooSmall(pod: Pod): boolean {
  const isLimited = pod.spec.containers.every((container) => container.resources?.limits?.["memory"] !== undefined);
  return isLimited && podResources(pod.spec).limits.memory < SANDBOX_NEEDS_BYTES;
}

export class PodWorker {
  readonly uid: string;
  readonly node: NodeLife;
  readonly containers: readonly ContainerRun[];
  readonly inits: readonly ContainerRun[];
  readonly #world: World;
  readonly #random: Random;
  readonly #runs: Map<string, number>;
  readonly #key: { readonly namespace: string; readonly name: string };
  #startedAt: number;
  #ip = "";
  #hasSandbox = false;
  #sandboxAt: number;
  #mountFailures = 0;
  #initsDone = false;
  #endsAt: number | undefined;
  #goneAt: number | undefined;
  #overAt = Number.POSITIVE_INFINITY;
  #evictAt = Number.POSITIVE_INFINITY;
  #isReported = false;
  #timer: { readonly at: number; readonly cancel: () => void } | undefined;

  constructor(world: World, random: Random, runs: Map<string, number>, node: NodeLife, pod: Pod) {
    this.#world = world;
    this.#random = random;
    this.#runs = runs;
    this.node = node;
    this.uid = pod.metadata.uid;
    this.#key = { namespace: pod.metadata.namespace, name: pod.metadata.name };
    this.inits = (pod.spec.initContainers ?? []).map((spec) => new ContainerRun(spec, "PodInitializing", true));
    const waiting = this.inits.length === 0 ? "ContainerCreating" : "PodInitializing";
    this.containers = pod.spec.containers.map((spec) => new ContainerRun(spec, waiting, false));
    this.#startedAt = world.timeline.now();
    this.#sandboxAt = this.#startedAt + random.between(...SANDBOX_MS);
  }

  pod(): Pod | undefined {
    const pod = this.#world.store.get("Pod", this.#key.namespace, this.#key.name);
    return pod?.metadata.uid === this.uid ? pod : undefined;
  }

  /** Brings everything up to now, reports what changed, and plans the next look. */
  sync(): void {
    const pod = this.pod();
    if (!this.node.isUp || pod === undefined) return;
    const now = this.#world.timeline.now();
    if (pod.metadata.deletionTimestamp !== undefined) {
      this.#terminate(pod, now);
      return;
    }
    if (isTerminal(pod)) return;
    this.#advance(this.surroundings(pod), now);
    if (this.#isEvicted(pod, now)) return;
    this.#report(pod, now);
    this.#plan();
  }

  surroundings(pod: Pod): Surroundings {
    const owner = controllerOf(pod)?.uid ?? this.uid;
    return {
      world: this.#world,
      pod,
      ip: this.#ip,
      random: this.#random,
      images: this.node.images,
      relistAfter: (time) => this.#beatAfter(time, RELIST_MS),
      countRun: (container) => {
        const key = `${owner}/${container}`;
        const before = this.#runs.get(key) ?? 0;
        this.#runs.set(key, before + 1);
        return before;
      },
      emit: (text) => this.#emit(pod, text),
    };
  }

  #beatAfter(time: number, periodMs: number): number {
    return (Math.floor((time - this.node.beatMs) / periodMs) + 1) * periodMs + this.node.beatMs;
  }

  /** Something outside has changed. */
  reconsider(): void {
    const pod = this.pod();
    if (pod === undefined || !this.node.isUp) return;
    for (const run of [...this.inits, ...this.containers]) run.reconsider(this.surroundings(pod), this.#world.timeline.now());
    this.sync();
  }

  /** The next sync reports the status even where no container changed. */
  markDirty(): void {
    this.#isReported = false;
  }

  #advance(around: Surroundings, now: number): void {
    if (!this.#hasSandbox && this.#sandboxAt <= now) this.#makeSandbox(around, now);
    if (!this.#hasSandbox) return;
    if (!this.#initsDone) this.#runInits(around, now);
    if (!this.#initsDone) return;
    for (const run of this.containers) run.advance(around, now);
  }

  #makeSandbox(around: Surroundings, now: number): void {
    const missing = missingForVolumes(this.#world, around.pod);
    if (missing !== undefined) {
      around.emit({ type: "Warning", reason: "FailedMount", message: missing });
      this.#sandboxAt = now + Math.min(MOUNT_MOST_MS, MOUNT_FIRST_MS * 2 ** this.#mountFailures);
      this.#mountFailures += 1;
      return;
    }
    if (isTooSmall(around.pod)) {
      around.emit({ type: "Warning", reason: "FailedCreatePodSandBox", message: SANDBOX_OOM_KILLED });
      this.#sandboxAt = now + SANDBOX_RETRY_MS;
      return;
    }
    this.#hasSandbox = true;
    this.#ip = this.node.nextIp();
    const first = this.inits.length === 0 ? this.containers : this.inits.slice(0, 1);
    for (const run of first) run.begin(now);
  }

  #runInits(around: Surroundings, now: number): void {
    for (const [i, run] of this.inits.entries()) {
      run.advance(around, now);
      if (run.ended?.exitCode !== 0 || run.stage !== "ended") return;
      const next = this.inits[i + 1];
      if (next !== undefined && next.stage === "begin" && !Number.isFinite(next.until)) next.begin(now);
    }
    this.#initsDone = true;
    for (const run of this.containers) run.begin(now);
  }

  #report(pod: Pod, now: number): void {
    const runs = [...this.inits, ...this.containers];
    if (this.#isReported && this.#overAt > now && !runs.some((run) => run.shown.isDirty)) return;
    this.#isReported = true;
    for (const run of runs) run.shown.isDirty = false;
    const isOver = this.#overAt <= now;
    this.#writeStatus(pod, isOver, now);
    if (!isOver && isEnding(pod, this.#life(false))) this.#overAt = Math.min(this.#overAt, now + this.#random.between(...CLEAN_UP_MS));
  }

  #life(isOver: boolean): PodLife {
    const { inits, containers } = this;
    const initsDone = this.#initsDone || inits.length === 0;
    return { startedAt: this.#startedAt, ip: this.#ip, hasSandbox: this.#hasSandbox, initsDone, inits, containers, isOver };
  }

  #writeStatus(pod: Pod, isOver: boolean, now: number): Pod {
    const status = statusOf(pod, this.#life(isOver), now);
    return sameJson(status, pod.status) ? pod : this.#world.api.update(this.node.actor, { ...pod, status }, { subresource: "status" });
  }

  /** A pod whose volumes hold more than they may goes at once when that is seen. */
  #isEvicted(pod: Pod, now: number): boolean {
    const full = overfullVolume(this.#world, pod, this.containers);
    if (full === undefined) this.#evictAt = Number.POSITIVE_INFINITY;
    else if (!Number.isFinite(this.#evictAt)) this.#evictAt = this.#beatAfter(now + this.#random.between(...MEASURE_MS), MONITOR_MS);
    if (full === undefined || this.#evictAt > now) return false;
    this.stop();
    evict(this.#world, this.node.actor, pod, emptyDirFull(full.volume, full.limit));
    return true;
  }

  #plan(): void {
    let at = this.#hasSandbox ? Number.POSITIVE_INFINITY : this.#sandboxAt;
    if (this.#hasSandbox) for (const run of this.#initsDone ? this.containers : this.inits) at = Math.min(at, run.until);
    this.#wakeAt(Math.min(at, this.#overAt, this.#evictAt));
  }

  #wakeAt(at: number): void {
    if (this.#timer?.at === at) return;
    this.#timer?.cancel();
    this.#timer = undefined;
    if (!Number.isFinite(at)) return;
    const cancel = this.#world.timeline.at(at, () => {
      this.#timer = undefined;
      this.sync();
    });
    this.#timer = { at, cancel };
  }

  /** TERM, the grace period or less, and then the last word to the API server. */
  #terminate(pod: Pod, now: number): void {
    if (this.#endsAt === undefined) {
      const graceMs = this.#world.api.graceMsOf(pod);
      const running = this.containers.filter((run) => run.isRunning);
      for (const run of running) {
        const text = {
          type: "Normal",
          reason: "Killing",
          message: `Stopping container ${run.spec.name}`,
          fieldPath: `spec.containers{${run.spec.name}}`,
        } as const;
        this.#emit(pod, text);
      }
      const stops = running.map((run) => Math.min(graceMs, this.#world.images.does(run.spec).stopMs));
      this.#endsAt = now + Math.max(0, ...stops) + this.#random.between(200, 1_200);
    }
    if (this.#endsAt > now) {
      this.#wakeAt(this.#endsAt);
      return;
    }
    if (this.#goneAt === undefined) {
      if (!isTerminal(pod)) this.#lastWord(pod, now);
      this.#goneAt = now + this.#random.between(...FORGET_MS);
    }
    if (this.#goneAt > now) {
      this.#wakeAt(this.#goneAt);
      return;
    }
    this.stop();
    this.#world.api.finishDelete(pod);
  }

  /** How each container ended, and so the pod, before it is gone. */
  #lastWord(pod: Pod, now: number): void {
    const graceMs = this.#world.api.graceMsOf(pod);
    for (const run of [...this.inits, ...this.containers]) run.finish(this.#world.images.does(run.spec), graceMs, now);
    this.#writeStatus(pod, true, now);
  }

  /** Forgets the pod: nothing of it is left on the node. */
  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #emit(pod: Pod, text: EventText): void {
    this.#world.events.emit("kubelet", pod, text);
  }
}
