import { block, type Gate, pass, unknown } from "../gate.ts";

/** A person has stopped all new acts, here or with the ConfigMap `kintsugi-pause`. */
export const pause: Gate = {
  id: "pause",
  check: ({ paused }) => {
    if (paused.api) return block("paused; resume with: kintsugi resume --why TEXT");
    if (paused.configMap === "paused") return block("paused by the ConfigMap kintsugi-pause; resume by deleting it");
    if (paused.configMap === "unknown") return unknown("whether the ConfigMap kintsugi-pause exists is not known");
    return pass("not paused");
  },
};
