/** Somebody scales an application in a namespace whose quota has no room for it. Later the quota is raised. */
import { isTerminal } from "../controllers/pods.ts";
import { quota } from "../scenario/objects.ts";
import { isDeployment, somebody, takeAppAlone } from "../scenario/stage.ts";
import { quotaCause } from "../scenario/victims.ts";
import { appInjection, type Fault, MINUTE_MS } from "./fault.ts";

export const quotaExceeded: Fault = {
  id: "quota-exceeded",
  title: "Quota exceeded",
  truth: ["quota-exceeded"],
  healedBy: [],
  inject: (stage, random) => {
    const app = takeAppAlone(stage, random, isDeployment);
    if (app === undefined) return undefined;
    const { world, timeline } = stage.cluster;
    const { namespace } = app.ref;
    const name = `pods-${random.suffix(4)}`;
    // What has ended takes no room in it.
    const present = world.store.inNamespace("Pod", namespace).filter((pod) => !isTerminal(pod)).length;
    const who = somebody(stage, random);
    world.api.create(who.actor, quota(namespace, name, { pods: String(present + 1) }));
    timeline.after(5_000, () => who.scale(app.ref, app.replicas + 3));
    const endsAt = timeline.now() + random.between(20, 50) * MINUTE_MS;
    timeline.at(endsAt, () => who.remove({ kind: "ResourceQuota", namespace, name }));
    return { ...appInjection(stage, app, endsAt), causes: [quotaCause(namespace, name)] };
  },
};
