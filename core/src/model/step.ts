/** A Step is one API mutation as data. Whoever applies it adds nothing and decides nothing. */
import type { Ref } from "./ref.ts";

/** One JSON Patch operation (RFC 6902). `test` operations carry the preconditions. */
export type PatchOp =
  | { readonly op: "test" | "add" | "replace"; readonly path: string; readonly value: unknown }
  | { readonly op: "remove"; readonly path: string };

/** A Ref that means exactly one incarnation. */
export type Target = Ref & { readonly uid: string };

/** Stands in an inverse for the uid of the object that the plan's own `create` step will have made; filled in from its outcome. */
export const CREATED_UID = "$created";

export type Step =
  /** JSON Patch whose `test` operations hold uid and the previous value of every changed field. */
  | { readonly verb: "patch"; readonly target: Target; readonly patch: readonly PatchOp[] }
  /** Eviction API: honours disruption budgets. */
  | { readonly verb: "evict"; readonly target: Target }
  | { readonly verb: "delete"; readonly target: Target }
  /** Creates the object; `manifest` is complete, `ref` names it, the name is fixed so that a second create is a conflict. */
  | { readonly verb: "create"; readonly ref: Ref; readonly manifest: Readonly<Record<string, unknown>> };

export function stepRef(step: Step): Ref {
  return step.verb === "create" ? step.ref : step.target;
}

/** What the API server is asked before a plan is proposed, in RBAC's words. */
export interface Permission {
  readonly group: string;
  readonly resource: string;
  readonly subresource: string;
  readonly verb: "get" | "list" | "watch" | "create" | "patch" | "delete";
  readonly namespace: string;
  /** Empty for any name. */
  readonly name: string;
}

export function permissionText(p: Permission): string {
  const resource = p.subresource === "" ? p.resource : `${p.resource}/${p.subresource}`;
  const group = p.group === "" ? "" : `.${p.group}`;
  return `${p.verb} ${resource}${group}${p.namespace === "" ? "" : ` in ${p.namespace}`}`;
}

/** The one failure type of every adapter; retryability belongs to the failure. */
export type FailureKind =
  /** Could not be reached, or 401; nothing was sent or it was certainly not carried out. */
  | "unavailable"
  /** 429: rate limit, or a disruption budget that says not now. */
  | "throttled"
  /** 409, or a failed `test` operation: the object is not as it was read. */
  | "conflict"
  /** 404, or another uid under the same name. */
  | "gone"
  /** 403. */
  | "denied"
  /** 400, 422: the API server will never accept it. */
  | "invalid"
  /** Sent, no answer: it may have landed. */
  | "uncertain";

export interface Failure {
  readonly kind: FailureKind;
  /** Redacted, at most 500 characters. */
  readonly message: string;
  /** Throttled only: how long the server asked to wait. */
  readonly retryAfterMs?: number;
}

/** Thrown by adapters, caught where the driver asks them. */
export class PortError extends Error {
  readonly failure: Failure;
  constructor(failure: Failure) {
    super(`${failure.kind}: ${failure.message}`);
    this.name = "PortError";
    this.failure = failure;
  }
}

/** Adapters throw PortError; anything else is a fault of the program, and whether it was sent is not known. */
export function failureOf(error: unknown): Failure {
  return error instanceof PortError ? error.failure : { kind: "uncertain", message: String(error).slice(0, 500) };
}
