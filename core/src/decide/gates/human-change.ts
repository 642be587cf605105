import { refText } from "../../model/ref.ts";
import { latestHumanWrite } from "../field-owners.ts";
import { block, type Gate, notApplicable, pass, unknown } from "../gate.ts";

/**
 * Somebody is at work on the same fields: since the incident opened, or since our last act on the target if that was shortly before (within
 * `windows.reopen`, so that it may have been answered by the change), someone other than a controller wrote them. Any other change that began the
 * incident came before it was opened, and is evidence instead.
 */
export const humanChange: Gate = {
  id: "human-change",
  check: ({ plan, view, incident, history, policy, now }) => {
    const patches = plan.steps.flatMap((step) => (step.verb === "patch" ? [step] : []));
    if (patches.length === 0) return notApplicable("no field is written");
    const { lastActAt } = history;
    const isAnswer = lastActAt !== undefined && incident.openedAt - lastActAt <= policy.spec.windows.reopen;
    const since = isAnswer ? Math.min(incident.openedAt, lastActAt) : incident.openedAt;
    for (const { target, patch } of patches) {
      const object = view.find(target);
      if (object === undefined) return unknown(`${refText(target)} is not seen`);
      const paths = [...plan.fields, ...patch.filter((op) => op.op !== "test").map((op) => op.path)];
      const write = latestHumanWrite(object, paths, since);
      const until = write === undefined ? 0 : write.at + policy.spec.windows.veto;
      if (write !== undefined && now < until) {
        const by = write.by.manager === "" ? "someone" : write.by.manager;
        return block(
          `${by} changed ${refText(target)} at ${write.by.time}, after the incident opened; hands off until ${new Date(until).toISOString()}`,
          until,
        );
      }
    }
    return pass("nobody else changed these fields since the incident opened");
  },
};
