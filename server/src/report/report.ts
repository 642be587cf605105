/**
 * What a team reads before it lets a failure mode act: for each mode how often it came, what would have been done, what people did about it and
 * whether that was the same, and what got well alone. Computed from the ledger alone.
 */
import { canonicalJson, type Incident, type KnownGood, type Plan, type Record, refKey } from "@kintsugi/core";

/** How an incident that got well without us compares with what was proposed for it. */
type PeopleDid =
  /** The fields hold what the plan would have written: a person did the same. */
  | "the-same"
  | "something-else"
  /** The fields are as they were when it was broken: it got well alone. */
  | "nothing"
  /** The plan changes no field that the ledger remembers (an eviction leaves no trace in a spec). */
  | "unknown";

export interface ModeReport {
  /** Failure mode, or `undiagnosed`. */
  readonly mode: string;
  readonly incidents: number;
  /** Action -> in how many incidents it was planned last. */
  readonly wouldHaveDone: { readonly [action: string]: number };
  readonly approved: number;
  readonly denied: number;
  /** Incidents in which we acted, with or without an approval. */
  readonly acted: number;
  readonly healed: number;
  readonly undone: number;
  readonly escalated: number;
  readonly closed: number;
  readonly merged: number;
  /** Ended without us, by what people did meanwhile. */
  readonly unaided: { readonly [did in PeopleDid]: number };
  readonly unfinished: number;
  /** Incidents in which people showed what they want: approved, did the same, did something else, denied. Each counts once. */
  readonly shown: number;
  /** The share of those that agrees with the plan. Undefined while there is none. */
  readonly agreement: number | undefined;
}

export interface Report {
  readonly from: number;
  readonly until: number;
  readonly records: number;
  /** Most incidents first. */
  readonly modes: readonly ModeReport[];
}

/** The spec that is healthy after an incident may be noted a little later than its end, ms. */
const NOTED_WITHIN_MS = 15 * 60_000;

interface Seen {
  last: Incident;
  mode: string | undefined;
  plan: Plan | undefined;
  approved: boolean;
  denied: boolean;
  acted: boolean;
  escalated: boolean;
}

export interface ReportBuilder {
  add(record: Record): void;
  finish(): Report;
}

/** Feed it every record up to `until`, oldest first: those before `from` only tell which specs were good. Times in ms. */
export function createReport(from: number, until: number): ReportBuilder {
  const seen = new Map<string, Seen>();
  const specs = new Map<string, { readonly at: number; readonly known: KnownGood }[]>();
  let records = 0;
  return {
    add(record) {
      const { body } = record;
      if (body.type === "known-good") {
        const key = refKey(body.known.ref);
        specs.set(key, [...(specs.get(key) ?? []), { at: record.at, known: body.known }].slice(-20));
      }
      if (record.at < from || record.at >= until) return;
      records++;
      if (body.type === "incident") note(seen, body.incident, record);
      else if (body.type === "act" && !body.undo) {
        const incident = seen.get(body.incident);
        if (incident !== undefined) incident.acted = true;
      }
    },
    finish() {
      const byMode = Map.groupBy(seen.values(), (one) => one.mode ?? "undiagnosed");
      const modes = [...byMode].map(([mode, group]) => summarise(mode, group, specs));
      return { from, until, records, modes: modes.toSorted((a, b) => b.incidents - a.incidents || a.mode.localeCompare(b.mode)) };
    },
  };
}

function note(seen: Map<string, Seen>, incident: Incident, record: Record): void {
  const before = seen.get(incident.id);
  const one = before ?? { last: incident, mode: undefined, plan: undefined, approved: false, denied: false, acted: false, escalated: false };
  one.last = incident;
  one.mode = incident.mode ?? one.mode;
  one.plan = planOf(incident) ?? one.plan;
  one.approved ||= "approval" in incident && incident.approval !== undefined;
  // A person's turn that ends in a hold is a denial: nothing else that people ask for holds an incident.
  one.denied ||= incident.phase === "held" && record.actor.type === "person";
  one.escalated ||= incident.phase === "escalated";
  seen.set(incident.id, one);
}

function planOf(incident: Incident): Plan | undefined {
  if (incident.phase === "awaiting") return incident.proposal.plan;
  return "plan" in incident ? incident.plan : undefined;
}

type Specs = ReadonlyMap<string, readonly { readonly at: number; readonly known: KnownGood }[]>;

function summarise(mode: string, group: readonly Seen[], specs: Specs): ModeReport {
  const ended = (how: string): number => group.filter(({ last }) => last.phase === "resolved" && last.how === how).length;
  const unaided = { "the-same": 0, "something-else": 0, nothing: 0, unknown: 0 };
  let agreed = 0;
  let against = 0;
  for (const one of group) {
    const did = one.last.phase === "resolved" && one.last.how === "unaided" ? whatPeopleDid(one, specs) : undefined;
    if (did !== undefined) unaided[did]++;
    // Each incident counts once, and what people did counts more than what they said before.
    if (did === "the-same" || (one.approved && did !== "something-else")) agreed++;
    else if (did === "something-else" || one.denied) against++;
  }
  const wouldHaveDone: { [action: string]: number } = {};
  for (const { plan } of group) if (plan !== undefined) wouldHaveDone[plan.action] = (wouldHaveDone[plan.action] ?? 0) + 1;
  const approved = group.filter((one) => one.approved).length;
  const denied = group.filter((one) => one.denied).length;
  const shown = agreed + against;
  return {
    mode,
    incidents: group.length,
    wouldHaveDone,
    approved,
    denied,
    acted: group.filter((one) => one.acted).length,
    healed: ended("healed"),
    undone: ended("undone"),
    escalated: group.filter((one) => one.escalated).length,
    closed: ended("closed"),
    merged: ended("merged"),
    unaided,
    unfinished: group.filter(({ last }) => last.phase !== "resolved").length,
    shown,
    agreement: shown === 0 ? undefined : agreed / shown,
  };
}

/** Compares the plan's fields with the spec that was healthy when the incident ended. */
function whatPeopleDid({ last, plan }: Seen, specs: Specs): PeopleDid {
  if (plan === undefined || plan.diff.length === 0 || last.phase !== "resolved") return "unknown";
  const noted = (specs.get(refKey(plan.owner)) ?? []).filter(({ at }) => at <= last.resolvedAt + NOTED_WITHIN_MS).at(-1);
  if (noted === undefined) return "unknown";
  const now = plan.diff.map(({ path }) => valueAt({ spec: noted.known.spec }, path));
  if (now.some((value) => value === undefined)) return "unknown";
  const holds = (side: "before" | "after"): boolean => plan.diff.every((change, i) => canonicalJson(now[i]) === canonicalJson(change[side] ?? null));
  if (holds("after")) return "the-same";
  return holds("before") ? "nothing" : "something-else";
}

/** The value under a JSON Pointer (RFC 6901): null for a field that is not set, undefined where what it would be a field of is not known. */
function valueAt(document: unknown, pointer: string): unknown {
  // Only specs are remembered: whether a pod was there (an eviction) cannot be told from them.
  if (!pointer.startsWith("/spec/")) return undefined;
  let value = document;
  for (const raw of pointer.split("/").slice(1)) {
    if (typeof value !== "object" || value === null) return undefined;
    value = (value as { readonly [key: string]: unknown })[raw.replaceAll("~1", "/").replaceAll("~0", "~")] ?? null;
  }
  return value;
}
