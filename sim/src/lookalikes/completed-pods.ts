/** A batch of pods that ended well and stay as Succeeded. */
import { job } from "../scenario/objects.ts";
import { openNamespace, PIPELINE } from "../scenario/stage.ts";
import { task } from "../world/images.ts";
import type { LookAlike } from "./look-alike.ts";

export const completedPods: LookAlike = {
  id: "completed-pods",
  title: "Completed pods",
  resembles: ["evicted-leftovers", "failed-job", "readiness-failing"],
  begin: (stage, random) => {
    const { world, timeline } = stage.cluster;
    const namespace = openNamespace(stage, random);
    if (namespace === undefined) return undefined;
    const name = `export-${random.suffix(4)}`;
    const image = `registry.shop.example/${namespace}/${name}:1.0.0`;
    const completions = random.between(3, 6);
    world.images.publish(image, task(10_000));
    world.api.create(PIPELINE, job({ namespace, name, image, completions, parallelism: 3 }));
    const begun = timeline.now();
    const isWell = () => timeline.now() < begun + 120_000 || world.store.get("Job", namespace, name)?.status.succeeded === completions;
    return { targets: [{ kind: "Job", namespace, name }], isWell };
  },
};
