import type { Draft, Plan } from "../model/action.ts";
import { canonicalJson } from "../model/canonical-json.ts";
import type { Ref } from "../model/ref.ts";
import { sha256Hex } from "../model/sha256.ts";

/**
 * Binds a draft to the failure mode and root owner that it is for. The hash covers all that will be done, so an approval means exactly this
 * plan. The summary is left out: it tells what was seen ("3 of its pods are ready"), which may change while the plan stays the same.
 */
export function seal(draft: Draft, context: { readonly mode: string; readonly owner: Ref }): Plan {
  const plan = { ...draft, mode: context.mode, owner: context.owner };
  return { ...plan, hash: hashOf(plan) };
}

function hashOf(plan: Omit<Plan, "hash">): string {
  const { summary: _, ...done } = plan;
  return sha256Hex(canonicalJson(done));
}
