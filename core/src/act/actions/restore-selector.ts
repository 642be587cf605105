/** Gives a Service back the last selector with which it was seen healthy, if that selects pods today. */
import type { Action } from "../../model/action.ts";
import { sameCanonical } from "../../model/canonical-json.ts";
import { counted } from "../../model/counted.ts";
import { isActive } from "../../model/pod-state.ts";
import { refText } from "../../model/ref.ts";
import { impossible, planPatch } from "../field-patch.ts";
import { anyOf } from "../permissions.ts";

const SELECTOR = "/spec/selector";

export const restoreSelector: Action = {
  id: "restore-selector",
  title: "Restore a Service's selector",
  risk: "medium",
  permissions: [anyOf("Service", "get"), anyOf("Service", "patch")],
  plan(target, _params, { view }) {
    const service = view.find(target);
    if (service?.kind !== "Service") return impossible(`${refText(target)} is gone or is no Service`);
    const { selector } = service.spec;
    if (Object.keys(selector).length === 0) return impossible(`${refText(target)} has no selector: its endpoints are kept by somebody else`);
    const { uid: _, ...name } = target;
    const known = view.knownGood(name).filter((good) => good.spec.selector !== undefined && !sameCanonical(good.spec.selector, selector));
    if (known.length === 0) return impossible(`no other selector of ${refText(target)} was ever seen healthy`);
    const selected = (labels: Readonly<Record<string, string>>) => view.podsSelected(target.namespace, labels).filter(isActive).length;
    const good = known.find((one) => selected(one.spec.selector ?? {}) > 0);
    if (good?.spec.selector === undefined) return impossible(`no selector with which ${refText(target)} was seen healthy selects a pod today`);
    return planPatch(restoreSelector, service, {
      summary: `Restore the selector of ${refText(target)}: ${text(good.spec.selector)} selects ${counted(selected(good.spec.selector), "pod", "pods")}, ${text(selector)} selects ${selected(selector)}`,
      // Whole: a Service's selector is one value to the API (mapType atomic).
      difference: { changes: [{ path: SELECTOR, before: selector, after: good.spec.selector }], guards: [] },
      changesSpec: true,
      fields: [SELECTOR],
    });
  },
};

function text(selector: Readonly<Record<string, string>>): string {
  return Object.entries(selector)
    .map(([key, value]) => `${key}=${value}`)
    .sort()
    .join(",");
}
