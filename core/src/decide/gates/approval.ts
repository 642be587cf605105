import type { Approval } from "../../model/incident.ts";
import { lackingBehind } from "../backing.ts";
import { ask, type Gate, notApplicable, pass } from "../gate.ts";
import type { DecideInput } from "../input.ts";
import { matchingRules, strictest } from "../rules.ts";

/** A person has approved exactly this plan, and not too long ago; two, where policy wants two. */
export const approval: Gate = {
  id: "approval",
  check: (input) => {
    const valid = validApproval(input);
    if (valid !== undefined) return pass(`approved by ${valid.by} until ${new Date(valid.expiresAt).toISOString()}`);
    const given = input.approval;
    if (given !== undefined && given.planHash !== input.plan.hash) return ask(`what ${given.by} approved is another plan`);
    if (given !== undefined) return ask((isFor(input, given) && lackingBehind(given, input.policy.spec)) || `the approval of ${given.by} has expired`);
    const matching = matchingRules(input);
    const mode = matching.type === "rules" ? strictest(matching.rules, input.policy.spec.mode).mode : "suggest";
    return mode === "act" ? notApplicable("the policy lets it act without approval") : ask("nobody has approved it yet");
  },
};

/** The approval, if it is for this very plan, still holds, and enough people are behind it. */
export function validApproval(input: DecideInput): Approval | undefined {
  const { approval: given, policy } = input;
  return given !== undefined && isFor(input, given) && lackingBehind(given, policy.spec) === undefined ? given : undefined;
}

function isFor({ plan, now }: DecideInput, given: Approval): boolean {
  return given.planHash === plan.hash && given.at <= now && now < given.expiresAt;
}
