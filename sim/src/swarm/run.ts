/** One seed, one contender: the cluster warms up, things break, the API misbehaves; then nothing new breaks and all that can be healed must be. */
import type { Incident, Record } from "@kintsugi/core";
import type { AuditEntry } from "../api/actor.ts";
import type { Fault, Injection } from "../faults/fault.ts";
import type { Scene } from "../lookalikes/look-alike.ts";
import { createRandom } from "../random.ts";
import { drawScenario } from "../scenario/draw.ts";
import type { Stage } from "../scenario/stage.ts";
import type { Entrant } from "./contender.ts";

/** A fault that was played, and how it stands. */
export interface Played {
  readonly fault: Fault;
  readonly injection: Injection;
  readonly at: number;
  /** When it was first seen over, ms; undefined when it never was. */
  readonly overAt: number | undefined;
}

export interface Run {
  readonly seed: string;
  readonly contender: string;
  readonly began: number;
  readonly ended: number;
  readonly stage: Stage;
  readonly played: readonly Played[];
  /** Healthy things that look alike. */
  readonly scenes: readonly Scene[];
  readonly incidents: readonly Incident[];
  readonly records: readonly Record[];
  /** Writes of the contender that changed something. */
  readonly writes: readonly AuditEntry[];
}

/** How often the world is asked whether a fault is over, ms. */
const LOOK_MS = 15_000;

export async function runSeed(seed: string, entrant: Entrant): Promise<Run> {
  const scenario = drawScenario(seed);
  const random = createRandom(`swarm/${seed}`);
  const { stage, calmAt, end } = scenario;
  const { cluster } = stage;
  const began = cluster.timeline.now();
  const played: { -readonly [K in keyof Played]: Played[K] }[] = [];
  for (const [i, { at, fault }] of scenario.faults.entries()) {
    cluster.timeline.at(at, () => {
      const injection = fault.inject(stage, random.fork(`fault/${i}`));
      if (injection !== undefined) played.push({ fault, injection, at, overAt: undefined });
    });
  }
  const look = (): void => {
    const now = cluster.timeline.now();
    // A fault takes a moment to show: not over before it has begun.
    for (const one of played) if (one.overAt === undefined && now - one.at > 60_000 && one.injection.isOver()) one.overAt = now;
    cluster.timeline.after(LOOK_MS, look);
  };
  look();
  const contender = await entrant.enter({ cluster, random: random.fork("contender"), until: calmAt });
  await cluster.run(end, () => contender.settled());
  await contender.stop();
  return {
    seed,
    contender: entrant.name,
    began,
    ended: cluster.timeline.now(),
    stage,
    played,
    scenes: scenario.scenes.flatMap(({ scene }) => scene ?? []),
    incidents: contender.incidents(),
    records: contender.records(),
    writes: cluster.world.audit.engineWrites(),
  };
}
