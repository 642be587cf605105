/** Builds what a failure mode may look at, and diagnoses an incident with it. */
import { diagnose } from "../diagnose/diagnose.ts";
import type { Diagnosis } from "../model/diagnosis.ts";
import type { Case } from "../model/failure-mode.ts";
import type { Incident } from "../model/incident.ts";
import type { State } from "./state.ts";

export function caseOf(state: State, incident: Pick<Incident, "subject" | "findings" | "since">): Case {
  return { subject: incident.subject, findings: incident.findings, since: incident.since, view: state.view, now: state.now };
}

export function diagnoseIncident(state: State, incident: Incident): Diagnosis {
  return diagnose(caseOf(state, incident), state.confidence);
}

/** What two diagnoses must share to be the same for the loop: the ranked modes and their patterns. */
export function diagnosisKey(diagnosis: Diagnosis | undefined): string {
  return diagnosis === undefined ? "" : diagnosis.candidates.map((candidate) => `${candidate.mode}:${candidate.pattern}`).join(" ");
}
