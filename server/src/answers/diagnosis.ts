/** The ranked causes of one incident with what speaks for and against each. */
import { type Diagnosis, type Incident, modeOf, type Preview } from "@kintsugi/core";
import { z } from "zod";
import { confidenceText } from "./explain-incident.ts";
import { Evidence, PHASES, Ref, SEVERITIES, time } from "./shapes.ts";

const Candidate = z.object({
  mode: z.string().describe("id of the failure mode"),
  title: z.string(),
  confidence: z.discriminatedUnion("type", [
    z.object({ type: z.literal("measured"), share: z.number().describe("right in this share of the cases, 0 to 1"), cases: z.int() }),
    z.object({ type: z.literal("unproven"), cases: z.int() }),
  ]),
  confidenceText: z.string(),
  for: z.array(Evidence),
  against: z.array(Evidence),
  runbook: z.string().describe("path of its page in the project"),
});

export const DiagnosisAnswer = z
  .object({
    incident: z.string(),
    subject: Ref,
    title: z.string(),
    phase: z.enum(PHASES),
    severity: z.enum(SEVERITIES),
    since: time.describe("when the trouble began by the cluster's own clock, ms since 1970"),
    at: time.optional().describe("when the diagnosis was made, ms since 1970"),
    candidates: z.array(Candidate).describe("best first; empty: not provable from what is visible"),
    changes: z.array(Evidence).describe("what changed shortly before"),
    text: z.string().describe("the diagnosis in one sentence"),
  })
  .meta({ id: "Diagnosis" });
export type DiagnosisAnswer = z.infer<typeof DiagnosisAnswer>;

/** The diagnosis that the incident carries, else the one of this moment. */
export function diagnosisAnswer(incident: Incident, now: Preview | undefined): DiagnosisAnswer {
  const diagnosis = incident.diagnosis ?? now?.diagnosis;
  const best = diagnosis?.candidates[0];
  return {
    incident: incident.id,
    subject: incident.subject,
    title: incident.title,
    phase: incident.phase,
    severity: incident.severity,
    since: incident.since,
    ...(diagnosis === undefined ? {} : { at: diagnosis.at }),
    candidates: (diagnosis?.candidates ?? []).map(candidateAnswer),
    changes: (diagnosis?.changes ?? []).map(evidenceAnswer),
    text: best === undefined ? "not provable from what is visible" : `${titleOf(best.mode)}: ${confidenceText(best)}`,
  };
}

function candidateAnswer({ mode, evidence, confidence }: Diagnosis["candidates"][number]): z.infer<typeof Candidate> {
  return {
    mode,
    title: titleOf(mode),
    confidence,
    confidenceText: confidenceText({ confidence }),
    for: evidence.filter(({ favours }) => favours).map(evidenceAnswer),
    against: evidence.filter(({ favours }) => !favours).map(evidenceAnswer),
    runbook: `docs/runbooks/${mode}.md`,
  };
}

function evidenceAnswer({ refs, ...rest }: Diagnosis["changes"][number]): z.infer<typeof Evidence> {
  return { ...rest, refs: [...refs] };
}

function titleOf(mode: string): string {
  return modeOf(mode)?.title ?? mode;
}
