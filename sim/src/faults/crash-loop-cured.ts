/** A ConfigMap gets a wrong value, the application crashes; later its owner puts a right one in its place while pods wait out their back-off. */
import { type ClusterObject, refOf } from "@kintsugi/core";
import { ADMIN } from "../scenario/objects.ts";
import { behaviourOf, isWell, somebody, takeApp } from "../scenario/stage.ts";
import { appInjection, type Fault, MINUTE_MS } from "./fault.ts";

export const crashLoopCured: Fault = {
  id: "crash-loop-cured",
  title: "Crash loop by a ConfigMap that is put right",
  truth: ["crash-loop"],
  healedBy: ["rollout-restart"],
  inject: (stage, random) => {
    const app = takeApp(stage, random, (one) => one.configMap !== undefined && one.ref.kind === "Deployment");
    if (app?.configMap === undefined) return undefined;
    const { world, timeline, kubelets } = stage.cluster;
    const owner = somebody(stage, random);
    const { namespace } = app.ref;
    const map = world.store.get("ConfigMap", namespace, app.configMap);
    if (map === undefined) return undefined;
    const fact = `crash-loop-cured/${namespace}/${app.ref.name}`;
    const exit = { when: { type: "fact", name: fact }, afterMs: random.between(1_000, 8_000), code: 78, log: "config: UPSTREAM_URL: missing scheme" } as const;
    const does = behaviourOf(stage, app.image);
    world.images.publish(app.image, { ...does, exits: [...does.exits, exit] });
    owner.edit<ClusterObject>(map);
    world.facts.set(fact, timeline.now());
    kubelets.reconsiderAll();
    const endsAt = timeline.now() + random.between(6, 12) * MINUTE_MS;
    timeline.at(endsAt, () => {
      owner.remove(refOf(map));
      world.api.create(ADMIN, { kind: "ConfigMap", metadata: { name: map.metadata.name, namespace }, keys: map.keys });
      world.facts.clear(fact);
    });
    return { ...appInjection(stage, app, endsAt), isOver: () => world.facts.since(fact) === undefined && isWell(stage, app.ref) };
  },
};
