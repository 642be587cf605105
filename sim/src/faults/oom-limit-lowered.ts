/** Somebody saves memory: the limit is lowered below what the application has always needed. */
import { formatBytes, parseQuantity } from "@kintsugi/core";
import { withContainer } from "../scenario/people.ts";
import { behaviourOf, isDeployment, somebody, takeApp } from "../scenario/stage.ts";
import { appInjection, type Fault } from "./fault.ts";

const MIB = 2 ** 20;

export const oomLimitLowered: Fault = {
  id: "oom-limit-lowered",
  title: "Memory limit lowered too far",
  truth: ["oom-killed", "bad-rollout"],
  healedBy: ["roll-back", "raise-memory-limit"],
  inject: (stage, random) => {
    const app = takeApp(stage, random, isDeployment);
    if (app === undefined) return undefined;
    const need = behaviourOf(stage, app.image).memory.baseBytes;
    const memory = formatBytes(Math.max(12, Math.floor((need * 0.85) / MIB)) * MIB);
    somebody(stage, random).changeTemplate(app.ref, (template) =>
      withContainer(template, (container) => {
        const requests = { ...container.resources?.requests };
        const asked = parseQuantity(requests["memory"]) ?? 0;
        if (asked > (parseQuantity(memory) ?? 0)) requests["memory"] = memory;
        return { ...container, resources: { requests, limits: { ...container.resources?.limits, memory } } };
      }),
    );
    return appInjection(stage, app);
  },
};
