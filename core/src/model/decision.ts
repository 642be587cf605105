/** Act, ask or hold, always with every gate's reason. */
import type { Ref } from "./ref.ts";

export interface GateAnswer {
  readonly gate: string;
  /** `ask`: passes once a person has approved this very plan. */
  readonly answer: "pass" | "ask" | "block" | "unknown" | "not-applicable";
  readonly reason: string;
  /** The earliest moment at which the answer can change by time alone, ms. */
  readonly retryAt?: number;
  /** A change, as YAML ready to commit, for the owner that must make it instead of us. */
  readonly offer?: string;
}

export interface Decision {
  readonly verdict: "act" | "ask" | "hold";
  /** All gates, in their order. */
  readonly gates: readonly GateAnswer[];
  readonly at: number;
  /** Earliest `retryAt` of what holds. */
  readonly retryAt?: number;
  /** Why the verdict is less than the gates would allow: acting is off. */
  readonly capped?: string;
}

export type Ownership =
  | { readonly type: "plain"; readonly root: Ref }
  | { readonly type: "helm"; readonly root: Ref; readonly release: string }
  | { readonly type: "gitops"; readonly root: Ref; readonly tool: "argocd" | "flux"; readonly name: string; readonly source: string }
  | { readonly type: "operator"; readonly root: Ref; readonly name: string }
  | { readonly type: "unknown"; readonly root: Ref; readonly why: string };
