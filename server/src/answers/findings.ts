/** What looks wrong now, finding by finding. */
import { type Finding as FindingValue, findingKey, type Incident, refKey } from "@kintsugi/core";
import { z } from "zod";
import { Finding } from "./shapes.ts";

export const FindingRow = Finding.extend({ incident: z.string().optional().describe("the incident that is alive for its subject") }).meta({ id: "FindingRow" });
export type FindingRow = z.infer<typeof FindingRow>;

export interface FindingFilter {
  readonly namespace?: readonly string[] | undefined;
  readonly kind?: readonly string[] | undefined;
  readonly name?: string | undefined;
  readonly detector?: readonly string[] | undefined;
}

export function findingMatches({ subject, detector }: FindingValue, filter: FindingFilter): boolean {
  if (filter.namespace !== undefined && !filter.namespace.includes(subject.namespace)) return false;
  if (filter.kind !== undefined && !filter.kind.includes(subject.kind)) return false;
  if (filter.name !== undefined && filter.name !== subject.name) return false;
  return filter.detector === undefined || filter.detector.includes(detector);
}

/** With the incident of each. */
export function findingRows(findings: readonly FindingValue[], incidents: readonly Incident[]): FindingRow[] {
  const alive = new Map(incidents.filter(({ phase }) => phase !== "resolved").map(({ id, subject }) => [refKey(subject), id]));
  return findings.map((finding) => {
    const incident = alive.get(refKey(finding.subject));
    return { ...finding, members: [...finding.members], ...(incident === undefined ? {} : { incident }) };
  });
}

export function findingRowKey({ detector, subject: { kind, namespace, name } }: FindingRow): string {
  return findingKey({ detector, subject: { kind, namespace, name } });
}
