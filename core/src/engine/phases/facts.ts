/** Facts for a plan: permissions, a dry run and a read past every cache. They are asked for in diagnosed, and again in held. */
import type { Plan } from "../../model/action.ts";
import type { Asked, Incident, IncidentIn, Preflight } from "../../model/incident.ts";
import type { Outcome } from "../../model/input.ts";
import { type Failure, permissionText, stepRef } from "../../model/step.ts";
import { move } from "../move.ts";
import { nextEffectId, type State, type Turn } from "../state.ts";

/** Asking again at once would be a hot loop for as long as the API server is away. */
const FIRST_WAIT_MS = 10_000;

type Asking = IncidentIn<"diagnosed"> | IncidentIn<"held">;

export function askFacts(turn: Turn, incident: string, plan: Plan): Asked {
  const effect = nextEffectId(turn, incident);
  const dryRun = turn.state.authority.type === "leading";
  turn.effects.push({ type: "preflight", id: effect, plan, refs: plan.steps.map(stepRef), permissions: plan.permissions, dryRun });
  return { effect, planHash: plan.hash };
}

/** The answer is still on its way. After a restart nobody waits for what was asked before. */
export function isAsked(state: State, asked: Asked | undefined): boolean {
  return asked !== undefined && state.waiting.has(asked.effect);
}

/** Takes what came back. Facts stand for the plan that they were asked about, also when there is another one by now. */
export function factsCame(turn: Turn, incident: Asking, outcome: Outcome): Incident {
  const { asked, ...rest } = incident;
  if (outcome.type === "failed") return noFacts(turn, incident, outcome.failure);
  if (outcome.type !== "preflight" || asked === undefined) return rest;
  const preflight: Preflight = {
    planHash: asked.planHash,
    at: turn.state.now,
    permissions: outcome.permissions.map(({ permission, answer }) => ({ text: permissionText(permission), answer })),
    dryRun: outcome.dryRun,
  };
  return { ...rest, preflight };
}

/** Without facts it is held, or stays so; the ledger hears of it when what is in the way becomes something else. */
function noFacts(turn: Turn, incident: Asking, failure: Failure): Incident {
  const why = `the facts for a decision cannot be had: ${failure.kind}: ${failure.message}`;
  const { asked: _, ...rest } = incident;
  const earliest = turn.state.now + (failure.retryAfterMs ?? 0);
  if (rest.phase === "diagnosed") {
    const { preflight: __, ...kept } = rest;
    const wakeAt = Math.max(earliest, turn.state.now + FIRST_WAIT_MS);
    return move(turn, incident, { ...kept, phase: "held", wakeAt, waitMs: FIRST_WAIT_MS, why }, why);
  }
  const held = { ...rest, wakeAt: Math.max(earliest, rest.wakeAt ?? 0) };
  return rest.decision !== undefined || rest.why === why ? held : move(turn, incident, { ...held, why }, why);
}
