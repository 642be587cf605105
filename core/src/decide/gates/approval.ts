import type { Approval } from "../../model/incident.ts";
import { ask, type Gate, notApplicable, pass } from "../gate.ts";
import type { DecideInput } from "../input.ts";
import { matchingRules, strictest } from "../rules.ts";

/** A person has approved exactly this plan, and not too long ago. */
export const approval: Gate = {
  id: "approval",
  check: (input) => {
    const valid = validApproval(input);
    if (valid !== undefined) return pass(`approved by ${valid.by} until ${new Date(valid.expiresAt).toISOString()}`);
    const given = input.approval;
    if (given !== undefined && given.planHash !== input.plan.hash) return ask(`what ${given.by} approved is another plan`);
    if (given !== undefined) return ask(`the approval of ${given.by} has expired`);
    const matching = matchingRules(input);
    const mode = matching.type === "rules" ? strictest(matching.rules, input.policy.spec.mode).mode : "suggest";
    return mode === "act" ? notApplicable("the policy lets it act without approval") : ask("nobody has approved it yet");
  },
};

/** The approval, if it is for this very plan and still holds. */
export function validApproval({ approval: given, plan, now }: DecideInput): Approval | undefined {
  return given !== undefined && given.planHash === plan.hash && given.at <= now && now < given.expiresAt ? given : undefined;
}
