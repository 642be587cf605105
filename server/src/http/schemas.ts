/** Shapes of requests and answers; OpenAPI is made from them. Whole incidents and records pass through as the engine wrote them. */
import { type Incident as IncidentValue, KINDS, parseDuration, type Record as RecordValue, type Silence as SilenceValue } from "@kintsugi/core";
import { z } from "zod";
import { PHASES, Ref, SEVERITIES } from "../answers/shapes.ts";
import type { EngineStatus, ObjectExplanation } from "../engine-facade.ts";
import type { Report as ReportValue } from "../report/report.ts";

/** A schema that documents and checks the common fields of a value of the engine, and lets the rest of it through. */
export function documents<T>(schema: z.ZodType): z.ZodType<T> {
  return schema as z.ZodType<T>;
}

export { PHASES, Ref, SEVERITIES };

/** Common fields of every phase; the phase's own fields are passed through. */
export const Incident = documents<IncidentValue>(
  z
    .looseObject({
      id: z.string(),
      cluster: z.string(),
      subject: Ref,
      title: z.string(),
      severity: z.enum(SEVERITIES),
      phase: z.enum(PHASES),
      openedAt: z.number().describe("ms since 1970"),
      since: z.number().describe("when the trouble began by the cluster's own clock, ms since 1970"),
      changedAt: z.number().describe("ms since 1970"),
      mode: z.string().optional().describe("failure mode of the best candidate"),
      reopened: z.number(),
    })
    .meta({ id: "Incident" }),
);

export const LedgerRecord = documents<RecordValue>(
  z
    .looseObject({
      seq: z.number(),
      at: z.number().describe("ms since 1970"),
      actor: z.object({ type: z.enum(["engine", "person", "assistant"]), name: z.string(), proven: z.boolean().optional() }),
      epoch: z.number(),
      body: z.looseObject({ type: z.string() }),
      previous: z.string(),
      hash: z.string(),
    })
    .meta({ id: "Record" }),
);

export const Reply = z.object({ text: z.string() }).meta({ id: "Reply" });

export const IncidentPage = z.object({
  items: z.array(Incident),
  next: z.string().optional(),
  now: z.number().describe("the engine's time, ms since 1970: ages are counted from it"),
});
export const IncidentDetail = z.object({ incident: Incident, timeline: z.array(LedgerRecord) });
export const ExplainedIncident = z.object({ incident: Incident, sections: z.array(z.object({ title: z.string(), lines: z.array(z.string()) })) });
export const RecordPage = z.object({ items: z.array(LedgerRecord), next: z.string().optional() });

export const Silence = documents<SilenceValue>(
  z
    .object({
      id: z.string(),
      namespace: z.string().optional(),
      kind: z.string().optional(),
      name: z.string().optional(),
      mode: z.string().optional(),
      by: z.string(),
      why: z.string(),
      from: z.number(),
      until: z.number(),
    })
    .meta({ id: "Silence" }),
);
export const Silences = z.object({ items: z.array(Silence), now: z.number().describe("the engine's time, ms since 1970: what is left is counted from it") });

export const Status = documents<EngineStatus>(
  z
    .looseObject({
      version: z.string(),
      cluster: z.string(),
      now: z.number(),
      startedAt: z.number(),
      lastStepAt: z.number().optional(),
      authority: z.looseObject({ type: z.enum(["read-only", "waiting", "leading"]) }),
      paused: z.string().optional(),
      storm: z.string().optional(),
      policy: z.object({ name: z.string(), hash: z.string(), mode: z.string() }),
      watches: z.array(z.object({ kind: z.enum(KINDS), health: z.string(), reason: z.string().optional() })),
      synced: z.boolean(),
      storeTrouble: z.string().optional(),
      ledger: z.object({ id: z.string(), seq: z.number(), epoch: z.number() }),
    })
    .meta({ id: "Status" }),
);

export const Explanation = documents<ObjectExplanation>(
  z.looseObject({ ref: Ref, observed: z.boolean(), subject: Ref.optional(), lines: z.array(z.string()) }).meta({ id: "Explanation" }),
);

export const Report = documents<ReportValue>(
  z.looseObject({
    from: z.number(),
    until: z.number(),
    records: z.number(),
    modes: z.array(z.looseObject({ mode: z.string(), incidents: z.number() })),
  }),
);

export const Why = z.strictObject({ why: z.string().trim().min(1).max(500) });

export const incidentId = z
  .string()
  .regex(/^inc-\d{1,12}$/, "is not an incident id: write for example inc-17")
  .meta({ examples: ["inc-17"] });

/** DNS-1123 names and the longer ones that some kinds allow. */
export const objectName = z.string().regex(/^[a-z0-9A-Z]([a-z0-9A-Z.:_-]{0,251}[a-z0-9A-Z])?$/, "is not the name of an object");

export const durationMs = z
  .string()
  .refine((text) => (parseDuration(text) ?? 0) > 0, "is not a duration: write for example 30m, 2h or 7d")
  .meta({ examples: ["30m", "2h", "7d"] });

export const limit = z.coerce.number().int().min(1).max(200).default(50);

/** One value or several, as repeated query parameters come. */
export function oneOrMore<T extends z.ZodType>(item: T) {
  return z.preprocess((value) => (value === undefined || Array.isArray(value) ? value : [value]), z.array(item).max(20).optional());
}
