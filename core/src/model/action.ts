/** Catalogue entry: a capability with parameters, risk, inverse and permissions. */
import type { Ref } from "./ref.ts";
import type { Permission, Step } from "./step.ts";
import type { View } from "./view.ts";

export type Risk = "low" | "medium" | "high";

/**
 * exact: restores the previous fields. compensating: a different act that leads back (cordon again). none: cannot be taken back;
 * allowed only where a live controller makes the thing anew.
 */
export type Inverse = { readonly type: "exact" | "compensating"; readonly steps: readonly Step[] } | { readonly type: "none"; readonly why: string };

/** An action bound to a target: everything that will be done, as data. */
export interface Plan {
  readonly action: string;
  /** Failure mode that it is meant to cure. */
  readonly mode: string;
  readonly target: Ref;
  /** Root owner, for limits and conflicts. */
  readonly owner: Ref;
  readonly summary: string;
  readonly steps: readonly Step[];
  readonly inverse: Inverse;
  readonly risk: Risk;
  readonly permissions: readonly Permission[];
  /** True when it changes the rendered spec that Helm or GitOps owns. */
  readonly changesSpec: boolean;
  /** Top-level field paths that it writes (`/spec/replicas`, `/spec/template`), for the ownership of fields. */
  readonly fields: readonly string[];
  /** What a person sees: path, before, after. */
  readonly diff: readonly { readonly path: string; readonly before: unknown; readonly after: unknown }[];
  /** SHA-256 over everything above: an approval is bound to it. */
  readonly hash: string;
}

/** A plan before it is sealed with its hash and context. */
export type Draft = Omit<Plan, "hash" | "mode" | "owner">;

export type Planned = { readonly type: "plan"; readonly draft: Draft } | { readonly type: "impossible"; readonly reason: string };

export interface Action {
  readonly id: string;
  readonly title: string;
  readonly risk: Risk;
  /** Every permission that it can ever need, namespace and name empty: the RBAC manifest is made from these. */
  readonly permissions: readonly Permission[];
  /** Binds it to the target as it is now. Nothing is guessed: without history or formula the answer is `impossible`. */
  plan(target: Ref, params: Readonly<Record<string, unknown>>, given: { readonly view: View; readonly now: number }): Planned;
}
