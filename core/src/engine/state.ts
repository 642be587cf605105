/** The engine's private state. Only `step` changes it; all of it can be rebuilt from the ledger and a fresh observation. */
import { CONFIDENCE } from "../diagnose/confidence.generated.ts";
import type { ConfidenceTable } from "../diagnose/confidence-table.ts";
import type { Actor } from "../model/actor.ts";
import type { Effect } from "../model/effect.ts";
import type { Incident } from "../model/incident.ts";
import type { Authority } from "../model/input.ts";
import type { KnownGood } from "../model/known-good.ts";
import type { Policy } from "../model/policy.ts";
import type { RecordBody, Silence } from "../model/record.ts";
import { type Ref, refKey } from "../model/ref.ts";
import type { Ticket } from "../model/ticket.ts";
import { Correlation } from "./correlation.ts";
import { Detection } from "./detection.ts";
import { createView, type ObservedView } from "./view.ts";

/** One step that was sent, for budgets and cooldowns. */
export interface Act {
  readonly at: number;
  readonly incident: string;
  readonly attempt: string;
  readonly owner: Ref;
  readonly target: Ref;
  readonly undo: boolean;
}

export interface Veto {
  readonly owner: Ref;
  readonly until: number;
  readonly reason: string;
}

/** What is known of an upgrade in progress. */
interface Versions {
  apiServer: string | undefined;
  /** Node -> its kubelet's version. */
  readonly nodes: Map<string, string>;
  /** Every kubelet version that this cluster was seen with: a node that comes with another one is part of an upgrade too. */
  readonly kubelets: Set<string>;
  /** The latest change, 0 when there was none. */
  changedAt: number;
  recordedAt: number;
}

export interface State {
  readonly cluster: string;
  readonly ownNode: string | undefined;
  /** Measured shares of right diagnoses; the generated table but for tests. */
  readonly confidence: ConfidenceTable;
  now: number;
  policy: Policy;
  authority: Authority;
  readonly view: ObservedView;
  readonly detection: Detection;
  readonly correlation: Correlation;
  readonly incidents: Map<string, Incident>;
  /** The incident that is alive for a subject. */
  readonly bySubject: Map<string, string>;
  /** The last resolved incident of a subject, for coming back. */
  readonly lastOf: Map<string, string>;
  /** Subjects whose incident a person closed, until they are seen without a finding. */
  readonly closed: Set<string>;
  /** What was reported from outside: open ones, and those that were closed lately. In the order of their last change. */
  readonly tickets: Map<string, Ticket>;
  /** Buckets that an incident's last look depended on, and back. */
  readonly reads: Map<string, ReadonlySet<string>>;
  readonly readers: Map<string, Set<string>>;
  readonly known: Map<string, readonly KnownGood[]>;
  /** Workload or Service -> since when its present spec has been healthy. */
  readonly healthySpecs: Map<string, { readonly spec: string; readonly since: number }>;
  acts: readonly Act[];
  silences: readonly Silence[];
  vetoes: readonly Veto[];
  paused: string | undefined;
  storm: { readonly since: number; readonly lastTrouble: number; readonly reason: string } | undefined;
  /** Findings changed since incidents were last made from them. */
  stale: boolean;
  /** The cluster could be seen at the end of the last step. */
  trusted: boolean;
  nextIncident: number;
  nextTicket: number;
  nextEffect: number;
  /** Effects that are out: what their outcome is for. */
  readonly waiting: Map<string, string>;
  readonly versions: Versions;
}

export function createState(options: {
  readonly cluster: string;
  readonly ownNode?: string;
  readonly policy: Policy;
  readonly now: number;
  readonly confidence?: ConfidenceTable;
}): State {
  return {
    cluster: options.cluster,
    ownNode: options.ownNode,
    confidence: options.confidence ?? CONFIDENCE,
    now: options.now,
    policy: options.policy,
    authority: { type: "read-only" },
    view: createView(),
    detection: new Detection(),
    correlation: new Correlation(),
    incidents: new Map(),
    bySubject: new Map(),
    lastOf: new Map(),
    closed: new Set(),
    tickets: new Map(),
    reads: new Map(),
    readers: new Map(),
    known: new Map(),
    healthySpecs: new Map(),
    acts: [],
    silences: [],
    vetoes: [],
    paused: undefined,
    storm: undefined,
    stale: false,
    trusted: false,
    nextIncident: 1,
    nextTicket: 1,
    nextEffect: 1,
    waiting: new Map(),
    versions: { apiServer: undefined, nodes: new Map(), kubelets: new Set(), changedAt: 0, recordedAt: 0 },
  };
}

export const ENGINE: Actor = { type: "engine", name: "kintsugi" };

/** What a step works with: the state and the effects it has produced so far. */
export interface Turn {
  readonly state: State;
  readonly effects: Effect[];
  /** Who is behind this turn. */
  readonly actor: Actor;
}

export function emitRecord(turn: Turn, body: RecordBody): void {
  turn.effects.push({ type: "record", body, actor: turn.actor });
}

/** An id for an effect whose outcome belongs to an incident. */
export function nextEffectId(turn: Turn, incident: string): string {
  const id = `e${turn.state.nextEffect}`;
  turn.state.nextEffect += 1;
  turn.state.waiting.set(id, incident);
  return id;
}

export function liveIncidents(state: State): readonly Incident[] {
  return [...state.bySubject.values()].flatMap((id) => state.incidents.get(id) ?? []);
}

export function incidentOf(state: State, subject: Ref): Incident | undefined {
  const id = state.bySubject.get(refKey(subject));
  return id === undefined ? undefined : state.incidents.get(id);
}

/** Closed stays closed until it was healthy once, whatever the trouble is dated by meanwhile. */
export function noteClosed(state: State, incident: Incident): void {
  const key = refKey(incident.subject);
  if (incident.phase === "resolved" && incident.how === "closed") state.closed.add(key);
  else state.closed.delete(key);
}

/** Replaces what an incident depends on. */
export function setReads(state: State, id: string, buckets: ReadonlySet<string>): void {
  for (const bucket of state.reads.get(id) ?? []) {
    const readers = state.readers.get(bucket);
    readers?.delete(id);
    if (readers?.size === 0) state.readers.delete(bucket);
  }
  if (buckets.size === 0) state.reads.delete(id);
  else state.reads.set(id, buckets);
  for (const bucket of buckets) {
    const readers = state.readers.get(bucket) ?? new Set<string>();
    readers.add(id);
    state.readers.set(bucket, readers);
  }
}
