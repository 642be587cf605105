/** What another policy would change: field by field, and which live incidents it would decide otherwise. */
import { canonicalJson, type Incident, isInFlight, type Policy, type Preview, type PreviewOptions, permissionText } from "@kintsugi/core";
import { z } from "zod";
import { assumedFacts } from "./proposal.ts";
import { Gate, PHASES, Ref, VERDICTS } from "./shapes.ts";

const Decided = z.object({
  verdict: z.enum(VERDICTS).optional().describe("absent: there would be no plan"),
  action: z.string().optional(),
  summary: z.string().describe("the plan, or why there is none"),
  gates: z.array(Gate).describe("those that answer otherwise"),
});

export const PolicyChange = z
  .object({
    dryRun: z.boolean(),
    name: z.string(),
    hash: z.string().describe("of the policy that was sent"),
    previous: z.object({ name: z.string(), hash: z.string() }),
    changes: z.array(z.object({ path: z.string(), before: z.unknown().optional(), after: z.unknown().optional() })).describe("field by field; durations in ms"),
    decisions: z
      .array(z.object({ incident: z.string(), subject: Ref, title: z.string(), phase: z.enum(PHASES), before: Decided, after: Decided }))
      .optional()
      .describe(
        "of a dry run: live incidents that would be decided otherwise, by the findings of now, provided that the API server would permit and accept each plan",
      ),
    unlooked: z.int().optional().describe("live incidents that were not looked at because there are too many"),
    warnings: z.array(z.string()),
    text: z.string(),
  })
  .meta({ id: "PolicyChange" });
export type PolicyChange = z.infer<typeof PolicyChange>;
type Decision = NonNullable<PolicyChange["decisions"]>[number];

/** Leaves that differ; lists are compared place by place. */
export function fieldChanges(before: unknown, after: unknown, path = "spec"): PolicyChange["changes"] {
  if (isBranch(before) && isBranch(after) && Array.isArray(before) === Array.isArray(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return keys.flatMap((key) => fieldChanges(before[key], after[key], Array.isArray(before) ? `${path}[${key}]` : `${path}.${key}`));
  }
  if (canonicalJson(before ?? null) === canonicalJson(after ?? null)) return [];
  return [{ path, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) }];
}

function isBranch(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

type Look = (id: string, options: PreviewOptions) => Preview | undefined;

/** Undefined where the other policy decides as the one in force does, and where nothing is to be decided. */
export function decidedOtherwise(look: Look, incident: Incident, policy: Policy, now: number): Decision | undefined {
  if (incident.phase === "resolved" || isInFlight(incident)) return undefined;
  const [before, after] = [informed(look, incident.id, {}, now), informed(look, incident.id, { policy }, now)];
  if (before === undefined || after === undefined) return undefined;
  const gates = differing(before, after);
  const isSame = gates.length === 0 && verdictOf(before) === verdictOf(after) && before.next.plan?.hash === after.next.plan?.hash;
  if (isSame) return undefined;
  const { id, subject, title, phase } = incident;
  return { incident: id, subject, title, phase, before: decided(before, gates), after: decided(after, gates) };
}

/** The API server is taken to permit and accept what is planned: it is the policies that are compared. */
function informed(look: Look, id: string, options: PreviewOptions, now: number): Preview | undefined {
  const first = look(id, options);
  const plan = first?.next.plan;
  if (plan === undefined) return first;
  const permissions = plan.permissions.map((permission) => ({ text: permissionText(permission), answer: "allowed" as const }));
  return look(id, { ...options, preflight: assumedFacts(plan, now, permissions) });
}

function gatesOf({ next }: Preview): readonly z.infer<typeof Gate>[] {
  return next.plan === undefined ? [] : next.decision.gates;
}

/** Names of the gates that answer otherwise. */
function differing(before: Preview, after: Preview): readonly string[] {
  const then = new Map(gatesOf(before).map(({ gate, answer }) => [gate, answer]));
  return gatesOf(after).flatMap(({ gate, answer }) => (then.has(gate) && then.get(gate) !== answer ? [gate] : []));
}

function verdictOf({ next }: Preview): string | undefined {
  return next.plan === undefined ? undefined : next.decision.verdict;
}

function decided({ next, ...rest }: Preview, gates: readonly string[]): Decision["before"] {
  if (next.plan === undefined) return { summary: next.why, gates: [] };
  const answers = gatesOf({ next, ...rest }).filter(({ gate }) => gates.includes(gate));
  return { verdict: next.decision.verdict, action: next.plan.action, summary: next.plan.summary, gates: answers.map((answer) => ({ ...answer })) };
}
