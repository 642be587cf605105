/** One seed, one contender: the cluster warms up, things break, the API misbehaves; then nothing new breaks and all that can be healed must be. */
import type { Incident, PolicySpec, Record, Ref } from "@kintsugi/core";
import type { AuditEntry } from "../api/actor.ts";
import type { Fault, Injection } from "../faults/fault.ts";
import type { Scene } from "../lookalikes/look-alike.ts";
import { createRandom } from "../random.ts";
import { type DrawOptions, drawScenario } from "../scenario/draw.ts";
import { chainFrom } from "../scenario/moments.ts";
import type { Stage } from "../scenario/stage.ts";
import { type Deed, forbidden } from "./allowed.ts";
import type { Entrant } from "./contender.ts";

/** A fault that was played, and how it stands. */
export interface Played {
  readonly fault: Fault;
  readonly injection: Injection;
  readonly at: number;
  /** When it was first seen over, ms; undefined when it never was. */
  readonly overAt: number | undefined;
  /** An action that heals it was allowed when it began. */
  readonly isHealable: boolean;
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
  /** What the contender had to keep to. */
  readonly policy: PolicySpec;
  /** Writes of the contender that changed something. */
  readonly writes: readonly AuditEntry[];
}

/** How often the world is asked whether a fault is over, ms. */
const LOOK_MS = 15_000;

/** `options` draws the run from less than everything. */
export async function runSeed(seed: string, entrant: Entrant, options: DrawOptions = {}): Promise<Run> {
  const scenario = drawScenario(seed, options);
  const random = createRandom(`swarm/${seed}`);
  const { stage, calmAt, end } = scenario;
  const { cluster } = stage;
  const began = cluster.timeline.now();
  const contender = await entrant.enter({ cluster, random: random.fork("contender"), until: calmAt, rules: scenario.rules });
  const played: { -readonly [K in keyof Played]: Played[K] }[] = [];
  for (const [i, { at, fault }] of scenario.faults.entries()) {
    cluster.timeline.at(at, () => {
      const injection = fault.inject(stage, random.fork(`fault/${i}`));
      if (injection === undefined) return;
      const isHealable = fault.healedBy.some((action) => forbidden(contender.policy, deedOn(stage, injection.subject, action)).length === 0);
      played.push({ fault, injection, at, overAt: undefined, isHealable });
    });
  }
  const look = (): void => {
    const now = cluster.timeline.now();
    // A fault takes a moment to show: not over before it has begun.
    for (const one of played) if (one.overAt === undefined && now - one.at > 60_000 && one.injection.isOver()) one.overAt = now;
    cluster.timeline.after(LOOK_MS, look);
  };
  look();
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
    policy: contender.policy,
    writes: cluster.world.audit.engineWrites(),
  };
}

/** What an action would be on the object as it is now. */
function deedOn({ cluster }: Stage, ref: Ref, action: string): Deed {
  const { store } = cluster.world;
  const object = store.find(ref);
  return { action, chain: object === undefined ? [] : chainFrom(store, object), namespace: store.get("Namespace", "", ref.namespace) };
}
