/** A person scales an application up for a while, and down again. */
import { isDeployment, objectOf, somebody, takeApp } from "../scenario/stage.ts";
import type { LookAlike } from "./look-alike.ts";

const MINUTE_MS = 60_000;

export const scalingByPerson: LookAlike = {
  id: "scaling-by-person",
  title: "Scaling up and down by a person",
  resembles: ["scaled-to-zero", "unschedulable", "bad-rollout"],
  begin: (stage, random) => {
    const app = takeApp(stage, random, (one) => isDeployment(one) && one.replicas >= 2);
    if (app === undefined) return undefined;
    const { timeline } = stage.cluster;
    const who = somebody(stage, random);
    const wanted = app.replicas + random.between(1, 2);
    who.scale(app.ref, wanted);
    const endsAt = timeline.now() + random.between(8, 20) * MINUTE_MS;
    timeline.at(endsAt, () => who.scale(app.ref, app.replicas));
    const isWell = () => {
      const found = objectOf(stage, app);
      return found?.kind === "Deployment" && found.spec.replicas === (timeline.now() < endsAt ? wanted : app.replicas);
    };
    return { targets: [app.ref], endsAt, isWell };
  },
};
