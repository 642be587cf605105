/** A CronJob whose run fails once and whose next run ends well. */

import { openNamespace } from "../scenario/stage.ts";
import { addCron } from "../shop.ts";
import { task } from "../world/images.ts";
import type { LookAlike } from "./look-alike.ts";

const MINUTE_MS = 60_000;

export const cronFailsThenSucceeds: LookAlike = {
  id: "cron-fails-then-succeeds",
  title: "CronJob that fails once and then succeeds",
  resembles: ["failed-job", "crash-loop"],
  begin: (stage, random) => {
    const { world, timeline } = stage.cluster;
    const namespace = openNamespace(stage, random);
    if (namespace === undefined) return undefined;
    const name = `sync-${random.suffix(4)}`;
    const fact = `cron/${namespace}/${name}`;
    const exit = { when: { type: "fact", name: fact }, afterMs: 3_000, code: 1, log: "upstream answered 502" } as const;
    world.facts.set(fact, timeline.now());
    addCron(stage.cluster, namespace, name, "*/2 * * * *", task(random.between(5, 25) * 1000, { exits: [exit] }), { backoffLimit: 0 });
    const endsAt = timeline.now() + 3 * MINUTE_MS;
    timeline.at(endsAt, () => world.facts.clear(fact));
    const isWell = () => timeline.now() < endsAt + 3 * MINUTE_MS || (world.store.get("CronJob", namespace, name)?.status.lastSuccessfulTime ?? "") !== "";
    return { targets: [{ kind: "CronJob", namespace, name }], endsAt: endsAt + 3 * MINUTE_MS, isWell };
  },
};
