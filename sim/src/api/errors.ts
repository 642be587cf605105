/** The API server's refusals, worded as it words them. */
import { type Failure, PortError, RESOURCES, type Ref } from "@kintsugi/core";

function qualified(ref: Ref): string {
  const { group, plural } = RESOURCES[ref.kind];
  return group === "" ? plural : `${plural}.${group}`;
}

export function gone(ref: Ref): PortError {
  return new PortError({ kind: "gone", message: `${qualified(ref)} "${ref.name}" not found` });
}

export function alreadyExists(ref: Ref): PortError {
  return new PortError({ kind: "conflict", message: `${qualified(ref)} "${ref.name}" already exists` });
}

export function changed(ref: Ref): PortError {
  const why = "the object has been modified; please apply your changes to the latest version and try again";
  return new PortError({ kind: "conflict", message: `Operation cannot be fulfilled on ${qualified(ref)} "${ref.name}": ${why}` });
}

/** uid precondition of a delete: another incarnation carries the name. */
export function otherUid(ref: Ref, wanted: string, found: string): PortError {
  const why = `Precondition failed: UID in precondition: ${wanted}, UID in object meta: ${found}`;
  return new PortError({ kind: "gone", message: `Operation cannot be fulfilled on ${qualified(ref)} "${ref.name}": ${why}` });
}

export function testFailed(path: string): PortError {
  return new PortError({ kind: "conflict", message: `testing value ${path} failed: test failed` });
}

export function invalid(ref: Ref, why: string): PortError {
  return new PortError({ kind: "invalid", message: `${ref.kind} "${ref.name}" is invalid: ${why}` });
}

export function forbidden(ref: Ref, why: string): PortError {
  return new PortError({ kind: "denied", message: `${qualified(ref)} "${ref.name}" is forbidden: ${why}` });
}

export function disruptionBudget(name: string, needed: number, healthy: number): PortError {
  const why = `The disruption budget ${name} needs ${needed} healthy pods and has ${healthy} currently`;
  return new PortError({ kind: "throttled", message: `Cannot evict pod as it would violate the pod's disruption budget. ${why}` });
}

export function failureOf(error: unknown): Failure {
  if (error instanceof PortError) return error.failure;
  throw error;
}
