/** Our own record of specs that were seen healthy: many real changes replace an object and leave nothing to roll back to. */
import type { Ref } from "./ref.ts";

export interface KnownGood {
  readonly ref: Ref;
  /** When this spec was first and last seen healthy, ms. */
  readonly firstSeen: number;
  readonly lastSeen: number;
  /** The part of the spec that actions restore. Workloads: `{replicas, template}`; Services: `{selector, ports}`. Never Secret data. */
  readonly spec: { readonly replicas?: number; readonly template?: unknown; readonly selector?: Readonly<Record<string, string>>; readonly ports?: unknown };
}
