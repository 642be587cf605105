/** A container ends again and again, seen in back-off as well as between two back-offs. */
import { podDetector, SERVING } from "../pod-detector.ts";
import { crashing } from "../pod-symptoms.ts";

export const containerCrashingDetector = podDetector("container-crashing", SERVING, crashing);
