/** A simulated cluster that core's ports cannot tell from a real one. */

export { type Actor, type AuditEntry, controllerActor, person } from "./api/actor.ts";
export type { Draft } from "./api/draft.ts";
export type { ApiFault, Trouble } from "./api-faults/api-fault.ts";
export { API_FAULTS } from "./api-faults/catalog.ts";
export { drawTrouble, type TroubleRates, troubled } from "./api-faults/trouble.ts";
export { type SpeedWorkload, speedWorkload } from "./bench.ts";
export { type ClusterOptions, type Connection, type ConnectOptions, createCluster, DEFAULT_START, type SimCluster } from "./cluster.ts";
export { FAULTS } from "./faults/catalog.ts";
export type { Fault, Injection } from "./faults/fault.ts";
export type { Usage } from "./kubelet/kubelet.ts";
export { LOOK_ALIKES } from "./lookalikes/catalog.ts";
export type { LookAlike, Scene } from "./lookalikes/look-alike.ts";
export type { Denial } from "./port/access.ts";
export type { SimPort } from "./port/cluster-port.ts";
export { LEASE_TIMES, type LeaseTimes } from "./port/lease.ts";
export type { SimClock } from "./port/sim-clock.ts";
export { createRandom, type Random } from "./random.ts";
export { type DrawOptions, drawScenario, type PlannedFault, type PlannedScene, type Scenario } from "./scenario/draw.ts";
export { Person } from "./scenario/people.ts";
export { type App, isWell, podsOf, type Stage } from "./scenario/stage.ts";
export { buildShop, buildStage, type Recipe, SHOP } from "./shop.ts";
export type { Timeline } from "./timeline.ts";
export { recordTranscript, type Transcript } from "./transcript.ts";
export { behaviour, type Exit, type ImageBehaviour, type MemoryNeed, task, type Unready, type When } from "./world/images.ts";
export type { World } from "./world/world.ts";
