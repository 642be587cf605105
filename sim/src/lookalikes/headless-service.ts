/** A headless Service that finds its peers by DNS, made before any of them exists. */
import { ADMIN, service } from "../scenario/objects.ts";
import { openNamespace } from "../scenario/stage.ts";
import type { LookAlike } from "./look-alike.ts";

export const headlessService: LookAlike = {
  id: "headless-service",
  title: "Headless Service",
  resembles: ["service-without-endpoints"],
  begin: (stage, random) => {
    const namespace = openNamespace(stage, random);
    if (namespace === undefined) return undefined;
    const name = `peers-${random.suffix(4)}`;
    const over = { clusterIP: "None", selector: { "cluster.example/member": name }, publishNotReadyAddresses: true };
    stage.cluster.world.api.create(ADMIN, service(namespace, name, over));
    const { store } = stage.cluster.world;
    return { targets: [{ kind: "Service", namespace, name }], isWell: () => store.get("Service", namespace, name) !== undefined };
  },
};
