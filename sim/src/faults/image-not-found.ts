/** A rollout to a tag that nobody has pushed. */
import { isDeployment, isWell, nextTag, somebody, takeApp } from "../scenario/stage.ts";
import type { Fault } from "./fault.ts";

export const imageNotFound: Fault = {
  id: "image-not-found",
  title: "Image not found",
  truth: ["image-not-found"],
  healedBy: ["roll-back"],
  inject: (stage, random) => {
    const app = takeApp(stage, random, isDeployment);
    if (app === undefined) return undefined;
    const wrong = nextTag(stage, app.image);
    somebody(stage, random).setImage(app.ref, wrong);
    return { subject: app.ref, targets: [app.ref], isOver: () => isWell(stage, app.ref) };
  },
};
