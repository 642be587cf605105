import { ask, type Gate, notApplicable, pass, unknown } from "../gate.ts";
import { matchingRules } from "../rules.ts";

/** What a person may have meant (scaled to zero, cordoned) is asked about, unless a rule that says act names the failure mode. */
export const meant: Gate = {
  id: "meant",
  check: (input) => {
    const { mode } = input;
    if (!mode.maybeMeant) return notApplicable(`${mode.id} is never what a person meant`);
    const matching = matchingRules(input);
    if (matching.type === "unknown") return unknown(matching.why);
    const naming = matching.rules.find((rule) => rule.mode === "act" && rule.match.modes?.includes(mode.id));
    return naming === undefined
      ? ask(`a person may have meant ${mode.id}, and no rule that says act names it`)
      : pass(`rule "${naming.name}" names ${mode.id}, which a person may have meant`);
  },
};
