import { matchesPattern } from "../../model/pattern.ts";
import type { Silence } from "../../model/record.ts";
import type { Ref } from "../../model/ref.ts";
import { block, type Gate, pass } from "../gate.ts";
import type { DecideInput } from "../input.ts";

/** A person has muted the object, its owner or the failure mode. */
export const silence: Gate = {
  id: "silence",
  check: (input) => {
    const muting = input.silences
      .filter((one) => one.from <= input.now && input.now < one.until && covers(one, input))
      .toSorted((a, b) => b.until - a.until)[0];
    if (muting === undefined) return pass("no silence covers it");
    return block(`silence ${muting.id} by ${muting.by} until ${new Date(muting.until).toISOString()}: ${muting.why}`, muting.until);
  },
};

function covers(one: Silence, { mode, incident, plan }: DecideInput): boolean {
  const isNamed = (ref: Ref) => fits(one.namespace, ref.namespace) && fits(one.kind, ref.kind) && fits(one.name, ref.name);
  return fits(one.mode, mode.id) && [incident.subject, plan.owner, plan.target].some(isNamed);
}

function fits(pattern: string | undefined, text: string): boolean {
  return pattern === undefined || matchesPattern(pattern, text);
}
