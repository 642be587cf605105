/** A Service without a selector: its endpoints are somebody else's business. */
import { ADMIN, service } from "../scenario/objects.ts";
import { openNamespace } from "../scenario/stage.ts";
import type { LookAlike } from "./look-alike.ts";

export const selectorlessService: LookAlike = {
  id: "selectorless-service",
  title: "Service without a selector",
  resembles: ["service-without-endpoints"],
  begin: (stage, random) => {
    const namespace = openNamespace(stage, random);
    if (namespace === undefined) return undefined;
    const name = `legacy-${random.suffix(4)}`;
    stage.cluster.world.api.create(ADMIN, service(namespace, name, { selector: {} }));
    const { store } = stage.cluster.world;
    return {
      targets: [{ kind: "Service", namespace, name }],
      isWell: () => Object.keys(store.get("Service", namespace, name)?.spec.selector ?? { gone: "" }).length === 0,
    };
  },
};
