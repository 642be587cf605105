/** A new version that starts, runs and never becomes ready: its dependency check answers 500. The old version was fine. */
import { behaviourOf, isDeployment, isWell, nextTag, somebody, takeApp } from "../scenario/stage.ts";
import type { Fault } from "./fault.ts";

export const badRollout: Fault = {
  id: "bad-rollout",
  title: "Bad rollout",
  truth: ["bad-rollout", "readiness-failing"],
  healedBy: ["roll-back"],
  inject: (stage, random) => {
    const app = takeApp(stage, random, isDeployment);
    if (app === undefined) return undefined;
    const image = nextTag(stage, app.image);
    const unready = [{ when: { type: "always" }, statusCode: random.pick([500, 503]) } as const];
    stage.cluster.world.images.publish(image, { ...behaviourOf(stage, app.image), unready });
    somebody(stage, random).setImage(app.ref, image);
    return { subject: app.ref, targets: [app.ref], isOver: () => isWell(stage, app.ref) };
  },
};
