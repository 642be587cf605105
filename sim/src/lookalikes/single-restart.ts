/** One container ends once and runs on after its restart. */
import { refOf } from "@kintsugi/core";
import { isReady } from "../controllers/pods.ts";
import { isWell, podsOf, takeApp } from "../scenario/stage.ts";
import type { LookAlike } from "./look-alike.ts";

export const singleRestart: LookAlike = {
  id: "single-restart",
  title: "Single restart",
  resembles: ["crash-loop", "oom-killed"],
  begin: (stage, random) => {
    const app = takeApp(stage, random, (one) => one.ref.kind === "Deployment");
    const pod = app === undefined ? undefined : podsOf(stage, app.ref).find(isReady);
    if (app === undefined || pod === undefined) return undefined;
    const { kubelets, timeline } = stage.cluster;
    kubelets.crash(refOf(pod), app.ref.name, random.pick([1, 139, 255]), "signal: segmentation fault");
    const endsAt = timeline.now() + 120_000;
    return { targets: [app.ref], endsAt, isWell: () => timeline.now() < endsAt || isWell(stage, app.ref) };
  },
};
