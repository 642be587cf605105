/** A Job that fails however often it is tried, and that nobody says may be run twice. */
import { job } from "../scenario/objects.ts";
import { openNamespace, PIPELINE } from "../scenario/stage.ts";
import { behaviour } from "../world/images.ts";
import type { Fault } from "./fault.ts";

export const failedJob: Fault = {
  id: "failed-job",
  title: "Job failed",
  truth: ["failed-job"],
  healedBy: [],
  inject: (stage, random) => {
    const { world } = stage.cluster;
    const namespace = openNamespace(stage, random);
    if (namespace === undefined) return undefined;
    const name = `${random.pick(["migrate", "import", "backfill"])}-${random.suffix(4)}`;
    const image = `registry.shop.example/${namespace}/${name}:1.0.0`;
    const exit = {
      when: { type: "always" },
      afterMs: random.between(2_000, 20_000),
      code: random.pick([1, 2, 3]),
      log: "ERROR: relation does not exist",
    } as const;
    world.images.publish(image, behaviour({ exits: [exit], ports: [], paths: [] }));
    world.api.create(PIPELINE, job({ namespace, name, image, backoffLimit: random.between(1, 3) }));
    const subject = { kind: "Job", namespace, name } as const;
    return { subject, targets: [subject], isOver: () => world.store.get("Job", namespace, name) === undefined };
  },
};
