/** An application without clients that its people have at zero from the beginning. */
import { ADMIN, deployment } from "../scenario/objects.ts";
import { openNamespace } from "../scenario/stage.ts";
import { behaviour } from "../world/images.ts";
import type { LookAlike } from "./look-alike.ts";

export const retiredApp: LookAlike = {
  id: "retired-app",
  title: "Application kept at zero",
  resembles: ["scaled-to-zero"],
  begin: (stage, random) => {
    const { world } = stage.cluster;
    const namespace = openNamespace(stage, random);
    if (namespace === undefined) return undefined;
    const name = `old-${random.suffix(4)}`;
    const image = `registry.shop.example/${namespace}/${name}:1.0.0`;
    world.images.publish(image, behaviour());
    world.api.create(ADMIN, deployment({ namespace, name, image, replicas: 0 }));
    return { targets: [{ kind: "Deployment", namespace, name }], isWell: () => world.store.get("Deployment", namespace, name)?.spec.replicas === 0 };
  },
};
