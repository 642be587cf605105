/** A simulated cluster that core's ports cannot tell from a real one. */
export { type Actor, type AuditEntry, controllerActor, person } from "./api/actor.ts";
export type { Draft } from "./api/draft.ts";
export { type ClusterOptions, type Connection, type ConnectOptions, createCluster, DEFAULT_START, type SimCluster } from "./cluster.ts";
export type { Usage } from "./kubelet/kubelet.ts";
export type { Denial } from "./port/access.ts";
export { LEASE_TIMES, type LeaseTimes } from "./port/lease.ts";
export type { SimClock } from "./port/sim-clock.ts";
export { createRandom, type Random } from "./random.ts";
export type { Timeline } from "./timeline.ts";
export { recordTranscript, type Transcript } from "./transcript.ts";
export { behaviour, type Exit, type ImageBehaviour, type MemoryNeed, task, type Unready, type When } from "./world/images.ts";
export type { World } from "./world/world.ts";
