/** One incident in sentences: what broke, why we think so, what was done or what stands in the way, did it help, what a person can do. */
import { type Candidate, type Decision, type Incident, type IncidentIn, type Plan, refText } from "@kintsugi/core";

export interface Section {
  readonly title: string;
  readonly lines: readonly string[];
}

/** Sections in reading order; empty ones are left out. `follows`: what is wrong elsewhere because of it, in sentences. */
export function explainIncident(incident: Incident, follows: readonly string[] = []): readonly Section[] {
  const plan = planOf(incident);
  const sections: Section[] = [
    {
      title: "What broke",
      lines: [`${refText(incident.subject)}: ${incident.title} (${incident.severity})`, ...incident.findings.map(({ summary }) => summary)],
    },
    { title: "What follows from it", lines: follows },
    { title: "Why we think so", lines: (incident.diagnosis?.candidates ?? []).flatMap((candidate, place) => candidateLines(candidate, place)) },
    { title: "What changed shortly before", lines: (incident.diagnosis?.changes ?? []).map(({ text }) => text) },
    {
      title: incident.attempts.some((attempt) => attempt.plan.hash === plan?.hash) ? "The plan" : "What would be done",
      lines: plan === undefined ? [] : planLines(plan),
    },
    { title: "What the gates say", lines: gateLines(decisionOf(incident)) },
    { title: "For its owner to commit", lines: (decisionOf(incident)?.gates ?? []).flatMap(({ offer }) => offer?.trimEnd().split("\n") ?? []) },
    {
      title: "What was done",
      lines: incident.attempts.map(
        (attempt) => `${attempt.id}: ${attempt.plan.summary}: ${attempt.outcome}${attempt.detail === "" ? "" : ` (${attempt.detail})`}`,
      ),
    },
    { title: "How it stands", lines: standing(incident) },
  ];
  return sections.filter(({ lines }) => lines.length > 0);
}

/** The plan that the incident has in hand, if any. */
export function planOf(incident: Incident): Plan | undefined {
  if (incident.phase === "awaiting") return incident.proposal.plan;
  return "plan" in incident ? incident.plan : undefined;
}

/** What was decided on that plan, where it waits. */
export function decisionOf(incident: Incident): Decision | undefined {
  if (incident.phase === "awaiting") return incident.proposal.decision;
  return incident.phase === "held" ? incident.decision : undefined;
}

function candidateLines(candidate: Candidate, place: number): readonly string[] {
  const lines = [`${place + 1}. ${candidate.mode}: ${confidenceText(candidate)}`];
  for (const { favours, text } of candidate.evidence) lines.push(`   ${favours ? "for" : "against"}: ${text}`);
  return lines;
}

/** Measured share with its number of cases, or the word unproven. */
export function confidenceText({ confidence }: Pick<Candidate, "confidence">): string {
  if (confidence.type === "unproven") return `unproven (${confidence.cases} cases with this evidence; may ask, may not act)`;
  return `right in ${Math.round(confidence.share * 100)} % of ${confidence.cases} cases with this evidence`;
}

function planLines(plan: Plan): readonly string[] {
  const lines = [`${plan.summary} (risk ${plan.risk}; plan ${plan.hash.slice(0, 12)})`];
  for (const { path, before, after } of plan.diff) lines.push(`${path}: ${valueText(before)} -> ${valueText(after)}`);
  lines.push(plan.inverse.type === "none" ? `it cannot be taken back: ${plan.inverse.why}` : `it can be taken back (${plan.inverse.type})`);
  return lines;
}

/** A value as people compare it: short, on one line. */
export function valueText(value: unknown): string {
  if (value === undefined || value === null) return "(none)";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > 200 ? `${text.slice(0, 197)}...` : text;
}

function gateLines(decision: Decision | undefined): readonly string[] {
  const gates = (decision?.gates ?? []).map(({ gate, answer, reason }) => `${answer}: ${gate}: ${reason}`);
  return decision?.capped === undefined ? gates : [...gates, decision.capped];
}

function standing(incident: Incident): readonly string[] {
  switch (incident.phase) {
    case "open":
      return [`open: no diagnosis is good enough yet; it goes to a person at ${iso(incident.deadline)}`];
    case "diagnosed":
      return ["diagnosed: the facts that its plan needs are being fetched"];
    case "held":
      return [`held: ${incident.why}`, ...(incident.wakeAt === undefined ? [] : [`looked at again at ${iso(incident.wakeAt)} at the latest`])];
    case "awaiting":
      return [
        `waits for a decision until ${iso(incident.proposal.expiresAt)}`,
        ...backersText(incident),
        `kintsugi approve ${incident.id}    or    kintsugi deny ${incident.id} --why TEXT`,
      ];
    case "acting":
      return [
        `acting: step ${incident.step + 1} of ${incident.plan.steps.length}${incident.looking ? "; no answer came, so it is looked whether it landed" : ""}`,
      ];
    case "verifying":
      return [`verifying until ${iso(incident.deadline)}: ${incident.last.answer}: ${incident.last.reason}`];
    case "undoing":
      return [`undoing: ${incident.why}`];
    case "resolved":
      return [`resolved (${incident.how}) at ${iso(incident.resolvedAt)}: ${incident.detail}`];
    case "escalated":
      return [`escalated: ${incident.why}`, `waits for ${incident.waitsFor}`];
  }
}

/** Who stands behind the plan already, in sentences. */
export function backersText({ requestedBy, proposal }: IncidentIn<"awaiting">): readonly string[] {
  const backers = proposal.approval?.backers ?? (requestedBy?.planHash === proposal.plan.hash ? [requestedBy] : []);
  const lines = backers.map(({ name, how, type, proven }) => {
    const through = type === "assistant" ? (how === "elicited" ? ", by elicitation" : ", through an assistant") : "";
    return `${how === "asked" ? "asked for" : "approved"} by ${name}${through}${proven ? "" : " (so they say)"}`;
  });
  return proposal.approval === undefined ? lines : [...lines, "policy wants two people behind a plan: another one has to approve it"];
}

function iso(ms: number): string {
  return Number.isFinite(ms) ? new Date(ms).toISOString() : "no fixed moment";
}
