/** Draws which faults of the API a run has and how often they strike, and wraps a connection in them. */
import type { Connection, SimCluster } from "../cluster.ts";
import type { Random } from "../random.ts";
import { API_FAULTS } from "./catalog.ts";

/** Rate by fault id, 0 to 1. Faults that are absent do not strike. */
export type TroubleRates = Readonly<Record<string, number>>;

/** A third of the runs have a quiet API; the others have some faults, each at a rate of its own. */
export function drawTrouble(random: Random): TroubleRates {
  if (random.chance(0.34)) return {};
  const chosen = API_FAULTS.filter(() => random.chance(0.4));
  return Object.fromEntries(chosen.map((fault) => [fault.id, Math.round(random.pick([0.02, 0.05, 0.1, 0.2]) * 100) / 100]));
}

/** The connection with every fault of `rates` upon it, until the moment `until`. */
export function troubled(cluster: SimCluster, connection: Connection, rates: TroubleRates, random: Random, until: number): Connection {
  return API_FAULTS.reduce((inner, fault) => {
    const rate = rates[fault.id];
    return rate === undefined ? inner : fault.wrap(inner, { cluster, random: random.fork(fault.id), rate, until });
  }, connection);
}
