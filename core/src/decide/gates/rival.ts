import type { Confidence } from "../../model/diagnosis.ts";
import type { Severity } from "../../model/incident.ts";
import { refText } from "../../model/ref.ts";
import { claimsOf, shared } from "../chain.ts";
import { block, type Gate, pass } from "../gate.ts";

interface Standing {
  readonly incident: string;
  readonly deterministic: boolean;
  readonly severity: Severity;
  readonly confidence: Confidence;
}

const SEVERITIES: readonly Severity[] = ["critical", "high", "medium", "low"];

/**
 * Of two plans that touch one owner only one goes: a deterministic diagnosis before a learned one, then the higher severity, then the higher
 * confidence, then the older incident, so that never both are held.
 */
export const rival: Gate = {
  id: "rival",
  check: ({ rivals, incident, mode, confidence, plan, view }) => {
    const own: Standing = { incident: incident.id, deterministic: mode.deterministic, severity: incident.severity, confidence };
    const claims = claimsOf(plan, view);
    const behind: string[] = [];
    for (const other of rivals) {
      const hit = other.incident === incident.id ? undefined : shared(claims, other.claims);
      if (hit === undefined) continue;
      const why = reasonToYield(own, other);
      if (why !== undefined) return block(`${other.incident} has a plan for ${refText(hit)} too, and goes first: ${why}`);
      behind.push(other.incident);
    }
    return pass(behind.length === 0 ? "no other plan for this owner" : `goes before ${behind.join(", ")}`);
  },
};

function reasonToYield(own: Standing, other: Standing): string | undefined {
  if (own.deterministic !== other.deterministic) return other.deterministic ? "its diagnosis is deterministic" : undefined;
  const severity = SEVERITIES.indexOf(own.severity) - SEVERITIES.indexOf(other.severity);
  if (severity !== 0) return severity > 0 ? `its severity is ${other.severity}` : undefined;
  const confidence = shareOf(own.confidence) - shareOf(other.confidence);
  if (confidence !== 0) return confidence < 0 ? "its confidence is higher" : undefined;
  return numberOf(other.incident) < numberOf(own.incident) ? "it is older" : undefined;
}

/** Unproven comes after everything measured. */
function shareOf(confidence: Confidence): number {
  return confidence.type === "measured" ? confidence.share : -1;
}

/** `inc-17` is older than `inc-18`. */
function numberOf(incident: string): number {
  return Number(incident.slice(incident.lastIndexOf("-") + 1));
}
