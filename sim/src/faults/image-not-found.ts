/** A rollout to a tag that nobody has pushed. */
import { isDeployment, nextTag, somebody, takeApp } from "../scenario/stage.ts";
import { appInjection, type Fault } from "./fault.ts";

export const imageNotFound: Fault = {
  id: "image-not-found",
  title: "Image not found",
  truth: ["image-not-found"],
  healedBy: ["roll-back"],
  inject: (stage, random) => {
    const app = takeApp(stage, random, isDeployment);
    if (app === undefined) return undefined;
    somebody(stage, random).setImage(app.ref, nextTag(stage, app.image));
    return appInjection(stage, app);
  },
};
