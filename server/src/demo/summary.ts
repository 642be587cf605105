/** How a demo ended, counted against what was really broken. */
import type { Incident, PolicySpec, Record } from "@kintsugi/core";
import { check, scoreRun, type Violation } from "@kintsugi/sim";
import type { Part, Play } from "./play.ts";

export interface Summary {
  readonly incidents: number;
  readonly healed: number;
  readonly escalated: number;
  /** Writes on what was not broken, and applications that fell ill without a fault. */
  readonly harmed: number;
  /** Faults that an action within the policy heals and that are not over. */
  readonly unhealed: readonly Part[];
  readonly violations: readonly Violation[];
}

/** `policy`: what the engine had to keep to. */
export function summarise(play: Play, policy: PolicySpec, began: number, incidents: readonly Incident[], records: readonly Record[]): Summary {
  const run = {
    ...{ seed: "demo", contender: "kintsugi", began, ended: play.now, stage: play.stage, policy, scenes: [], incidents, records },
    played: play.parts.map(({ fault, injection, at, overAt }) => ({ fault, injection, at, overAt, isHealable: fault.healedBy.length > 0 })),
    writes: play.cluster.world.audit.engineWrites(),
  };
  return {
    incidents: incidents.length,
    healed: incidents.filter((incident) => incident.phase === "resolved" && incident.how === "healed").length,
    escalated: incidents.filter(({ phase }) => phase === "escalated").length,
    harmed: scoreRun(run).harmed,
    unhealed: play.parts.filter(({ fault, overAt }) => fault.healedBy.length > 0 && overAt === undefined),
    violations: check(run),
  };
}

/** The last line of `demo --once`: scripts read it. */
export function summaryLine({ incidents, healed, escalated, harmed }: Summary): string {
  return `${incidents} incidents, ${healed} healed, ${escalated} escalated, ${harmed} harmed`;
}
