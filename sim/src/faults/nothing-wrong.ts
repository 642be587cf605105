/** The control: nothing is broken. Whatever is reported is a false alarm. */
import { takeApp } from "../scenario/stage.ts";
import type { Fault } from "./fault.ts";

export const nothingWrong: Fault = {
  id: "nothing-wrong",
  title: "Nothing wrong",
  truth: ["nothing-wrong"],
  healedBy: [],
  inject: (stage, random) => {
    const app = takeApp(stage, random);
    return app === undefined ? undefined : { subject: app.ref, targets: [], isOver: () => true };
  },
};
