/** What the HTTP API needs of a running engine. Values in, values out: a driver stands behind it in the product, recorded values in tests. */
import type {
  Asker,
  Authority,
  ClusterPort,
  Command,
  CommandReply,
  Explanation,
  Finding,
  Incident,
  Kind,
  Ownership,
  Policy,
  Preview,
  PreviewOptions,
  Record,
  Ref,
  Silence,
  Ticket,
  View,
  ViewHealth,
} from "@kintsugi/core";

/** Why something or nothing was done about one object. */
export type ObjectExplanation = Explanation;

export interface EngineStatus {
  readonly version: string;
  readonly cluster: string;
  /** The engine's own time, ms. */
  readonly now: number;
  readonly startedAt: number;
  /** When the loop last turned, by the wall clock, ms; undefined before its first turn. */
  readonly lastStepAt?: number;
  readonly authority: Authority;
  readonly paused?: string;
  readonly storm?: string;
  readonly policy: { readonly name: string; readonly hash: string; readonly mode: string };
  /** `reason`: why it is not live. */
  readonly watches: readonly { readonly kind: Kind; readonly health: ViewHealth; readonly reason?: string }[];
  /** True when everything that decisions need is seen (kinds that the API server forbids are a known gap, not a blind spot). */
  readonly synced: boolean;
  /** Why records cannot be written at the moment. */
  readonly storeTrouble?: string;
}

/** One trouble that follows from another. */
export interface Explained {
  readonly by: Ref;
  readonly subject: Ref;
  readonly why: string;
}

export interface EngineFacade {
  /** Live ones and those that ended lately. */
  incidents(): readonly Incident[];
  incident(id: string): Incident | undefined;
  /** What was reported from outside: open ones and those that were closed lately. */
  tickets(): readonly Ticket[];
  /** Resolves once what the command changes is stored. */
  command(command: Command, by: Asker): Promise<CommandReply>;
  explain(ref: Ref): ObjectExplanation;
  /** What would be planned and decided about an incident now; undefined where nothing is to be planned. Changes nothing. */
  preview(id: string, options?: PreviewOptions): Preview | undefined;
  /** What follows from what, by the last correlation. */
  explained(): readonly Explained[];
  status(): EngineStatus;
  /** What is seen of the cluster at this moment. Read at once: it changes with the next observation. */
  view(): View;
  /** Everything that looks wrong now, in no particular order. */
  findings(): readonly Finding[];
  /** Who answers for an object over its whole owner chain. */
  ownership(ref: Ref): Ownership;
  /** Questions that go to the cluster itself. */
  readonly cluster: Pick<ClusterPort, "review" | "logs">;
  policy(): Policy;
  /** The file that owns the policy, where there is one: then it is not put through the API. */
  readonly policyFile: string | undefined;
  /** Puts a policy in force `instead` of the one of that hash, and keeps its document for the next start. Resolves once it is recorded. */
  putPolicy(given: { readonly policy: Policy; readonly document: string; readonly instead: string }, by: Asker): Promise<CommandReply>;
  /** Those in force. */
  silences(): readonly Silence[];
  /** Calls back for each record once it is stored. Returns a function that ends it. */
  onRecord(listener: (record: Record) => void): () => void;
}
