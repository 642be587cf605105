/** Incident -> Diagnosis: every mode that explains a finding is examined, what its own evidence refutes is dropped, the rest is ranked. */
import type { Candidate, Diagnosis } from "../model/diagnosis.ts";
import type { Case, Evidence, FailureMode } from "../model/failure-mode.ts";
import { MODES } from "./catalog.ts";
import { changesBefore } from "./changes.ts";
import { type ConfidenceTable, confidenceOf } from "./confidence-table.ts";
import { patternOf } from "./evidence.ts";

export function diagnose(given: Case, table: ConfidenceTable, modes: readonly FailureMode[] = MODES): Diagnosis {
  const found: { readonly mode: FailureMode; readonly candidate: Candidate }[] = [];
  for (const mode of modes) {
    if (!given.findings.some((finding) => mode.explains.includes(finding.detector))) continue;
    const evidence = mode.examine(given);
    if (evidence === undefined || isRefuted(evidence)) continue;
    const pattern = patternOf(evidence);
    found.push({ mode, candidate: { mode: mode.id, evidence, pattern, confidence: confidenceOf(table, mode.id, pattern) } });
  }
  found.sort((a, b) => weightOf(b.candidate) - weightOf(a.candidate) || a.mode.specificity - b.mode.specificity || a.mode.number - b.mode.number);
  return { candidates: found.map((one) => one.candidate), changes: changesBefore(given), at: given.now };
}

/** More speaks against it than for it. */
function isRefuted(evidence: readonly Evidence[]): boolean {
  const forIt = evidence.filter((one) => one.favours).length;
  return forIt === 0 || evidence.length - forIt > forIt;
}

/** Measured share; what is unproven may be as well right as wrong. */
function weightOf(candidate: Candidate): number {
  return candidate.confidence.type === "measured" ? candidate.confidence.share : 0.5;
}
