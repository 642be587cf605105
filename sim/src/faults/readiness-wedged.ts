/** One replica of several is stuck: it runs and answers 503 for ever. Another in its place is fine. */
import { isReady } from "../controllers/pods.ts";
import { type App, behaviourOf, isDeployment, podsOf, type Stage, takeApp, templateOf } from "../scenario/stage.ts";
import { appInjection, type Fault } from "./fault.ts";

/** With a liveness probe the kubelet restarts what is stuck, over and over: that is a crash loop. */
function isRestarted(stage: Stage, app: App): boolean {
  return templateOf(stage, app).spec.containers.some((container) => container.livenessProbe !== undefined);
}

export const readinessWedged: Fault = {
  id: "readiness-wedged",
  title: "One replica is stuck",
  truth: ["readiness-failing"],
  healedBy: ["evict-pod"],
  inject: (stage, random) => {
    const app = takeApp(stage, random, (one) => isDeployment(one) && one.replicas >= 3 && !isRestarted(stage, one));
    const pod = app === undefined ? undefined : podsOf(stage, app.ref).find(isReady);
    if (app === undefined || pod === undefined) return undefined;
    const { world, timeline } = stage.cluster;
    const does = behaviourOf(stage, app.image);
    world.images.publish(app.image, { ...does, unready: [...does.unready, { when: { type: "pod-fact", name: "wedged" }, statusCode: 503 }] });
    world.facts.set(`wedged@${pod.metadata.namespace}/${pod.metadata.name}`, timeline.now());
    return appInjection(stage, app);
  },
};
