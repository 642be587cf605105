/** More load, more memory: each run soon needs a little more than the limit allows. */
import { type Container, parseQuantity } from "@kintsugi/core";
import type { Random } from "../random.ts";
import { behaviourOf, isWell, type Stage, takeApp, templateOf } from "../scenario/stage.ts";
import { appInjection, type Fault, type Injection } from "./fault.ts";

export const oomUndersized: Fault = {
  id: "oom-undersized",
  title: "Memory limit too small",
  truth: ["oom-killed"],
  healedBy: ["raise-memory-limit"],
  inject: (stage, random) => needMore(stage, random, 1.04, 1.2),
};

/** From now on an application's runs need so many times their limit, soon after their start. */
export function needMore(stage: Stage, random: Random, least: number, most: number): Injection | undefined {
  const app = takeApp(stage, random, (one) => one.ref.kind === "Deployment");
  const container: Container | undefined = app === undefined ? undefined : templateOf(stage, app).spec.containers[0];
  const limit = parseQuantity(container?.resources?.limits?.["memory"]);
  if (app === undefined || limit === undefined) return undefined;
  const does = behaviourOf(stage, app.image);
  const peakBytes = Math.round(limit * (least + (most - least) * random.next()));
  const memory = { ...does.memory, peakBytes, peakAfterMs: random.between(20_000, 120_000) };
  stage.cluster.world.images.publish(app.image, { ...does, memory });
  stage.cluster.kubelets.reconsiderAll();
  // Between two kills it is well for moments, so the limit has to be enough as well.
  const isEnough = () => (parseQuantity(templateOf(stage, app).spec.containers[0]?.resources?.limits?.["memory"]) ?? Number.POSITIVE_INFINITY) > peakBytes;
  return { ...appInjection(stage, app), isOver: () => isEnough() && isWell(stage, app.ref) };
}
