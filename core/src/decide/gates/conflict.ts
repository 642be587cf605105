import { refText, sameRef } from "../../model/ref.ts";
import { touchedBy } from "../chain.ts";
import { block, type Gate, pass } from "../gate.ts";

/** One act per target and per owner at a time. */
export const conflict: Gate = {
  id: "conflict",
  check: ({ inFlight, incident, plan }) => {
    const touched = touchedBy(plan);
    const other = inFlight.find(
      (act) => act.incident !== incident.id && (sameRef(act.owner, plan.owner) || touched.some((ref) => sameRef(ref, act.target) || sameRef(ref, act.owner))),
    );
    return other === undefined ? pass("nothing else is being done to it") : block(`${other.incident} is at work on ${refText(other.target)}`);
  },
};
