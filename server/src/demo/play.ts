/** The demo's world: a shop on a dozen nodes, and faults that are played on it one after the other, with the truth about them. */
import { type Ref, refKey, refText } from "@kintsugi/core";
import { type App, buildShop, type Connection, createRandom, type Fault, type Injection, type Random, type SimCluster, type Stage } from "@kintsugi/sim";
import type { AppState, DemoScreen, PlayedFault } from "./view.ts";

export interface PlayOptions {
  readonly seed: string | number;
  /** Virtual time at the beginning, ms. */
  readonly start?: number;
  /** Played in this order, one every `everyMs` of virtual time; drawn at random and for ever when `endless`. */
  readonly faults: readonly Fault[];
  readonly endless: boolean;
  readonly everyMs: number;
}

/** One fault that was played. Times in virtual ms. */
export interface Part {
  readonly fault: Fault;
  readonly injection: Injection;
  readonly at: number;
  /** Since when it has been over, by the state of the world. A fault that shows late may seem over before it is seen. */
  overAt: number | undefined;
}

const MINUTE_MS = 60_000;
/** Pods are pulled, started and ready after this. */
const SET_UP_MS = 10 * MINUTE_MS;
/** A fault takes a moment to show: it cannot be over before it has begun. */
const SHOWS_AFTER_MS = MINUTE_MS;
/** The slowest faults have shown by then, and an application that was mended has come to rest. */
const REST_MS = 6 * MINUTE_MS;

export class Play {
  readonly stage: Stage;
  readonly connection: Connection;
  readonly parts: Part[] = [];
  readonly #options: PlayOptions;
  readonly #random: Random;
  #nextAt = Number.POSITIVE_INFINITY;
  #drawn = 0;

  constructor(options: PlayOptions) {
    this.#options = options;
    this.#random = createRandom(`demo/${options.seed}`);
    this.stage = buildShop(options.seed, options.start);
    this.cluster.timeline.advanceTo(this.now + SET_UP_MS);
    this.connection = this.cluster.connect();
  }

  get cluster(): SimCluster {
    return this.stage.cluster;
  }

  get now(): number {
    return this.cluster.timeline.now();
  }

  /** From now on faults come. */
  begin(firstAfterMs: number = this.#options.everyMs): void {
    this.#nextAt = this.now + firstAfterMs;
  }

  /** When the next fault comes; undefined when none will. */
  get nextFaultAt(): number | undefined {
    return Number.isFinite(this.#nextAt) ? this.#nextAt : undefined;
  }

  /** Lets virtual time pass up to `until`; `settle` is awaited whenever something has reached the engine. */
  async advance(until: number, settle: () => Promise<void>): Promise<void> {
    while (this.#nextAt <= until) {
      await this.cluster.run(this.#nextAt, settle);
      this.#look();
      this.#playNext();
    }
    await this.cluster.run(until, settle);
    this.#look();
  }

  /** True when every fault was played and is over, or cannot be healed by what the engine may do. */
  get isOver(): boolean {
    const last = this.parts.at(-1)?.at ?? this.now;
    if (this.nextFaultAt !== undefined || this.now - last < REST_MS) return false;
    return this.parts.every(({ fault, overAt }) => overAt !== undefined || fault.healedBy.length === 0);
  }

  /** What the screen shows of the world. */
  world(): Pick<DemoScreen, "now" | "nodes" | "apps" | "faults" | "nextFaultAt"> {
    const nodes = this.cluster.world.store.list("Node");
    const ready = nodes.filter(({ status }) => status.conditions.some(({ type, status: value }) => type === "Ready" && value === "True"));
    return {
      now: this.now,
      nodes: { ready: ready.length, total: nodes.length },
      apps: this.stage.apps.map((app) => this.#appState(app)),
      faults: this.parts.map(playedFault),
      nextFaultAt: this.nextFaultAt,
    };
  }

  #playNext(): void {
    const { faults, endless, everyMs } = this.#options;
    const part = this.#inject(endless ? this.#random.shuffle(faults) : faults.slice(this.#drawn));
    this.#drawn = part === undefined ? faults.length : this.#drawn + 1;
    if (part !== undefined) this.parts.push(part);
    const goesOn = endless || this.#drawn < faults.length;
    this.#nextAt = goesOn ? this.now + everyMs : Number.POSITIVE_INFINITY;
  }

  /** The first of these that the cluster is fit for. */
  #inject(faults: readonly Fault[]): Part | undefined {
    for (const fault of faults) {
      const injection = fault.inject(this.stage, this.#random);
      if (injection !== undefined) return { fault, injection, at: this.now, overAt: undefined };
    }
    return undefined;
  }

  #look(): void {
    for (const part of this.parts) {
      if (this.now - part.at < SHOWS_AFTER_MS) continue;
      part.overAt = part.injection.isOver() ? (part.overAt ?? this.now) : undefined;
      // What has been well for a while may play another part.
      const isFree = part.overAt !== undefined && this.now - part.overAt > REST_MS;
      if (this.#options.endless && isFree) for (const target of part.injection.targets) this.stage.taken.delete(refKey(target));
    }
  }

  #appState({ ref, replicas }: App): AppState {
    return { name: `${ref.namespace}/${ref.name}`, ...this.#replicasOf(ref, replicas) };
  }

  #replicasOf(ref: Ref, asked: number): Pick<AppState, "ready" | "wanted"> {
    const object = this.cluster.world.store.find(ref);
    if (object?.kind === "DaemonSet") return { ready: object.status.numberReady, wanted: object.status.desiredNumberScheduled };
    if (object?.kind !== "Deployment" && object?.kind !== "StatefulSet") return { ready: 0, wanted: asked };
    // What is wanted is what the shop's people meant, also when somebody has scaled it to nothing.
    return { ready: object.status.readyReplicas, wanted: Math.max(asked, object.spec.replicas) };
  }
}

function playedFault({ fault, injection, at, overAt }: Part): PlayedFault {
  return { title: fault.title, subject: refText(injection.subject), at, isOver: overAt !== undefined };
}
