/** Who stands behind a plan, and whether that is enough for what policy wants. */
import type { Backer } from "../model/actor.ts";
import type { Approval } from "../model/incident.ts";
import type { PolicySpec } from "../model/policy.ts";

/** Why the approval is not enough by itself; undefined when it is. */
export function lackingBehind(approval: Approval, policy: PolicySpec): string | undefined {
  const backers = backersOf(approval).filter(({ how }) => how !== "elicited" || policy.approveByElicitation);
  if (!backers.some(({ how }) => how !== "asked")) return `${approval.by} approved by elicitation, which policy does not allow (approveByElicitation)`;
  if (!policy.fourEyes) return undefined;
  const people = backers.filter(isOneOfTwo);
  const so = people.length === 0 ? "nobody whose identity is proven" : people.map(backerText).join(", ");
  if (new Set(people.map(({ name }) => name)).size < 2) return `policy wants two people behind a plan (fourEyes), and so far it is ${so}`;
  // What a client says that its owner said is believed of one of two, not of both.
  if (people.some(({ type }) => type === "person")) return undefined;
  return `policy wants two people behind a plan (fourEyes), one of them with their own credential, and so far it is ${so}`;
}

/** Whether somebody proven is behind it. That an assistant asked says nothing of its owner: it may have been talked into asking. */
export function isOneOfTwo({ proven, type, how }: Backer): boolean {
  return proven && !(type === "assistant" && how === "asked");
}

export function backersOf({ backers, by, at }: Approval): readonly Backer[] {
  return backers ?? [{ type: "person", name: by, proven: false, how: "approved", at }];
}

/** `ada, who asked for it through an assistant` */
export function backerText({ name, type, how }: Backer): string {
  const did = how === "asked" ? `asked for it${type === "assistant" ? " through an assistant" : ""}` : "approved it";
  return `${name}, who ${did}${how === "elicited" ? " by elicitation" : ""}`;
}
