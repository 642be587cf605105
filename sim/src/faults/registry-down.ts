/** The registry that the images come from is away for a while, and people go on releasing good versions. It ends when the registry is back. */
import { silenceOf } from "../kubelet/pull.ts";
import type { Random } from "../random.ts";
import { type App, behaviourOf, isDeployment, isWell, nextTag, type Stage, somebody, takeApp } from "../scenario/stage.ts";
import { registryCause } from "../scenario/victims.ts";
import { registryOf } from "../world/images.ts";
import { appTargets, type Fault, MINUTE_MS } from "./fault.ts";

export const registryDown: Fault = {
  id: "registry-down",
  title: "Registry down",
  // Nothing is wrong with any image: to go back everywhere would be the wrong answer.
  truth: [],
  healedBy: [],
  inject: (stage, random) => {
    const apps = Array.from({ length: random.between(1, 3) }, () => takeApp(stage, random, isDeployment)).filter((app) => app !== undefined);
    const first = apps[0];
    if (first === undefined) return undefined;
    const { world, timeline } = stage.cluster;
    const host = registryOf(first.image);
    world.facts.set(silenceOf(host), timeline.now());
    release(stage, random, first);
    for (const app of apps.slice(1)) timeline.after(random.between(1, 180) * 1000, () => release(stage, random, app));
    const endsAt = timeline.now() + random.between(12, 35) * MINUTE_MS;
    timeline.at(endsAt, () => world.facts.clear(silenceOf(host)));
    const isOver = () => timeline.now() >= endsAt && apps.every((app) => isWell(stage, app.ref));
    return { subject: first.ref, targets: apps.flatMap(appTargets), causes: [registryCause(host)], endsAt, isOver };
  },
};

function release(stage: Stage, random: Random, app: App): void {
  const image = nextTag(stage, app.image);
  stage.cluster.world.images.publish(image, behaviourOf(stage, app.image));
  somebody(stage, random).setImage(app.ref, image);
}
