/** A container or volume needs a ConfigMap, Secret or key that is not there. Applied in the wrong order it heals itself, so a start gets its window. */
import { OWNERS, podDetector } from "../pod-detector.ts";
import { containerConfig } from "../pod-symptoms.ts";

export const containerConfigDetector = podDetector("container-config", OWNERS, containerConfig);
