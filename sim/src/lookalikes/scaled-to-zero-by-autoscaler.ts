/** KEDA takes an idle worker to zero: an HPA of its making holds the target, and nobody misses it. */
import { controllerActor } from "../api/actor.ts";
import { ADMIN, deployment } from "../scenario/objects.ts";
import { openNamespace } from "../scenario/stage.ts";
import { behaviour } from "../world/images.ts";
import type { LookAlike } from "./look-alike.ts";

const KEDA = { ...controllerActor("keda-operator"), manager: "keda" };
const MINUTE_MS = 60_000;

export const scaledToZeroByAutoscaler: LookAlike = {
  id: "scaled-to-zero-by-autoscaler",
  title: "Scaled to zero by KEDA",
  resembles: ["scaled-to-zero", "service-without-endpoints"],
  begin: (stage, random) => {
    const { world, timeline } = stage.cluster;
    const namespace = openNamespace(stage, random);
    if (namespace === undefined) return undefined;
    const name = `worker-${random.suffix(4)}`;
    const image = `registry.shop.example/${namespace}/${name}:1.0.0`;
    world.images.publish(image, behaviour());
    world.api.create(ADMIN, deployment({ namespace, name, image, replicas: 1 }));
    world.api.create(KEDA, {
      kind: "HorizontalPodAutoscaler",
      metadata: { name: `keda-hpa-${name}`, namespace, labels: { "app.kubernetes.io/managed-by": "keda-operator", "scaledobject.keda.sh/name": name } },
      spec: { target: { kind: "Deployment", name }, minReplicas: 1, maxReplicas: 5 },
    });
    timeline.after(random.between(3, 8) * MINUTE_MS, () => {
      const found = world.store.get("Deployment", namespace, name);
      if (found !== undefined) world.api.update(KEDA, { ...found, spec: { ...found.spec, replicas: 0 } }, { subresource: "scale" });
    });
    const begun = timeline.now();
    const isWell = () => timeline.now() < begun + 9 * MINUTE_MS || world.store.get("Deployment", namespace, name)?.spec.replicas === 0;
    return { targets: [{ kind: "Deployment", namespace, name }], isWell };
  },
};
