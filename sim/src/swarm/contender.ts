/** Who looks after a simulated cluster in a swarm run: the engine, or a baseline that it is measured beside. */
import type { Incident, Record } from "@kintsugi/core";
import type { SimCluster } from "../cluster.ts";
import type { Random } from "../random.ts";

export interface Contender {
  /** Resolves when it has nothing more to do at this moment. */
  settled(): Promise<void>;
  /** What it reported, alive or ended; empty for one that reports nothing. */
  incidents(): readonly Incident[];
  /** Its ledger, oldest first. */
  records(): readonly Record[];
  stop(): Promise<void>;
}

export interface Entrant {
  readonly name: string;
  /** Attaches to the cluster. Randomness is the run's own, so the same seed meets the same crashes. */
  enter(cluster: SimCluster, random: Random): Promise<Contender>;
}
