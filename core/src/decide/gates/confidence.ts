import { MIN_CASES } from "../../model/diagnosis.ts";
import { ask, block, type Gate, pass } from "../gate.ts";

/** The share of right diagnoses with this evidence, as measured, against the policy's two thresholds. Unproven may ask, never act. */
export const confidence: Gate = {
  id: "confidence",
  check: (input) => {
    const { minConfidence } = input.policy.spec;
    const { confidence: measured } = input;
    if (measured.type === "unproven" || measured.cases < MIN_CASES) {
      return ask(`unproven: this evidence was measured in ${measured.cases} cases, and ${MIN_CASES} are needed to act`);
    }
    const text = `right in ${percent(measured.share)} of ${measured.cases} measured cases`;
    if (measured.share < minConfidence.ask) return block(`${text}; to ask, the policy wants ${percent(minConfidence.ask)}`);
    if (measured.share < minConfidence.act) return ask(`${text}; to act, the policy wants ${percent(minConfidence.act)}`);
    return pass(text);
  },
};

/** Rounded down: 89.99 % is not shown as the 90 % that it misses. */
function percent(share: number): string {
  return `${Math.floor(share * 1000) / 10} %`;
}
