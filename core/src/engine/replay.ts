/** Makes a recorded decision again: with this version, and if wanted under another policy. */
import { decide } from "../decide/decide.ts";
import { modeOf } from "../diagnose/catalog.ts";
import { CONFIDENCE } from "../diagnose/confidence.generated.ts";
import type { ConfidenceTable } from "../diagnose/confidence-table.ts";
import { diagnose } from "../diagnose/diagnose.ts";
import type { Plan } from "../model/action.ts";
import { canonicalJson } from "../model/canonical-json.ts";
import type { Decision } from "../model/decision.ts";
import type { Diagnosis } from "../model/diagnosis.ts";
import type { Policy } from "../model/policy.ts";
import type { DecisionInputs } from "../model/record.ts";
import { sha256Hex } from "../model/sha256.ts";
import type { KeptInputs } from "./judge.ts";
import { nextPlan } from "./plan.ts";
import { viewOf } from "./view.ts";

export type Replayed =
  | {
      readonly type: "decided";
      readonly diagnosis: Diagnosis;
      readonly plan: Plan;
      readonly decision: Decision;
      /** Bit for bit what the record says. Under another policy it may well differ. */
      readonly same: boolean;
    }
  | { readonly type: "no-plan"; readonly diagnosis: Diagnosis; readonly why: string }
  | { readonly type: "impossible"; readonly why: string };

export function replay(inputs: DecisionInputs, policy?: Policy, confidence: ConfidenceTable = CONFIDENCE): Replayed {
  if (inputs.json === undefined) return { type: "impossible", why: "the inputs of this decision were too large to keep" };
  const kept = JSON.parse(inputs.json) as KeptInputs;
  const { incident, facts } = kept;
  const view = viewOf(kept.slice);
  const used = policy ?? kept.policy;
  const given = { subject: incident.subject, findings: incident.findings, since: incident.since, view, now: facts.now };
  const diagnosis = diagnose(given, confidence);
  const next = nextPlan(incident, diagnosis, given, used.spec);
  if (next.type === "none") return { type: "no-plan", diagnosis, why: next.why };
  const mode = modeOf(next.plan.mode);
  if (mode === undefined) return { type: "impossible", why: `this version does not know the mode ${next.plan.mode}` };
  const decision = decide({
    ...facts,
    plan: next.plan,
    mode: { id: mode.id, deterministic: mode.deterministic, maybeMeant: mode.maybeMeant, kinds: kept.kinds },
    confidence: diagnosis.candidates[next.candidate]?.confidence ?? { type: "unproven", cases: 0 },
    stillUnhealthy: incident.findings.length > 0 && mode.healthy(given).answer !== "healthy",
    view,
    policy: used,
  });
  return { type: "decided", diagnosis, plan: next.plan, decision, same: sha256Hex(canonicalJson(decision)) === inputs.decisionHash };
}
