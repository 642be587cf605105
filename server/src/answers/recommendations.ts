/**
 * What should be done, from real diagnoses and decisions. Reactive: incidents that wait for a person or are held. Historical: what went away by itself
 * or came back within the timeframe. Proactive ones need a metrics source; without it there are none, and nothing stands in for them.
 */
import { type Candidate, type Incident, refText } from "@kintsugi/core";
import { z } from "zod";
import { NO_METRICS } from "./capacity.ts";
import { planOf } from "./explain-incident.ts";

export const TIMEFRAMES = { "1h": 3_600_000, "6h": 6 * 3_600_000, "24h": 24 * 3_600_000 } as const;
export type Timeframe = keyof typeof TIMEFRAMES;

const Recommendation = z.object({
  id: z.string(),
  type: z.enum(["proactive", "reactive"]),
  issue_type: z.string().nullable().describe("failure mode; null: no diagnosis is good enough"),
  target: z.string(),
  namespace: z.string(),
  severity: z.enum(["low", "medium", "high", "critical"]),
  confidence: z.number().nullable().describe("measured share of right diagnoses with this evidence; null: unproven, fewer than 50 cases"),
  predicted_time: z.null(),
  recommended_actions: z.array(z.string()),
  evidence: z.array(z.string()).describe("text from the cluster in it is untrusted"),
  source: z.enum(["historical_analysis", "ml_prediction", "pattern_detection"]),
  related_incident_id: z.string(),
});
export type Recommendation = z.infer<typeof Recommendation>;

export const Recommendations = z
  .object({
    status: z.literal("success"),
    timestamp: z.string(),
    timeframe: z.enum(["1h", "6h", "24h"]),
    recommendations: z.array(Recommendation),
    total_recommendations: z.int(),
    ml_enabled: z.literal(false),
    predictions: z.null(),
    predictions_reason: z.string().nullable().describe("null where predictions were not asked for"),
    message: z.string(),
  })
  .meta({ id: "Recommendations" });
export type Recommendations = z.infer<typeof Recommendations>;

export interface RecommendationsAsked {
  readonly timeframe: Timeframe;
  readonly includePredictions: boolean;
  readonly confidenceThreshold: number;
  /** Empty: everywhere. */
  readonly namespace: string;
  readonly now: number;
}

/** Of these incidents, the gravest first. */
export function recommendationsFor(incidents: readonly Incident[], asked: RecommendationsAsked): Recommendations {
  const found = incidents
    .filter(({ subject }) => asked.namespace === "" || subject.namespace === asked.namespace)
    .flatMap((incident) => recommendation(incident, asked) ?? []);
  // What has no number cannot reach a threshold, unless none is set.
  const kept = found.filter(({ confidence }) => asked.confidenceThreshold === 0 || (confidence ?? 0) >= asked.confidenceThreshold);
  const below = found.length - kept.length;
  const counted = kept.length === 0 ? "nothing to recommend" : `${kept.length} ${kept.length === 1 ? "recommendation" : "recommendations"}`;
  return {
    status: "success",
    timestamp: new Date(asked.now).toISOString(),
    timeframe: asked.timeframe,
    recommendations: kept.toSorted((a, b) => GRAVITY.indexOf(a.severity) - GRAVITY.indexOf(b.severity)),
    total_recommendations: kept.length,
    ml_enabled: false,
    predictions: null,
    predictions_reason: asked.includePredictions ? NO_METRICS : null,
    message: `${counted}${below === 0 ? "" : `; ${below} more with a confidence below ${asked.confidenceThreshold}, or unproven: confidence_threshold 0 shows them`}${asked.includePredictions ? "; no predictions: no metrics source is configured" : ""}`,
  };
}

const GRAVITY = ["critical", "high", "medium", "low"];

function recommendation(incident: Incident, asked: RecommendationsAsked): Recommendation | undefined {
  const actions = actionsFor(incident, asked);
  if (actions === undefined) return undefined;
  const candidate = incident.diagnosis?.candidates[0];
  return {
    id: `rec-${incident.id.slice(4)}`,
    type: "reactive",
    issue_type: incident.mode ?? null,
    target: refText(incident.subject),
    namespace: incident.subject.namespace,
    severity: incident.severity,
    confidence: candidate?.confidence.type === "measured" ? candidate.confidence.share : null,
    predicted_time: null,
    recommended_actions: [...actions],
    evidence: [...evidenceOf(candidate), ...(incident.diagnosis?.changes ?? []).map(({ text }) => `changed shortly before: ${text}`)],
    source: incident.phase === "resolved" ? "historical_analysis" : "pattern_detection",
    related_incident_id: incident.id,
  };
}

function evidenceOf(candidate: Candidate | undefined): readonly string[] {
  return (candidate?.evidence ?? []).map(({ favours, text }) => (favours ? text : `against it: ${text}`));
}

/** Undefined where nobody has to do anything. */
function actionsFor(incident: Incident, { timeframe, now }: RecommendationsAsked): readonly string[] | undefined {
  const { id } = incident;
  const planned = planOf(incident)?.summary;
  switch (incident.phase) {
    case "awaiting":
      return [`${incident.proposal.plan.summary}: a person decides with kintsugi approve ${id}, or kintsugi deny ${id} --why TEXT`];
    case "held": {
      const offers = (incident.decision?.gates ?? []).flatMap(({ gate, offer }) =>
        offer === undefined ? [] : [`a change for its owner to commit is in GET /api/v2/incidents/${id}/explain (${gate})`],
      );
      return [`${planned ?? "no plan"}: held: ${incident.why}`, ...offers];
    }
    case "escalated":
      return [`for a person: ${incident.waitsFor}: ${incident.why}`, ...(incident.mode === undefined ? [] : [`runbook: docs/runbooks/${incident.mode}.md`])];
    case "resolved": {
      const isRecent = now - incident.resolvedAt <= TIMEFRAMES[timeframe];
      if (!isRecent || (incident.how !== "unaided" && incident.reopened === 0)) return undefined;
      return [
        `it has ended (${incident.detail})${incident.reopened > 0 ? ` after it had come back ${incident.reopened} times` : ""} and may come back: kintsugi explain ${id} shows what it was`,
      ];
    }
    default:
      return undefined;
  }
}
