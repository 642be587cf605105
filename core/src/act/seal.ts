import type { Draft, Plan } from "../model/action.ts";
import { canonicalJson } from "../model/canonical-json.ts";
import type { Ref } from "../model/ref.ts";
import { sha256Hex } from "../model/sha256.ts";

/** Binds a draft to the failure mode and root owner that it is for; the hash covers all of it, so an approval means exactly this plan. */
export function seal(draft: Draft, context: { readonly mode: string; readonly owner: Ref }): Plan {
  const plan = { ...draft, mode: context.mode, owner: context.owner };
  return { ...plan, hash: sha256Hex(canonicalJson(plan)) };
}

/** Whether a plan still is what its hash says; a plan read back from a ledger is checked before it is carried out. */
export function isSealed(plan: Plan): boolean {
  const { hash, ...rest } = plan;
  return sha256Hex(canonicalJson(rest)) === hash;
}
