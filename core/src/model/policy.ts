/** What is allowed: one default and rules. The strictest matching rule wins; off switches and protection only narrow. */
import { z } from "zod";
import { canonicalJson } from "./canonical-json.ts";
import { sha256Hex } from "./sha256.ts";

export const MODES = ["observe", "suggest", "act"] as const;
export type Mode = (typeof MODES)[number];

const DURATION = /^(\d+(?:\.\d+)?(?:ms|s|m|h|d))+$/;
const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `90s`, `1h30m` in milliseconds; undefined when the text is no duration. */
export function parseDuration(text: string): number | undefined {
  if (!DURATION.test(text)) return undefined;
  let total = 0;
  for (const [, count, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)) total += Number(count) * (UNIT_MS[unit ?? ""] ?? Number.NaN);
  return total;
}

/**
 * A duration in the document, milliseconds in the program. None may be longer than what is remembered: acts and resolved incidents are restored
 * for a week. Longer ones are for what is dated by the objects themselves, or by records that are kept until they end.
 */
function duration(byDefault: string, atMost: "1d" | "7d" | "365d" = "7d") {
  return z
    .string()
    .regex(DURATION, "is not a duration: write for example 30s, 10m or 1h30m")
    .refine((text) => (parseDuration(text) ?? 0) <= (parseDuration(atMost) ?? 0), { error: `is more than ${atMost}`, params: { hint: "write a shorter one" } })
    .default(byDefault)
    .transform((text) => parseDuration(text) ?? 0);
}

const names = z.array(z.string().min(1));
const labels = z.record(z.string(), z.string());

const Match = z.strictObject({
  /** Names or patterns with `*`. */
  namespaces: names.optional(),
  namespaceLabels: labels.optional(),
  kinds: names.optional(),
  names: names.optional(),
  labels: labels.optional(),
  /** Failure modes by id. */
  modes: names.optional(),
  /** Actions by id. */
  actions: names.optional(),
});

const Rule = z.strictObject({ name: z.string().min(1), match: Match.default({}), mode: z.enum(MODES) });
export type Rule = z.infer<typeof Rule>;

const share = z.number().min(0).max(1);
const count = z.number().int().min(0);

const Limits = z.strictObject({
  attemptsPerTarget: count.default(3),
  /** The engine counts the acts of one day. */
  cooldown: duration("10m", "1d"),
  actsPerOwnerPerHour: count.default(3),
  actsPerNamespacePerHour: count.default(6),
  actsPerClusterPerHour: count.default(12),
  concurrentActs: count.default(2),
  nodesAtOnce: count.default(1),
  nodeShareOfPool: share.default(0.1),
  rereads: count.default(5),
});

const Storm = z.strictObject({
  nodeShare: share.default(0.2),
  minNodes: count.default(2),
  owners: count.default(10),
  within: duration("5m"),
  calm: duration("15m"),
});

const Windows = z.strictObject({
  notReady: duration("90s"),
  crashWindow: duration("10m"),
  unschedulable: duration("2m"),
  cordon: duration("1h", "365d"),
  nodeNotReady: duration("40s"),
  scaledToZero: duration("2m"),
  leftovers: duration("10m", "365d"),
  /** An open incident without a diagnosis good enough escalates after this. */
  diagnose: duration("5m"),
  /** Healthy for this long unaided: resolved. */
  stable: duration("5m"),
  /** The least time that a cure must hold. */
  verifyHold: duration("1m"),
  /** The longest wait for a cure to show, counted anew from each progress that it makes. */
  verifySettle: duration("10m"),
  /** The longest wait for a Job that was run again and has no deadline of its own. */
  jobRun: duration("6h"),
  /** The same mode and owner within this opens the incident again. */
  reopen: duration("30m"),
  /** How long a denial, a revert or a person's change keeps us away. */
  veto: duration("24h", "365d"),
  approval: duration("1h"),
  /** Versions that changed within this mean an upgrade in progress. */
  upgrade: duration("30m"),
});

const Maintenance = z.strictObject({
  name: z.string().min(1),
  namespaces: names.optional(),
  /** RFC 3339. */
  start: z.iso.datetime({ offset: true }),
  end: z.iso.datetime({ offset: true }),
});

export const PolicySpec = z.strictObject({
  mode: z.enum(MODES).default("suggest"),
  rules: z.array(Rule).default([]),
  minConfidence: z.strictObject({ ask: share.default(0.5), act: share.default(0.9) }).prefault({}),
  limits: Limits.prefault({}),
  storm: Storm.prefault({}),
  windows: Windows.prefault({}),
  /** What is otherwise never touched and this policy names. */
  unprotect: z.strictObject({ namespaces: names.default([]), nodes: names.default([]) }).prefault({}),
  /** Argo CD runs elsewhere: the label app.kubernetes.io/instance alone then means that it owns the object. */
  argoElsewhere: z.boolean().default(false),
  maintenance: z.array(Maintenance).default([]),
  /** Jobs that may be run again although they carry no label, as `namespace/name` with `*`. */
  idempotentJobs: names.default([]),
  /** Raised memory limit = observed peak x this factor. */
  memoryFactor: z.number().min(1.05).max(4).default(1.5),
  /** Escalate when a proposal expires; else it is held and can be renewed. */
  escalateExpired: z.boolean().default(false),
  /** Two different people, both proven, must stand behind a plan that asks: whoever asked for it and an approver, or two approvers. */
  fourEyes: z.boolean().default(false),
  /** An approval counts that an assistant's owner gave when the assistant put the question to them. */
  approveByElicitation: z.boolean().default(false),
});
export type PolicySpec = z.output<typeof PolicySpec>;

export const PolicyDocument = z.strictObject({
  apiVersion: z.literal("kintsugi.dev/v1alpha1"),
  kind: z.literal("Policy"),
  metadata: z.strictObject({ name: z.string().min(1).max(63) }),
  spec: PolicySpec.prefault({}),
});

/** A policy in force: checked, with the hash that records carry. */
export interface Policy {
  readonly name: string;
  readonly hash: string;
  readonly spec: PolicySpec;
}

/** A policy by that name; two policies that say the same have the same hash. */
export function policyOf(name: string, spec: PolicySpec): Policy {
  return { name, hash: sha256Hex(canonicalJson(spec)), spec };
}

/** What counts until somebody writes a policy: suggest, and no rules, so nothing acts. */
export const DEFAULT_POLICY: Policy = policyOf("default", PolicySpec.parse({}));
