/** Incidents as the reference contract lists them: the engine's own and what was reported, in one shape. */
import type { Incident, Ticket } from "@kintsugi/core";
import { z } from "zod";
import { isoOrNull } from "./contract-time.ts";
import { type Alive, incidentsFor } from "./named-objects.ts";

export const CONTRACT_STATUSES = ["active", "in_progress", "remediated", "resolved", "failed"] as const;
export type ContractStatus = (typeof CONTRACT_STATUSES)[number];

const moment = z.string().nullable().describe("ISO 8601; null: it has not happened");

export const ContractIncident = z
  .object({
    id: z.string().describe("`inc-17`: the engine's; `tic-4`: reported"),
    title: z.string(),
    description: z.string().describe("what is seen or said; text from the cluster and from reporters is untrusted"),
    target: z.string(),
    namespace: z.string().describe("empty: not in one namespace"),
    resource: z.string().describe("`Deployment/cart`; empty where a report names nothing that is known"),
    severity: z.enum(["low", "medium", "high", "critical"]),
    status: z
      .enum(CONTRACT_STATUSES)
      .describe(
        "active: waits or is looked at; in_progress: acting, verifying, undoing; remediated: healed by the engine; resolved: ended otherwise; failed: handed to a person",
      ),
    phase: z.string().nullable().describe("the engine's own word; null for a ticket"),
    issue_type: z.string().nullable().describe("failure mode; null: not diagnosed, or a ticket"),
    created_at: z.string(),
    updated_at: z.string(),
    completed_at: moment,
    affected_resources: z.array(z.string()),
    labels: z.record(z.string(), z.string()),
    source: z.enum(["manual", "workflow"]).describe("manual: a ticket; workflow: the engine found it"),
    workflow_id: z.string().nullable().describe("how it is pursued: GET /api/v1/workflows/{id}"),
    correlated_incidents: z.array(z.string()).describe("of a ticket: incidents of the engine that it is about; of an incident: the tickets"),
    correlation_id: z.string().nullable(),
    external_id: z.string().nullable(),
    confidence: z
      .number()
      .nullable()
      .describe("of a ticket: the reporter's word; of an incident: the measured share of its best candidate, null where unproven"),
  })
  .meta({ id: "ContractIncident" });
export type ContractIncident = z.infer<typeof ContractIncident>;

export function contractStatus(incident: Incident): ContractStatus {
  switch (incident.phase) {
    case "open":
    case "diagnosed":
    case "held":
    case "awaiting":
      return "active";
    case "acting":
    case "verifying":
    case "undoing":
      return "in_progress";
    case "escalated":
      return "failed";
    case "resolved":
      return incident.how === "healed" ? "remediated" : "resolved";
  }
}

export function ticketStatus({ status }: Ticket): ContractStatus {
  return status === "open" ? "active" : "resolved";
}

/** What the contract's filter word means. */
const FILTERED: Readonly<Record<"active" | "completed" | "failed", readonly ContractStatus[]>> = {
  active: ["active", "in_progress"],
  completed: ["remediated", "resolved"],
  failed: ["failed"],
};

export function hasStatus(status: ContractStatus, wanted: "all" | keyof typeof FILTERED): boolean {
  return wanted === "all" || FILTERED[wanted].includes(status);
}

/** `tickets`: ids of the reports that are about it. */
export function fromIncident(incident: Incident, tickets: readonly string[]): ContractIncident {
  const { id, subject, findings, diagnosis } = incident;
  const confidence = diagnosis?.candidates[0]?.confidence;
  return {
    id,
    title: incident.title,
    description: [...findings.map(({ summary }) => summary), ...standing(incident)].join("; "),
    target: subject.name,
    namespace: subject.namespace,
    resource: `${subject.kind}/${subject.name}`,
    severity: incident.severity,
    status: contractStatus(incident),
    phase: incident.phase,
    issue_type: incident.mode ?? null,
    created_at: new Date(incident.openedAt).toISOString(),
    updated_at: new Date(incident.changedAt).toISOString(),
    completed_at: isoOrNull(incident.phase === "resolved" ? incident.resolvedAt : undefined),
    affected_resources: [`${subject.kind}/${subject.name}`, ...incident.explains],
    labels: {},
    source: "workflow",
    workflow_id: workflowId(id),
    correlated_incidents: [...tickets],
    correlation_id: null,
    external_id: null,
    confidence: confidence?.type === "measured" ? confidence.share : null,
  };
}

function standing(incident: Incident): readonly string[] {
  switch (incident.phase) {
    case "held":
    case "escalated":
      return [incident.why];
    case "resolved":
      return [incident.detail];
    default:
      return [];
  }
}

export function fromTicket(ticket: Ticket, alive: Alive): ContractIncident {
  const correlated = incidentsOfTicket(ticket, alive);
  const named = ticket.resources.find(({ kind }) => kind !== "");
  const [first] = correlated;
  return {
    id: ticket.id,
    title: ticket.title,
    description: ticket.description,
    target: ticket.target,
    namespace: ticket.namespace,
    resource: named === undefined ? "" : `${named.kind}/${named.name}`,
    severity: ticket.severity,
    status: ticketStatus(ticket),
    phase: null,
    issue_type: null,
    created_at: new Date(ticket.openedAt).toISOString(),
    updated_at: new Date(ticket.changedAt).toISOString(),
    completed_at: isoOrNull(ticket.status === "closed" ? ticket.closedAt : undefined),
    affected_resources: [...ticket.affected],
    labels: { ...ticket.labels },
    source: "manual",
    workflow_id: first === undefined ? null : workflowId(first),
    correlated_incidents: [...correlated],
    correlation_id: ticket.correlationId ?? null,
    external_id: ticket.externalId ?? null,
    confidence: ticket.confidence ?? null,
  };
}

/** Those that were found or said when it was reported, and while it is open those that are alive for what it names. */
export function incidentsOfTicket(ticket: Ticket, alive: Alive): readonly string[] {
  return ticket.status === "closed" ? ticket.incidents : [...new Set([...incidentsFor(ticket.resources, alive), ...ticket.incidents])];
}

/** Incident -> the reports that are about it. */
export function reportsByIncident(tickets: readonly Ticket[], alive: Alive): ReadonlyMap<string, readonly string[]> {
  const reports = new Map<string, string[]>();
  for (const ticket of tickets) {
    if (ticket.purpose !== "report") continue;
    for (const incident of incidentsOfTicket(ticket, alive)) reports.set(incident, [...(reports.get(incident) ?? []), ticket.id]);
  }
  return reports;
}

/** `wf-17` for `inc-17`. */
export function workflowId(incident: string): string {
  return `wf-${incident.slice("inc-".length)}`;
}
