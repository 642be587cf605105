import { refText } from "../../model/ref.ts";
import { fieldOwner } from "../field-owners.ts";
import { block, type Gate, notApplicable, pass, unknown } from "../gate.ts";

/** A field that an autoscaler, a rollout controller or a node remediator keeps is theirs: they would write it again. */
export const fieldOwnership: Gate = {
  id: "field-ownership",
  check: ({ plan, view }) => {
    const patches = plan.steps.flatMap((step) => (step.verb === "patch" ? [step] : []));
    if (patches.length === 0) return notApplicable("no field is written");
    for (const { target, patch } of patches) {
      const paths = patch.filter((op) => op.op !== "test").map((op) => op.path);
      const scales = paths.includes("/spec/replicas");
      if (scales && view.health("HorizontalPodAutoscaler") !== "live") return unknown(`whether an autoscaler scales ${refText(target)} is not known`);
      const object = view.find(target);
      if (object === undefined) return unknown(`${refText(target)} is not seen`);
      const owner = fieldOwner(object, paths, view);
      if (owner !== undefined) return block(`${owner.field} of ${refText(target)} belongs to ${owner.name} (${owner.how})`);
    }
    return pass("nobody else keeps the fields that it writes");
  },
};
