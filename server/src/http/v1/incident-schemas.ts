/** What routes 5 and 6 take. */
import { z } from "zod";
import { SEVERITIES } from "../schemas.ts";
import { namespaceName, text } from "./names.ts";

export const MAX_AFFECTED = 50;
const SEVERITY = z.enum(SEVERITIES);
const labels = z.record(z.string().min(1).max(253), z.string().max(253)).refine((map) => Object.keys(map).length <= 50, "holds more than 50 labels");
const named = text(253).describe("`Deployment/shop/cart`, `shop/cart`, or `cart` together with `namespace`");

export const Filter = z.object({
  namespace: z.string().max(63).optional(),
  severity: z.union([SEVERITY, z.literal("all")]).optional(),
  status: z.enum(["all", "active", "completed", "failed"]).default("all"),
  limit: z.coerce.number().int().min(1).max(500).default(50),
  offset: z.coerce.number().int().min(0).max(1_000_000).default(0),
});

export const NewIncident = z
  .object({
    title: text(200),
    description: text(2_000),
    severity: SEVERITY,
    target: text(100).optional().describe("what it is about; where it is missing the first of `affected_resources` is taken"),
    namespace: namespaceName.optional().describe("where names without a namespace are looked for"),
    affected_resources: z.array(named).max(MAX_AFFECTED).default([]),
    labels: labels.default({}),
    external_id: text(253).optional(),
    correlation_id: text(253).optional(),
    confidence: z.number().min(0).max(1).optional(),
  })
  .transform((given, context) => {
    const target = given.target ?? given.affected_resources[0];
    if (target !== undefined) return { ...given, target };
    context.addIssue({
      code: "custom",
      path: ["target"],
      message: "is missing, and affected_resources names nothing that it could be taken from: send one of the two",
    });
    return z.NEVER;
  });
export type NewIncident = z.output<typeof NewIncident>;

export const IncidentChange = z
  .strictObject({
    title: text(200).optional(),
    description: text(2_000).optional(),
    severity: SEVERITY.optional(),
    target: text(100).optional(),
    affected_resources: z.array(named).max(MAX_AFFECTED).optional(),
    labels: labels.optional(),
  })
  .refine((change) => Object.values(change).some((value) => value !== undefined), "changes nothing: send at least one field");

export const contractIncidentId = z
  .string()
  .regex(/^(inc|tic)-\d{1,12}$/, "is not the id of an incident: write for example inc-17, or tic-4 for what was reported");
