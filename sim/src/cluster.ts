/**
 * A whole simulated cluster: API server, controllers, scheduler and kubelets on one virtual clock, and the ports by which engines see it.
 * Everything follows from the seed; two clusters made alike and treated alike are alike, event for event.
 */
import type { Kind, LeasePort } from "@kintsugi/core";
import type { Actor } from "./api/actor.ts";
import { startCronJobs } from "./controllers/cron-job.ts";
import { startDaemonSets } from "./controllers/daemon-set.ts";
import { startDeployments } from "./controllers/deployment.ts";
import { startDisruption } from "./controllers/disruption.ts";
import { startEndpoints } from "./controllers/endpoints.ts";
import { startGarbage } from "./controllers/garbage.ts";
import { startJobs } from "./controllers/job.ts";
import { startNodes } from "./controllers/nodes.ts";
import { startQuotas } from "./controllers/quota.ts";
import { startReplicaSets } from "./controllers/replica-set.ts";
import { startStatefulSets } from "./controllers/stateful-set.ts";
import { Kubelets } from "./kubelet/kubelet.ts";
import type { Denial } from "./port/access.ts";
import { createPort, type SimPort } from "./port/cluster-port.ts";
import { createLease, type LeaseRecord } from "./port/lease.ts";
import { createSimClock, type SimClock } from "./port/sim-clock.ts";
import { createRandom } from "./random.ts";
import { startScheduler } from "./scheduler/scheduler.ts";
import { createTimeline, type Timeline } from "./timeline.ts";
import { createWorld, type World } from "./world/world.ts";

export interface ClusterOptions {
  readonly seed: string | number;
  /** Virtual time at the beginning, ms since 1970. */
  readonly start?: number;
}

/** 2026-01-05T08:00:00Z, a Monday. */
export const DEFAULT_START = 1_767_600_000_000;

export interface ConnectOptions {
  /** Name of the engine's instance: holder of the Lease, and user in the audit. */
  readonly identity?: string;
  readonly served?: readonly Kind[];
  readonly denials?: readonly Denial[];
}

/** One engine's way into the cluster. */
export interface Connection {
  readonly port: SimPort;
  readonly lease: LeasePort;
  readonly clock: SimClock;
  readonly actor: Actor;
}

export interface SimCluster {
  readonly world: World;
  readonly timeline: Timeline;
  readonly kubelets: Kubelets;
  /** A port, Lease and clock of its own for every engine. */
  connect(options?: ConnectOptions): Connection;
  /** From now on every new connection is what `wrap` makes of it: how a scenario puts trouble between engines and their API server. */
  connectThrough(wrap: (connection: Connection) => Connection): void;
  /** The kubelet of the node stops posting, now; the control plane finds out in its own time. */
  silenceNode(name: string): void;
  reviveNode(name: string): void;
  /**
   * Runs event by event up to `until`. After every event that reached an engine (a delivery, a wake) `settle` is awaited, so that the
   * engine has answered before time goes on. Without engines use `timeline.advanceTo`.
   */
  run(until: number, settle: () => Promise<void>): Promise<void>;
}

export function createCluster(options: ClusterOptions): SimCluster {
  const timeline = createTimeline(options.start ?? DEFAULT_START);
  const random = createRandom(options.seed);
  const world = createWorld(timeline, random);
  const kubelets = new Kubelets(world);
  startReplicaSets(world);
  startDeployments(world);
  startStatefulSets(world);
  startDaemonSets(world);
  startJobs(world);
  startCronJobs(world);
  startEndpoints(world);
  startGarbage(world);
  startQuotas(world);
  startDisruption(world);
  startScheduler(world);
  const nodes = startNodes(world, (name) => kubelets.node(name).isUp);
  const lease: LeaseRecord = { holder: "", storeId: "", epoch: 0, renewedAt: 0, actFrom: 0 };
  let isTouched = false;
  let wrap = (connection: Connection): Connection => connection;
  const touch = () => {
    isTouched = true;
  };
  const connect = ({ identity = "kintsugi-0", served = [], denials = [] }: ConnectOptions = {}): Connection => {
    const actor: Actor = { kind: "engine", name: identity, manager: "kintsugi" };
    // Whoever connects has begun to do something that `run` must let settle.
    touch();
    const clock = createSimClock(timeline, touch);
    const port = createPort(world, kubelets, random.fork(`port/${identity}`), { actor, served, denials, onDeliver: touch });
    return wrap({ port, clock, actor, lease: createLease(timeline, lease, identity, () => timeline.now()) });
  };
  const run = async (until: number, settle: () => Promise<void>): Promise<void> => {
    for (let next = timeline.nextAt(); next !== undefined && next <= until; next = timeline.nextAt()) {
      timeline.runNext();
      if (!isTouched) continue;
      isTouched = false;
      await settle();
    }
    timeline.advanceTo(until);
  };
  return {
    world,
    timeline,
    kubelets,
    connect,
    connectThrough: (next) => {
      wrap = next;
    },
    silenceNode: (name) => {
      kubelets.silence(name);
      nodes.silent(name);
    },
    reviveNode: (name) => kubelets.revive(name),
    run,
  };
}
