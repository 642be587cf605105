/** A container is killed for memory again and again, be it seconds or hours apart. */
import { podDetector, SERVING } from "../pod-detector.ts";
import { oomKilled } from "../pod-symptoms.ts";

export const oomKilledDetector = podDetector("oom-killed", SERVING, oomKilled);
