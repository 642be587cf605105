/** A Job whose first tries fail and whose last one ends well: Complete, with failures. */
import { jobEnd } from "../controllers/job.ts";
import { job } from "../scenario/objects.ts";
import { openNamespace, PIPELINE } from "../scenario/stage.ts";
import { task } from "../world/images.ts";
import type { LookAlike } from "./look-alike.ts";

const MINUTE_MS = 60_000;

export const jobCompletesAfterFailures: LookAlike = {
  id: "job-completes-after-failures",
  title: "Job that completes after failures",
  resembles: ["failed-job", "crash-loop"],
  begin: (stage, random) => {
    const { world, timeline } = stage.cluster;
    const namespace = openNamespace(stage, random);
    if (namespace === undefined) return undefined;
    const name = `load-${random.suffix(4)}`;
    const image = `registry.shop.example/${namespace}/${name}:1.0.0`;
    const exit = { when: { type: "first-runs", count: random.between(1, 3) }, afterMs: 4_000, code: 1, log: "deadlock detected" } as const;
    world.images.publish(image, task(15_000, { exits: [exit] }));
    world.api.create(PIPELINE, job({ namespace, name, image, backoffLimit: 6 }));
    const endsAt = timeline.now() + 5 * MINUTE_MS;
    const isWell = () => timeline.now() < endsAt || jobEnd(world.store.get("Job", namespace, name) ?? NONE) === "Complete";
    return { targets: [{ kind: "Job", namespace, name }], endsAt, isWell };
  },
};

const NONE = { status: { conditions: [] } } as unknown as Parameters<typeof jobEnd>[0];
