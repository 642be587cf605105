/** Which incidents are meant, and which of their fields. */
import type { Incident } from "@kintsugi/core";

type EveryField<T> = T extends unknown ? keyof T : never;

/** Every field of every phase; the compiler holds this list equal to the type. */
const FIELDS: Readonly<Record<EveryField<Incident>, true>> = {
  ...{ id: true, cluster: true, subject: true, title: true, severity: true, openedAt: true, since: true, changedAt: true, findings: true },
  ...{ healthySince: true, mode: true, diagnosis: true, attempts: true, explains: true, reopened: true, requestedBy: true, phase: true },
  ...{ deadline: true, plan: true, candidate: true, asked: true, preflight: true, approval: true, settlesAt: true, rereads: true, waitMs: true },
  ...{ decision: true, wakeAt: true, why: true, proposal: true, retryAt: true, step: true, effect: true, looking: true, stop: true, before: true },
  ...{ actedAt: true, holdMs: true, done: true, sightedSince: true, goodSince: true, harm: true, last: true, tries: true, by: true },
  ...{ resolvedAt: true, how: true, detail: true, mergedInto: true, escalatedAt: true, lookAt: true, waitsFor: true },
};

export const INCIDENT_FIELDS = Object.keys(FIELDS);

/** Of a comma list those names that no incident has. */
export function unknownFields(fields: readonly string[]): readonly string[] {
  return fields.filter((field) => !Object.hasOwn(FIELDS, field));
}

/** Only these fields, as far as its phase has them, and always its id. */
export function withFields(incident: Incident, fields: readonly string[]): { readonly id: string; readonly [field: string]: unknown } {
  const wanted = new Set(fields);
  return { ...Object.fromEntries(Object.entries(incident).filter(([field]) => wanted.has(field))), id: incident.id };
}

export interface IncidentFilter {
  readonly phase?: readonly string[] | undefined;
  readonly severity?: readonly string[] | undefined;
  readonly namespace?: readonly string[] | undefined;
  readonly mode?: readonly string[] | undefined;
  readonly kind?: readonly string[] | undefined;
  readonly name?: string | undefined;
  /** Opened at this moment or later, ms. */
  readonly openedFrom?: number | undefined;
  /** Text in its id, title, subject or mode, whatever the case. */
  readonly q?: string | undefined;
}

export function incidentMatches(incident: Incident, filter: IncidentFilter): boolean {
  const { phase, severity, namespace, mode, kind, name, openedFrom, q } = filter;
  const { subject } = incident;
  if (phase !== undefined && !phase.includes(incident.phase) && !(phase.includes("live") && incident.phase !== "resolved")) return false;
  if (severity !== undefined && !severity.includes(incident.severity)) return false;
  if (namespace !== undefined && !namespace.includes(subject.namespace)) return false;
  if (mode !== undefined && (incident.mode === undefined || !mode.includes(incident.mode))) return false;
  if (kind !== undefined && !kind.includes(subject.kind)) return false;
  if (name !== undefined && name !== subject.name) return false;
  if (openedFrom !== undefined && incident.openedAt < openedFrom) return false;
  return q === undefined || textOf(incident).includes(q.toLowerCase());
}

function textOf({ id, title, subject, mode = "" }: Incident): string {
  return [id, title, `${subject.kind} ${subject.namespace}/${subject.name}`, mode].join("\n").toLowerCase();
}
