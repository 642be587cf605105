/** Several objects pursued together: a view over a coordination's ticket and the incidents that its objects resolve to, the lowest layer first. */
import { type Incident, type Ref, refText, type Ticket, type TicketResource } from "@kintsugi/core";
import { z } from "zod";
import { contractStatus, workflowId } from "./contract-incident.ts";
import { isoOrNull } from "./contract-time.ts";
import { LAYERS, type Layer, layerOf, lowest } from "./layers.ts";

const LayerName = z.enum([...LAYERS, "unknown"]);
const STATUSES = ["pending", "executing", "completed", "failed"] as const;
type CoordinationStatus = (typeof STATUSES)[number];

const LayeredResource = z.object({
  kind: z.string(),
  namespace: z.string(),
  name: z.string(),
  issue: z.string().describe("the reporter's words; untrusted"),
  layer: LayerName,
  incident_id: z.string().nullable().describe("null: nothing is wrong there, as far as the engine sees"),
});
const PlanStep = z.object({
  order: z.int(),
  layer: LayerName,
  description: z.string(),
  incident_id: z.string(),
  workflow_id: z.string(),
  status: z.enum(STATUSES),
});

export const CoordinationWorkflow = z
  .object({
    id: z.string(),
    incident_id: z.string().describe("as it was sent"),
    status: z.enum(STATUSES),
    layered_issue: z.object({
      description: z.string(),
      affected_layers: z.array(LayerName),
      root_cause_layer: LayerName.describe("the lowest of them: what lies below is mended first"),
      resources: z.array(LayeredResource),
    }),
    remediation_plan: z.object({
      steps: z.array(PlanStep).describe("one for each incident, the lowest layer first; each goes through the engine's own gates"),
    }),
    execution_result: z.object({
      status: z.enum(STATUSES),
      reason: z.string(),
      executed_steps: z.int(),
      failed_step: z.int().nullable(),
      completed_at: z.string().nullable(),
    }),
    created_at: z.string(),
    started_at: z.string().nullable().describe("when the first attempt began"),
    completed_at: z.string().nullable(),
    error_message: z.string().nullable(),
  })
  .meta({ id: "CoordinationWorkflow" });
export type CoordinationWorkflow = z.infer<typeof CoordinationWorkflow>;

interface Part {
  readonly resource: TicketResource;
  readonly layer: Layer;
  readonly incident: Incident | undefined;
}

/** `incidents`: all that are remembered. */
export function coordinationOf(ticket: Ticket, incidents: readonly Incident[]): CoordinationWorkflow {
  const parts = layered(ticket.resources, ticket, incidents);
  const steps = stepsOf(parts);
  const status = statusOf(steps.map((step) => step.status));
  const failed = steps.find((step) => step.status === "failed");
  const about = parts.flatMap(({ incident }) => incident ?? []);
  const begun = about.flatMap(({ attempts }) => attempts.filter(({ startedAt }) => startedAt >= ticket.openedAt).map(({ startedAt }) => startedAt));
  const endedAt = ticket.status === "closed" ? ticket.closedAt : undefined;
  const reason = reasonOf(about, ticket);
  const layers = [...new Set(parts.map(({ layer }) => layer))];
  return {
    id: ticket.id,
    incident_id: ticket.externalId ?? "",
    status,
    layered_issue: {
      description: ticket.description,
      affected_layers: inOrder(layers),
      root_cause_layer: lowest(layers),
      resources: parts.map(({ resource: { kind, namespace, name, issue }, layer, incident }) => ({
        kind,
        namespace,
        name,
        issue,
        layer,
        incident_id: incident?.id ?? null,
      })),
    },
    remediation_plan: { steps },
    execution_result: {
      status,
      reason,
      executed_steps: steps.filter((step) => step.status === "completed").length,
      failed_step: failed?.order ?? null,
      completed_at: isoOrNull(endedAt),
    },
    created_at: new Date(ticket.openedAt).toISOString(),
    started_at: isoOrNull(begun.length === 0 ? undefined : Math.min(...begun)),
    completed_at: isoOrNull(endedAt),
    error_message: status === "failed" ? reason : null,
  };
}

