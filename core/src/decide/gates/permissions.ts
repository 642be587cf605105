import { permissionText } from "../../model/step.ts";
import { block, type Gate, pass, unknown } from "../gate.ts";

/** The API server was asked, as the identity that would act, for every permission that the plan and its inverse need. */
export const permissions: Gate = {
  id: "permissions",
  check: ({ preflight, plan }) => {
    if (preflight === undefined || preflight.planHash !== plan.hash) return unknown("the API server has not been asked about this plan");
    const answers = new Map(preflight.permissions.map(({ text, answer }) => [text, answer]));
    const needed = [...new Set(plan.permissions.map(permissionText))];
    const denied = needed.filter((text) => answers.get(text) === "denied");
    if (denied.length > 0) return block(`not permitted: ${denied.join(", ")}`);
    const open = needed.filter((text) => answers.get(text) !== "allowed");
    return open.length > 0 ? unknown(`no answer from the API server: ${open.join(", ")}`) : pass(`permitted: ${needed.join(", ")}`);
  },
};
