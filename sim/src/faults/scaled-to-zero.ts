/** Somebody scales an application with clients to zero. */
import { isDeployment, isWell, objectOf, somebody, takeApp } from "../scenario/stage.ts";
import { appTargets, type Fault } from "./fault.ts";

export const scaledToZero: Fault = {
  id: "scaled-to-zero",
  title: "Scaled to zero by a person",
  truth: ["scaled-to-zero"],
  healedBy: ["scale-to-previous"],
  inject: (stage, random) => {
    const app = takeApp(stage, random, (one) => isDeployment(one) && one.hasService);
    if (app === undefined) return undefined;
    somebody(stage, random).scale(app.ref, 0);
    const isOver = () => {
      const found = objectOf(stage, app);
      return found?.kind === "Deployment" && found.spec.replicas >= app.replicas && isWell(stage, app.ref);
    };
    return { subject: app.ref, targets: appTargets(app), isOver };
  },
};
