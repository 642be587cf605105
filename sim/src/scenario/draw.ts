/** A whole run drawn from one seed: the cluster, what breaks and when, what merely looks like it, and how the API behaves. */
import type { Rule } from "@kintsugi/core";
import { drawTrouble, type TroubleRates, troubled } from "../api-faults/trouble.ts";
import { FAULTS } from "../faults/catalog.ts";
import type { Fault } from "../faults/fault.ts";
import { LOOK_ALIKES } from "../lookalikes/catalog.ts";
import type { LookAlike, Scene } from "../lookalikes/look-alike.ts";
import { createRandom, type Random } from "../random.ts";
import { addCron, buildStage, type Recipe, SHOP, SHOP_ZONES } from "../shop.ts";
import { task } from "../world/images.ts";
import { drawRestrictions } from "./restrictions.ts";
import type { Stage } from "./stage.ts";

const MINUTE_MS = 60_000;
/** Everything is healthy for this long before anything happens, so that there is history. */
export const WARM_UP_MS = 15 * MINUTE_MS;
/** After the last new thing: long enough for every incident to end or to wait for somebody. */
export const LIVENESS_MS = 75 * MINUTE_MS;

/** To be injected at its moment by whoever runs the scenario. */
export interface PlannedFault {
  readonly at: number;
  readonly fault: Fault;
}

/** Begins by itself. */
export interface PlannedScene {
  readonly at: number;
  readonly lookAlike: LookAlike;
  /** Set once it has begun; null when the cluster had nothing fit for it then. */
  scene: Scene | null | undefined;
}

export interface Scenario {
  readonly seed: string | number;
  readonly stage: Stage;
  readonly faults: readonly PlannedFault[];
  readonly scenes: readonly PlannedScene[];
  /** How the API misbehaves until `calmAt`; every connection to the cluster is wrapped in it already. */
  readonly trouble: TroubleRates;
  /** The warm-up is over, ms. */
  readonly warmAt: number;
  /** Nothing new begins after this, ms: the safety phase is over, the liveness phase begins. */
  readonly calmAt: number;
  readonly end: number;
  /** What people do not want done, as rules for an engine's policy. */
  readonly rules: readonly Rule[];
}

export interface DrawOptions {
  /** Only these faults; all by default. */
  readonly faults?: readonly Fault[];
  /** At most so many in a run, one at least. */
  readonly maxFaults?: number;
  readonly lookAlikes?: readonly LookAlike[];
  /** False for an API that behaves. */
  readonly hasTrouble?: boolean;
  /** False for people who let an engine do as it sees fit. */
  readonly hasRestrictions?: boolean;
}

/** Nothing has happened yet when this returns: look-alikes are planned on the cluster's timeline, faults are left to the runner. */
export function drawScenario(seed: string | number, options: DrawOptions = {}): Scenario {
  const random = createRandom(`scenario/${seed}`);
  const stage = drawStage(seed, random);
  const warmAt = stage.cluster.timeline.now() + WARM_UP_MS;
  const faults = drawFaults(random.fork("faults"), options, warmAt);
  const scenes = drawScenes(random.fork("scenes"), options, warmAt);
  const calmAt = Math.max(warmAt, ...faults.map(({ at }) => at), ...scenes.map(({ at }) => at));
  const rules = options.hasRestrictions === false ? [] : drawRestrictions(stage, random.fork("restrictions"), calmAt);
  for (const [i, planned] of scenes.entries()) {
    stage.cluster.timeline.at(planned.at, () => {
      planned.scene = planned.lookAlike.begin(stage, random.fork(`scene/${i}`)) ?? null;
    });
  }
  const trouble = options.hasTrouble === false ? {} : drawTrouble(random.fork("trouble"));
  let connections = 0;
  stage.cluster.connectThrough((connection) => {
    connections += 1;
    return troubled(stage.cluster, connection, trouble, random.fork(`trouble/${connections}`), calmAt);
  });
  return { seed, stage, faults, scenes, trouble, warmAt, calmAt, end: calmAt + LIVENESS_MS, rules };
}

function drawStage(seed: string | number, random: Random): Stage {
  const zones = SHOP_ZONES.slice(0, random.between(1, 3));
  const nodesPerZone = zones.length === 1 ? random.between(4, 8) : random.between(2, 5);
  const [nodeCpu, nodeMemory] = random.pick([["4", "16Gi"] as const, ["8", "32Gi"] as const, ["4", "32Gi"] as const]);
  const room = zones.length * nodesPerZone * Number(nodeCpu) * 0.6;
  const stage = buildStage({ seed, recipes: drawRecipes(random, room), zones, nodesPerZone, nodeCpu, nodeMemory });
  const namespaces = [...new Set(stage.apps.map((app) => app.ref.namespace))];
  if (random.chance(0.7))
    addCron(stage.cluster, random.pick(namespaces), "hourly-sync", `*/${random.pick([5, 10, 15])} * * * *`, task(random.between(5, 40) * 1000));
  return stage;
}

/** Some of the shop's applications with other sizes, as long as their CPU requests fill no more than `room` cores. */
function drawRecipes(random: Random, room: number): readonly Recipe[] {
  const chosen: Recipe[] = [];
  let used = 0;
  for (const recipe of random.shuffle(SHOP)) {
    const replicas = recipe.kind === "DaemonSet" ? 0 : Math.max(1, recipe.replicas + random.between(-1, 2));
    const cores = (Number.parseInt(recipe.cpu, 10) / 1000) * replicas;
    if (used + cores > room || (chosen.length >= 6 && random.chance(0.25))) continue;
    used += cores;
    chosen.push({ ...recipe, replicas });
  }
  return chosen;
}

function drawFaults(random: Random, options: DrawOptions, warmAt: number): PlannedFault[] {
  const all = options.faults ?? FAULTS;
  const count = random.between(1, options.maxFaults ?? 3);
  let at = warmAt + random.between(1, 4) * MINUTE_MS;
  return Array.from({ length: all.length === 0 ? 0 : count }, () => {
    const planned = { at, fault: random.pick(all) };
    at += random.between(3, 20) * MINUTE_MS;
    return planned;
  });
}

/** Two to five look-alikes in every run, all along. */
function drawScenes(random: Random, options: DrawOptions, warmAt: number): PlannedScene[] {
  const all = options.lookAlikes ?? LOOK_ALIKES;
  const chosen = random.shuffle(all).slice(0, random.between(2, 5));
  return chosen.map((lookAlike) => ({ at: warmAt + random.between(1, 40) * MINUTE_MS, lookAlike, scene: undefined }));
}
