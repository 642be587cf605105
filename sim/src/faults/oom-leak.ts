/** The present version begins to leak: each run reaches the limit after a quarter of an hour or more. A higher limit only makes it later. */
import { parseQuantity } from "@kintsugi/core";
import { behaviourOf, takeApp, templateOf } from "../scenario/stage.ts";
import { appInjection, type Fault } from "./fault.ts";

export const oomLeak: Fault = {
  id: "oom-leak",
  title: "Memory leak",
  truth: ["oom-killed"],
  healedBy: [],
  inject: (stage, random) => {
    const app = takeApp(stage, random, (one) => one.ref.kind === "Deployment");
    const limit = app === undefined ? undefined : parseQuantity(templateOf(stage, app).spec.containers[0]?.resources?.limits?.["memory"]);
    if (app === undefined || limit === undefined) return undefined;
    const does = behaviourOf(stage, app.image);
    const hours = random.between(13, 25) / 60;
    const memory = { ...does.memory, leakBytesPerHour: Math.round((limit - does.memory.baseBytes) / hours) };
    stage.cluster.world.images.publish(app.image, { ...does, memory });
    // The leak has begun in the processes that run: they have been leaking since their start and are at their limit now.
    stage.cluster.kubelets.reconsiderAll();
    return { ...appInjection(stage, app), isOver: () => false };
  },
};
