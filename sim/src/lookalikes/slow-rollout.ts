/** A good new version that takes minutes to start, one replica after the other. */
import { behaviourOf, hasLiveness, isDeployment, isWell, nextTag, somebody, takeApp } from "../scenario/stage.ts";
import type { LookAlike } from "./look-alike.ts";

export const slowRollout: LookAlike = {
  id: "slow-rollout",
  title: "Slow good rollout",
  resembles: ["bad-rollout", "readiness-failing", "image-not-found"],
  begin: (stage, random) => {
    // A liveness probe would end a start that takes minutes.
    const app = takeApp(stage, random, (one) => isDeployment(one) && !hasLiveness(stage, one));
    if (app === undefined) return undefined;
    const { world, timeline } = stage.cluster;
    const image = nextTag(stage, app.image);
    const startMs = random.between(60, 150) * 1000;
    world.images.publish(image, { ...behaviourOf(stage, app.image), startMs });
    somebody(stage, random).setImage(app.ref, image);
    const endsAt = timeline.now() + (app.replicas + 2) * (startMs + 30_000);
    return { targets: [app.ref], endsAt, isWell: () => timeline.now() < endsAt || isWell(stage, app.ref) };
  },
};
