import { type Kind, OPTIONAL_KINDS } from "../../model/ref.ts";
import { answerable, namespacesOf, touchedBy } from "../chain.ts";
import { type Gate, pass, unknown } from "../gate.ts";
import type { DecideInput } from "../input.ts";

/** Every kind that the plan, its owners and the failure mode rest on is listed and watched. */
export const viewFresh: Gate = {
  id: "view-fresh",
  check: (input) => {
    const needed = neededKinds(input);
    const doubtful = needed
      .map((kind) => ({ kind, health: input.view.health(kind) }))
      .filter(({ kind, health }) => health !== "live" && !(health === "not-served" && OPTIONAL_KINDS.includes(kind)));
    if (doubtful.length === 0) return pass(`live: ${needed.join(", ")}`);
    return unknown(`not to be trusted now: ${doubtful.map(({ kind, health }) => `${kind} (${health})`).join(", ")}`);
  },
};

function neededKinds(input: DecideInput): readonly Kind[] {
  const { plan, mode } = input;
  const kinds = new Set<Kind>([...mode.kinds, plan.owner.kind, ...touchedBy(plan).map((ref) => ref.kind), ...answerable(input).map((object) => object.kind)]);
  if (namespacesOf(plan).length > 0) kinds.add("Namespace");
  if (plan.fields.includes("/spec/replicas")) kinds.add("HorizontalPodAutoscaler");
  return [...kinds].sort();
}
