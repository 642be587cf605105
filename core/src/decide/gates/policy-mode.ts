import { ask, block, type Gate, pass, unknown } from "../gate.ts";
import { matchingRules, strictest } from "../rules.ts";

/** The strictest of the rules that match; the default only where none does. */
export const policyMode: Gate = {
  id: "policy-mode",
  check: (input) => {
    const matching = matchingRules(input);
    if (matching.type === "unknown") return unknown(matching.why);
    const { mode, rule } = strictest(matching.rules, input.policy.spec.mode);
    const others = matching.rules.filter((other) => other !== rule).length;
    const more = others === 0 ? "" : `, the strictest of ${others + 1} rules that match`;
    const why = rule === undefined ? `no rule matches, and the default of policy ${input.policy.name} is ${mode}` : `rule "${rule.name}" says ${mode}${more}`;
    if (mode === "observe") return block(why);
    return mode === "suggest" ? ask(why) : pass(why);
  },
};
