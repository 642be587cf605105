/** An HPA raises and lowers the number of replicas with the load. */
import { controllerActor } from "../api/actor.ts";
import { ADMIN } from "../scenario/objects.ts";
import { isDeployment, objectOf, takeApp } from "../scenario/stage.ts";
import { isoTime } from "../world/time.ts";
import type { LookAlike } from "./look-alike.ts";

const AUTOSCALER = controllerActor("horizontal-pod-autoscaler");
const MINUTE_MS = 60_000;

export const scalingByAutoscaler: LookAlike = {
  id: "scaling-by-autoscaler",
  title: "Scaling by an HPA",
  resembles: ["scaled-to-zero", "unschedulable", "bad-rollout"],
  begin: (stage, random) => {
    const app = takeApp(stage, random, (one) => isDeployment(one) && one.replicas >= 2);
    if (app === undefined) return undefined;
    const { world, timeline } = stage.cluster;
    const { namespace, name } = app.ref;
    const time = isoTime(timeline.now());
    const able = (type: string, reason: string, status = "True") => ({ type, status, reason, message: "", lastTransitionTime: time });
    const limits = { minReplicas: app.replicas, maxReplicas: app.replicas + 3 };
    const conditions = [
      able("AbleToScale", "ReadyForNewScale"),
      able("ScalingActive", "ValidMetricFound"),
      able("ScalingLimited", "DesiredWithinRange", "False"),
    ];
    world.api.create(ADMIN, {
      kind: "HorizontalPodAutoscaler",
      metadata: { name, namespace },
      spec: { target: { kind: "Deployment", name }, ...limits },
      status: { currentReplicas: app.replicas, desiredReplicas: app.replicas, conditions },
    });
    const sizes = [app.replicas + 1, app.replicas + random.between(2, 3), app.replicas + 1, app.replicas];
    const gapMs = random.between(3, 7) * MINUTE_MS;
    for (const [i, replicas] of sizes.entries()) timeline.after((i + 1) * gapMs, () => resize(replicas));
    const resize = (replicas: number): void => {
      const found = objectOf(stage, app);
      const scaler = world.store.get("HorizontalPodAutoscaler", namespace, name);
      if (found?.kind !== "Deployment" || scaler === undefined) return;
      world.api.update(AUTOSCALER, { ...found, spec: { ...found.spec, replicas } }, { subresource: "scale" });
      world.api.update(AUTOSCALER, { ...scaler, status: { ...scaler.status, desiredReplicas: replicas } }, { subresource: "status" });
      world.events.emit("horizontal-pod-autoscaler", scaler, {
        type: "Normal",
        reason: "SuccessfulRescale",
        message: `New size: ${replicas}; reason: cpu resource utilization`,
      });
    };
    const isWell = () => {
      const found = objectOf(stage, app);
      return found?.kind === "Deployment" && found.spec.replicas >= limits.minReplicas && found.spec.replicas <= limits.maxReplicas;
    };
    return { targets: [app.ref], endsAt: timeline.now() + 5 * gapMs, isWell };
  },
};
