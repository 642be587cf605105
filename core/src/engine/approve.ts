/** An approval: bound to the plan that was seen, by one person or, where policy wants it, by two. */
import { backersOf, backerText, isOneOfTwo, lackingBehind } from "../decide/backing.ts";
import type { Asker, Backer } from "../model/actor.ts";
import type { Approval, Incident, IncidentIn, Requester } from "../model/incident.ts";
import type { Command, CommandReply } from "../model/input.ts";
import { baseOf, move } from "./move.ts";
import { agree, refuse } from "./replies.ts";
import type { State, Turn } from "./state.ts";

export function approve(turn: Turn, incident: Incident, command: Extract<Command, { type: "approve" }>, by: Asker): CommandReply {
  const { state } = turn;
  const { planHash, elicited } = command;
  if (elicited === true && by.type !== "assistant") return refuse("invalid", "only an assistant approves by elicitation: leave `elicited` out");
  if (state.authority.type === "read-only") return refuse("forbidden", "acting is off: this engine was started without --act, so nothing can be approved");
  if (incident.phase !== "awaiting") return refuse("conflict", `${incident.id} is ${incident.phase}, not awaiting a decision`);
  const { plan, expiresAt } = incident.proposal;
  if (plan.hash !== planHash) {
    return refuse(
      "conflict",
      `the plan of ${incident.id} is now ${plan.hash.slice(0, 12)}, you approved ${planHash.slice(0, 12)}: look at it again before you decide`,
    );
  }
  if (state.now >= expiresAt) return refuse("conflict", `the proposal of ${incident.id} has expired; propose it again`);
  const before = backersBefore(state, incident);
  const refused = state.policy.spec.fourEyes ? notASecond(before, by) : undefined;
  if (refused !== undefined) return refused;
  const backer: Backer = { ...by, how: elicited === true ? "elicited" : "approved", at: state.now };
  const approval: Approval = { planHash, by: by.name, at: state.now, expiresAt: endOf(incident, before), backers: [...before, backer] };
  const how = elicited === true ? " by elicitation" : "";
  const lacking = lackingBehind(approval, state.policy.spec);
  if (lacking !== undefined) {
    move(turn, incident, { ...incident, proposal: { ...incident.proposal, approval } }, `approved by ${by.name}${how}, the first of two`);
    return agree(`approved, as the first of two: a second person whose identity is proven has to approve ${incident.id} until ${iso(approval.expiresAt)}`);
  }
  const to = { ...baseOf(incident), phase: "diagnosed", candidate: incident.candidate, approval, rereads: incident.rereads } as const;
  move(turn, incident, to, `approved by ${by.name}${how}${before.length === 0 ? "" : ` after ${before.map(backerText).join(", ")}`}`);
  return agree(`approved; ${incident.id} acts as soon as every gate passes on fresh state`);
}

/** Two people, so neither one twice nor one who may be anybody. */
function notASecond(before: readonly Backer[], by: Asker): CommandReply | undefined {
  if (!by.proven) {
    return refuse(
      "forbidden",
      `policy wants two people behind a plan (fourEyes), and who ${by.name} is cannot be proven: all who share a token can call themselves anything; come with a token of Kubernetes or of the OIDC issuer`,
    );
  }
  const same = before.find((backer) => isOneOfTwo(backer) && backer.name === by.name);
  return same === undefined
    ? undefined
    : refuse("conflict", `policy wants two people behind a plan (fourEyes): it was ${backerText(same)}; somebody else has to approve it`);
}

/** Who stands behind the very plan already: whoever asked for it, and the first of two who approved it. */
function backersBefore(state: State, { requestedBy, proposal }: IncidentIn<"awaiting">): readonly Backer[] {
  const { plan, approval } = proposal;
  if (approval !== undefined && approval.planHash === plan.hash && state.now < approval.expiresAt) return backersOf(approval);
  if (requestedBy?.planHash !== plan.hash || state.now >= requestedBy.expiresAt) return [];
  const { expiresAt: _, planHash: __, ...backer } = requestedBy;
  return [backer];
}

/** The second cannot make the word of the first hold for longer. */
function endOf({ proposal: { approval, expiresAt } }: IncidentIn<"awaiting">, before: readonly Backer[]): number {
  return approval === undefined || before.length === 0 ? expiresAt : Math.min(approval.expiresAt, expiresAt);
}

/** Whoever asks for a plan, from now until an approval given now would end. */
export function requesterOf({ now, policy }: State, by: Asker): Requester {
  return { ...by, how: "asked", at: now, expiresAt: now + policy.spec.windows.approval };
}

/** As `incident` goes to people with this plan: what was asked for is it, if nothing was proposed since; what was approved is kept if it is the same. */
export function backing(incident: IncidentIn<"diagnosed">, planHash: string, expiresAt: number, now: number) {
  const { requestedBy, approval } = incident;
  const asked = requestedBy !== undefined && requestedBy.planHash === undefined && now < requestedBy.expiresAt;
  return {
    ...(asked ? { requestedBy: { ...requestedBy, planHash, expiresAt } } : {}),
    ...(approval !== undefined && approval.planHash === planHash && now < approval.expiresAt ? { approval } : {}),
  };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
