/** An edit of a Service's selector: it finds no pod any more. */

import { isDeployment, somebody, takeApp } from "../scenario/stage.ts";
import { sameJson } from "../world/same.ts";
import { appTargets, type Fault } from "./fault.ts";

export const selectorMismatch: Fault = {
  id: "selector-mismatch",
  title: "Service selects nothing",
  truth: ["service-without-endpoints"],
  healedBy: ["restore-selector"],
  inject: (stage, random) => {
    const app = takeApp(stage, random, (one) => isDeployment(one) && one.hasService);
    if (app === undefined) return undefined;
    const { store } = stage.cluster.world;
    const subject = { kind: "Service", namespace: app.ref.namespace, name: app.ref.name } as const;
    const service = store.get("Service", subject.namespace, subject.name);
    if (service === undefined) return undefined;
    const before = service.spec.selector;
    const selector = random.pick([{ app: `${app.ref.name}-v2` }, { ...before, tier: "backend" }, { ...before, version: "stable" }]);
    somebody(stage, random).edit({ ...service, spec: { ...service.spec, selector } });
    const isOver = () => sameJson(store.get("Service", subject.namespace, subject.name)?.spec.selector, before);
    return { subject, targets: appTargets(app), isOver };
  },
};
