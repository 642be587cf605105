/** A rollout to an image whose registry does not exist: its host is written wrong. */
import { isDeployment, nextTag, somebody, takeApp } from "../scenario/stage.ts";
import { registryOf } from "../world/images.ts";
import { appInjection, type Fault } from "./fault.ts";

export const imageFromUnknownRegistry: Fault = {
  id: "image-from-unknown-registry",
  title: "Image from a registry that does not exist",
  truth: ["image-not-found"],
  healedBy: ["roll-back"],
  inject: (stage, random) => {
    const app = takeApp(stage, random, isDeployment);
    if (app === undefined) return undefined;
    const host = random.pick(["registry.shop.exmaple", "regsitry.shop.example", "images.shop.internal"]);
    somebody(stage, random).setImage(app.ref, nextTag(stage, app.image).replace(registryOf(app.image), host));
    return appInjection(stage, app);
  },
};
