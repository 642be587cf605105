/** A good new version whose image is large: pods sit in ContainerCreating for minutes. */
import { behaviourOf, isDeployment, isWell, nextTag, somebody, takeApp } from "../scenario/stage.ts";
import type { LookAlike } from "./look-alike.ts";

export const slowImagePull: LookAlike = {
  id: "slow-image-pull",
  title: "Slow image pull",
  resembles: ["image-not-found", "bad-rollout"],
  begin: (stage, random) => {
    const app = takeApp(stage, random, isDeployment);
    if (app === undefined) return undefined;
    const { world, timeline } = stage.cluster;
    const image = nextTag(stage, app.image);
    const pullMs = random.between(90, 200) * 1000;
    world.images.publish(image, { ...behaviourOf(stage, app.image), pullMs, sizeBytes: 3 * 2 ** 30 });
    somebody(stage, random).setImage(app.ref, image);
    const endsAt = timeline.now() + (app.replicas + 2) * (pullMs * 1.2 + 30_000);
    return { targets: [app.ref], endsAt, isWell: () => timeline.now() < endsAt || isWell(stage, app.ref) };
  },
};