/** The lowest layer first, the order in which they were given within one. */
function layered(resources: readonly TicketResource[], ticket: Ticket, incidents: readonly Incident[]): readonly Part[] {
  const parts = resources.map((resource) => ({
    resource,
    layer: layerOf({ kind: resource.kind, issue: resource.issue === "" ? ticket.description : resource.issue }),
    incident: resource.subject === undefined ? undefined : incidentOf(resource.subject, ticket, incidents),
  }));
  return parts.toSorted((a, b) => rank(a.layer) - rank(b.layer));
}

/** The one that was pursued from the beginning, else the one that is alive for it while the coordination is open. */
function incidentOf(subject: Ref, ticket: Ticket, incidents: readonly Incident[]): Incident | undefined {
  const ofSubject = incidents.filter(
    (one) => one.subject.kind === subject.kind && one.subject.namespace === subject.namespace && one.subject.name === subject.name,
  );
  const pursued = ofSubject.findLast(({ id }) => ticket.incidents.includes(id));
  return pursued ?? (ticket.status === "open" ? ofSubject.find(({ phase }) => phase !== "resolved") : undefined);
}

function rank(layer: Layer): number {
  return layer === "unknown" ? LAYERS.length : LAYERS.indexOf(layer);
}

function inOrder(layers: readonly Layer[]): Layer[] {
  return layers.toSorted((a, b) => rank(a) - rank(b));
}

/** Several objects of one incident are one step. */
function stepsOf(parts: readonly Part[]): z.infer<typeof PlanStep>[] {
  const seen = new Map<string, { readonly layer: Layer; readonly incident: Incident }>();
  for (const { layer, incident } of parts) if (incident !== undefined && !seen.has(incident.id)) seen.set(incident.id, { layer, incident });
  return [...seen.values()].map(({ layer, incident }, index) => ({
    order: index + 1,
    layer,
    description: `${refText(incident.subject)}: ${incident.title}`,
    incident_id: incident.id,
    workflow_id: workflowId(incident.id),
    status: stepStatus(incident),
  }));
}

function stepStatus(incident: Incident): CoordinationStatus {
  if (isUndone(incident)) return "failed";
  switch (contractStatus(incident)) {
    case "active":
      return "pending";
    case "in_progress":
      return "executing";
    case "remediated":
    case "resolved":
      return "completed";
    case "failed":
      return "failed";
  }
}

/** What a person took back has ended, and did not come to anything. */
function isUndone(incident: Incident): incident is Extract<Incident, { readonly phase: "resolved" }> {
  return incident.phase === "resolved" && incident.how === "undone";
}

function statusOf(steps: readonly CoordinationStatus[]): CoordinationStatus {
  if (steps.includes("executing")) return "executing";
  if (steps.includes("failed")) return "failed";
  if (steps.every((status) => status === "completed")) return "completed";
  return steps.includes("completed") ? "executing" : "pending";
}

function reasonOf(about: readonly Incident[], ticket: Ticket): string {
  if (ticket.status === "closed") return ticket.why;
  const waiting = about.filter(({ phase }) => phase !== "resolved").map((incident) => `${incident.id} is ${incident.phase}${why(incident)}`);
  if (waiting.length > 0) return waiting.join("; ");
  if (about.length === 0) return "nothing is wrong with what is named";
  const undone = about.filter(isUndone).map(({ id, detail }) => `${id} was taken back: ${detail}`);
  return undone.length > 0 ? undone.join("; ") : "every incident has ended";
}

function why(incident: Incident): string {
  return incident.phase === "held" || incident.phase === "escalated" ? `: ${incident.why}` : "";
}
