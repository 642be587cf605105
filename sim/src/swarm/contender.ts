/** Who looks after a simulated cluster in a swarm run: the engine, or a baseline that it is measured beside. */
import type { Incident, PolicySpec, Record, Rule } from "@kintsugi/core";
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
  /** What it has to keep to. */
  readonly policy: PolicySpec;
}

/** Where and how it plays. Randomness is the run's own, so the same seed meets the same crashes. */
export interface Arena {
  readonly cluster: SimCluster;
  readonly random: Random;
  /** The safety phase ends here, ms: processes are killed no more, and what is left has to come to its end. */
  readonly until: number;
  /** What people of this cluster do not want done: to be added to the contender's own policy. */
  readonly rules: readonly Rule[];
}

export interface Entrant {
  readonly name: string;
  enter(arena: Arena): Promise<Contender>;
}
