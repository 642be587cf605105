/** The ConfigMap of an application is deleted by mistake; pods that run go on, new ones cannot start. Its owner brings it back later. */

import { configMap } from "../scenario/objects.ts";
import { isDeployment, somebody, takeApp } from "../scenario/stage.ts";
import { appInjection, type Fault, MINUTE_MS } from "./fault.ts";

export const missingConfigMap: Fault = {
  id: "missing-configmap",
  title: "ConfigMap deleted",
  truth: ["missing-config"],
  healedBy: [],
  inject: (stage, random) => {
    const app = takeApp(stage, random, (one) => isDeployment(one) && one.configMap !== undefined);
    if (app?.configMap === undefined) return undefined;
    const { world, timeline } = stage.cluster;
    const { namespace } = app.ref;
    const { configMap: name } = app;
    const keys = world.store.get("ConfigMap", namespace, name)?.keys;
    if (keys === undefined) return undefined;
    const who = somebody(stage, random);
    who.remove({ kind: "ConfigMap", namespace, name });
    timeline.after(random.between(20, 90) * 1000, () => who.restart(app.ref));
    const endsAt = timeline.now() + random.between(15, 50) * MINUTE_MS;
    timeline.at(endsAt, () => {
      if (world.store.get("ConfigMap", namespace, name) === undefined) world.api.create(who.actor, configMap(namespace, name, keys));
    });
    return appInjection(stage, app, endsAt);
  },
};
