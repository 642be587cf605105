/** verifying: the mode's own success test must hold for its window, and nothing that the act can explain may have gone wrong. */

import { modeOf } from "../../diagnose/catalog.ts";
import type { Health } from "../../model/failure-mode.ts";
import type { Incident, IncidentIn } from "../../model/incident.ts";
import { refText } from "../../model/ref.ts";
import { sideEffect, verify } from "../../verify/verify.ts";
import { endAttempt } from "../attempts.ts";
import { caseOf } from "../case.ts";
import { baseOf, move } from "../move.ts";
import type { Turn } from "../state.ts";
import { isTrusted } from "../trust.ts";
import { beginUndo } from "./undoing.ts";

const UNSEEN: Health = { answer: "unknown", reason: "the cluster cannot be seen well enough to tell" };

export function advanceVerifying(turn: Turn, incident: IncidentIn<"verifying">): Incident {
  const { state } = turn;
  const harmed = sideEffect(incident, state.detection.findings(), state.view);
  if (harmed !== undefined) return failed(turn, incident, `after it ${refText(harmed.subject)} went wrong: ${harmed.summary}`);
  const mode = modeOf(incident.plan.mode);
  const health: Health = mode === undefined || !isTrusted(state) ? UNSEEN : mode.healthy(caseOf(state, incident));
  const verdict = verify(incident, health, incident.findings, state.now);
  switch (verdict.type) {
    case "helped":
      return helped(turn, incident, verdict.reason);
    case "failed":
      return failed(turn, incident, verdict.reason);
    case "waiting": {
      const { goodSince: _, ...rest } = incident;
      return { ...rest, last: health, ...(verdict.goodSince === undefined ? {} : { goodSince: verdict.goodSince }) };
    }
  }
}

function helped(turn: Turn, incident: IncidentIn<"verifying">, reason: string): Incident {
  const ended = endAttempt(turn, incident, "helped", reason);
  const to = { ...baseOf(ended), phase: "resolved", resolvedAt: turn.state.now, how: "healed", plan: incident.plan, detail: reason } as const;
  return move(turn, ended, to, reason);
}

function failed(turn: Turn, incident: IncidentIn<"verifying">, reason: string): Incident {
  return beginUndo(turn, endAttempt(turn, incident, "did-not-help", reason), incident.plan, reason);
}
