import { block, type Gate, pass } from "../gate.ts";
import type { DecideInput, InFlight } from "../input.ts";

/**
 * Trouble that is first seen while an act is being verified, and near it, may come of it in a way that is not known: nothing more is done to it
 * until that act has been judged. Near is the same namespace, or a node on either side.
 */
export const aftermath: Gate = {
  id: "aftermath",
  check: (input) => {
    const before = input.inFlight.find((act) => act.incident !== input.incident.id && isAfter(input, act) && isNear(input, act));
    return before === undefined ? pass("it is not of the time after an act that is being verified") : block(`it began after ${before.incident} acted nearby`);
  },
};

function isAfter({ incident }: DecideInput, { actedAt }: InFlight): boolean {
  return actedAt !== undefined && Math.max(incident.openedAt, incident.since) > actedAt;
}

function isNear({ incident }: DecideInput, { target }: InFlight): boolean {
  const [here, there] = [incident.subject.namespace, target.namespace];
  return here === there || here === "" || there === "";
}
