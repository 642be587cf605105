/** A Job that may be run twice fails while its database is away; run again later it would end well. */
import { jobEnd } from "../controllers/job.ts";
import { job } from "../scenario/objects.ts";
import { openNamespace, PIPELINE } from "../scenario/stage.ts";
import { task } from "../world/images.ts";
import { type Fault, MINUTE_MS } from "./fault.ts";

export const failedJobIdempotent: Fault = {
  id: "failed-job-idempotent",
  title: "Job failed that may be run again",
  truth: ["failed-job"],
  healedBy: ["recreate-job"],
  inject: (stage, random) => {
    const { world, timeline } = stage.cluster;
    const namespace = openNamespace(stage, random);
    if (namespace === undefined) return undefined;
    const name = `${random.pick(["reindex", "refresh", "report"])}-${random.suffix(4)}`;
    const image = `registry.shop.example/${namespace}/${name}:1.0.0`;
    const fact = `failed-job-idempotent/${namespace}/${name}`;
    const exit = { when: { type: "fact", name: fact }, afterMs: random.between(2_000, 9_000), code: 1, log: "connection refused" } as const;
    world.images.publish(image, task(random.between(10, 60) * 1000, { exits: [exit] }));
    world.facts.set(fact, timeline.now());
    world.api.create(PIPELINE, job({ namespace, name, image, backoffLimit: 1, labels: { "kintsugi.dev/idempotent": "true" } }));
    timeline.after(2 * MINUTE_MS, () => world.facts.clear(fact));
    const subject = { kind: "Job", namespace, name } as const;
    const isOver = () => {
      const ours = world.store.inNamespace("Job", namespace).filter((one) => one.spec.template.spec.containers[0]?.image === image);
      return ours.some((one) => jobEnd(one) === "Complete");
    };
    return { subject, targets: [subject], isOver };
  },
};
