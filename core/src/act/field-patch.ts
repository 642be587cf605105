/** Plans that patch fields of one object, with the patch that puts the fields back. */
import type { Action, Draft, Inverse, Planned } from "../model/action.ts";
import type { ClusterObject } from "../model/kube.ts";
import { refOf } from "../model/kube.ts";
import type { PatchOp, Step } from "../model/step.ts";
import { type Difference, inverted, patchOf } from "./json-diff.ts";
import { permissionsOf } from "./permissions.ts";

export interface PatchPlan extends Pick<Draft, "summary" | "changesSpec" | "fields"> {
  readonly difference: Difference;
  /** Steps after the patch. */
  readonly after?: readonly Step[];
  /** Where the previous fields are not what undoes it. */
  readonly inverse?: Inverse;
}

/**
 * The patch of an object as it is now: same incarnation, same generation, and every changed field still as it was read. Its inverse tests that
 * every field still has the value that we gave it, so that a person's later change makes it refuse; the generation may have moved on.
 */
export function planPatch(action: Pick<Action, "id" | "risk">, object: ClusterObject, plan: PatchPlan): Planned {
  const { difference, after = [], inverse = { type: "exact", steps: [restore(object, difference)] }, ...rest } = plan;
  const steps: readonly Step[] = [{ verb: "patch", target: refOf(object), patch: [...sameObject(object), ...patchOf(difference)] }, ...after];
  const draft: Draft = {
    action: action.id,
    target: refOf(object),
    ...rest,
    steps,
    inverse,
    risk: action.risk,
    permissions: permissionsOf([...steps, ...(inverse.type === "none" ? [] : inverse.steps)]),
    diff: difference.changes,
  };
  return { type: "plan", draft };
}

export function sameUid(object: ClusterObject): PatchOp {
  return { op: "test", path: "/metadata/uid", value: object.metadata.uid };
}

function restore(object: ClusterObject, difference: Difference): Step {
  return { verb: "patch", target: refOf(object), patch: [sameUid(object), ...patchOf(inverted(difference))] };
}

function sameObject(object: ClusterObject): readonly PatchOp[] {
  const { generation } = object.metadata;
  // Nodes, Services and a few others carry no generation.
  return generation === undefined ? [sameUid(object)] : [sameUid(object), { op: "test", path: "/metadata/generation", value: generation }];
}

export function impossible(reason: string): Planned {
  return { type: "impossible", reason };
}
